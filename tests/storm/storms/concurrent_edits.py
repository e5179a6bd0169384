"""Edits, refunds and withdrawals of a few sales by sixteen threads, each repeated.

Each is recorded once, and each sale has the money that the reports taken leave it.
"""

from collections import Counter
from collections.abc import Sequence
from functools import partial
from random import Random
from typing import NamedTuple

from tests.stack.exchange import Item
from tests.stack.journey import at_once
from tests.storm.players.editing_shop import Sold, reports
from tests.storm.players.expected_money import Report, money
from tests.storm.players.threaded_stack import THREADS, Functions, functions
from tests.storm.verdict import Verdict

_SHOP, _REPEATS = "shop", 3
_PATHS = {"SaleTriggered": "sale", "SaleChanged": "sale-changed"}
_PATHS |= {"RefundTriggered": "refund", "RefundWithdrawn": "refund-withdrawn"}
#: A report that does not fit the sale as it is then: an item of another version, or more than is left.
_REFUSED = (400, 409, 422)


class Answered(NamedTuple):
    """A report of a sale, the status of its answer, and true if it was new."""

    sale: str
    report: Report
    status: int
    created: bool


def storm(seed: int, sales: int) -> Verdict:
    """Report so many sales, then everything about them."""
    verdict, chance = Verdict("edits and withdrawals by threads", seed), Random(seed)
    sold = [reports(chance, number) for number in range(sales)]
    with functions() as called:
        key = called.new_key(_SHOP)
        posts = [partial(_post, called, key, it, place) for it in sold for place in range(1, len(it.reports))]
        first = [_post(called, key, it, 0) for it in sold]
        verdict.thrown[f"report, by {THREADS} threads"] = len(posts) * _REPEATS
        repeated = posts * _REPEATS
        chance.shuffle(repeated)
        answers = [*first, *at_once(THREADS, lambda post: post(), repeated)]
        held = {it["reported"]["externalId"]: it for it in called.records(_SHOP, "transaction")}
        _judge(verdict, sold, answers, held)
    return verdict


def _post(called: Functions, key: str, sold: Sold, place: int) -> Answered:
    event, detail = sold.events(visit=1)[place]
    answer = called.call(key, "POST", f"/event/{_PATHS[event]}", detail)
    created = answer.status == 200 and "Idempotency-Hit" not in answer.headers
    return Answered(sold.name, sold.reports[place], answer.status, created)


def _judge(verdict: Verdict, sold: Sequence[Sold], answers: Sequence[Answered], held: dict[str, Item]) -> None:
    wrong = Counter(it.status for it in answers if it.status not in (200, *_REFUSED))
    verdict.claim("answers that are neither taken nor refused", dict(wrong), {})
    verdict.thrown["report that was refused"] = sum(it.status in _REFUSED for it in answers)
    first = Counter((it.sale, repr(it.report)) for it in answers if it.created)
    verdict.claim("reports that were taken as new twice", sum(number > 1 for number in first.values()), 0)
    taken = {it.name: [they.report for they in answers if (they.sale, they.status) == (it.name, 200)] for it in sold}
    wanted = {name: money(these) for name, these in taken.items()}
    shown = {(name, it["listed"]["status"], it.get("refunded", 0)) for name, it in held.items()}
    right = {(name, it.status, it.back) for name, it in wanted.items()}
    verdict.claim("sales with other money than the rules say", sorted(shown ^ right), [])
