"""Partial refunds of a few sales by 32 threads, each repeated and together more than the sale.

No refund counts twice and no sale is refunded above its value.
"""

from collections import Counter
from functools import partial
from random import Random

from tests.stack.journey import at_once
from tests.storm.players.threaded_stack import Functions, functions
from tests.storm.verdict import Verdict

THREADS = 32
_TOTAL = 10_000
_REPEATS = 2


def storm(seed: int, sales: int, refunds: int) -> Verdict:
    """Make so many refunds of each sale, with amounts that exceed it in sum."""
    verdict, chance = Verdict("refunds of parts", seed), Random(seed)
    with functions() as called:
        key = called.new_key("shop")
        for number in range(sales):
            body = {"source": "shopify", "externalId": f"ORD-{number}", "trackingId": 1, "total": 100}
            assert called.call(key, "POST", "/event/sale", body).status == 200
        asked = [
            (f"ORD-{sale}", f"R-{part}", chance.randrange(300, 1500))
            for sale in range(sales)
            for part in range(refunds)
        ]
        errands = [partial(_refund, called, key, *one) for one in asked for _ in range(_REPEATS)]
        chance.shuffle(errands)
        verdict.thrown["refund of a part, by 32 threads"] += len(errands)
        answers = at_once(THREADS, lambda errand: errand(), errands)
        _judge(verdict, called, answers, sales)
    return verdict


Answered = tuple[str, str, int, int, bool]


def _refund(called: Functions, key: str, order: str, refund_id: str, amount: int) -> Answered:
    """Order, refund, amount, the answer's status, and true if the refund was new."""
    body = {"source": "shopify", "externalId": order, "refundId": refund_id, "amount": f"{amount / 100:.2f}"}
    answer = called.call(key, "POST", "/event/refund", body)
    return order, refund_id, amount, answer.status, answer.status == 200 and "Idempotency-Hit" not in answer.headers


def _judge(verdict: Verdict, called: Functions, answers: list[Answered], sales: int) -> None:
    taken: Counter[str] = Counter()
    first: Counter[tuple[str, str]] = Counter()
    for order, refund_id, amount, _, was_first in answers:
        taken[order] += amount * was_first
        first[order, refund_id] += was_first
    held = {it["reported"]["externalId"]: it for it in called.records("shop", "transaction")}
    refunded = {name: it.get("refunded", 0) for name, it in held.items()}
    records = Counter[str]()
    for record in called.records("shop", "refund"):
        records[record["listed"]["sourceId"]] += record["listed"]["amount"]
    refused = [amount for order, _, amount, status, _ in answers if status == 409]
    ended = {name for name, it in held.items() if it["listed"]["status"] == "refunded"}
    verdict.claim("answers", {status for *_, status, _ in answers} | {200, 409}, {200, 409})
    verdict.claim("refunds that were taken twice", sum(times > 1 for times in first.values()), 0)
    verdict.claim("sales whose sum is that of the answers", sum(refunded[it] == taken[it] for it in held), sales)
    verdict.claim("sales whose sum is that of their refunds", sum(refunded[it] == records[it] for it in held), sales)
    verdict.claim("sales of which more was given back than they cost", sum(it > _TOTAL for it in refunded.values()), 0)
    verdict.claim("sales that ended with something left", sum(refunded[it] < _TOTAL for it in ended), 0)
    verdict.claim("refunds that were refused, and some were", bool(refused), True)
