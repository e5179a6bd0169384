"""Edits, refunds and their withdrawals of some sales on the bus, before their sales and after them, with repeats.

Each order of the same reports leaves the same ledger, also while calls of AWS fail, and each sale has the money that
the rules say.
"""

import itertools
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from random import Random
from typing import Any
from unittest import mock

from tests.stack.exchange import ACCOUNT, Item
from tests.stack.house import House, in_process
from tests.stack.ledger_comparison import OF_WRITES, without_circumstances
from tests.storm.players.aws_faults import Conflicts, Faults
from tests.storm.players.delivery import Delivery
from tests.storm.players.editing_shop import Sold, reports
from tests.storm.players.expected_money import money
from tests.storm.verdict import Verdict

_PERCENT, _POOLED = 10, 7
_BEN = [{"type": "tracking", "code": "BEN"}]
_PROBABILITY, _REPEATED, _STEPS = 0.1, 0.3, 4
#: Records of reports that waited, and of the changes that led here.
_OF_THE_ORDER = {"parked", "parked-edit", "withdrawal", *OF_WRITES}
_MONEY = {"conversion", "obligation"}

Ledger = dict[str, Any]


def orders(seed: int, sales: int, most: int) -> Verdict:
    """Compare so many random orders of all reports of so many sales."""
    verdict, chance = Verdict("order, edits and withdrawals", seed), Random(seed)
    sold = [reports(chance, number) for number in range(sales)]
    verdict.thrown[f"order of {sum(len(it.reports) for it in sold)} reports, with repeats"] += most
    _compare(verdict, [_ledger(verdict, sold, Random(chance.random())) for _ in range(most)])
    return verdict


def faults(seed: int, sales: int) -> Verdict:
    """Compare a calm order with one during faults, and one during conflicts."""
    verdict, chance = Verdict("faults, edits and withdrawals", seed), Random(seed)
    sold = [reports(chance, number) for number in range(sales)]
    kinds = (None, Faults, Conflicts)
    _compare(verdict, [_ledger(verdict, sold, Random(chance.random()), kind) for kind in kinds])
    return verdict


def _compare(verdict: Verdict, ledgers: Sequence[Ledger]) -> None:
    keys = {key for ledger in ledgers for key in ledger}
    differing = sorted(key for key in keys if any(it.get(key) != ledgers[0].get(key) for it in ledgers))
    verdict.claim("records that depend on the order", differing, [])
    verdict.claim("records in each ledger", {len(it) for it in ledgers}, {len(ledgers[0])})


def _ledger(verdict: Verdict, sold: Sequence[Sold], chance: Random, kind: Any = None) -> Ledger:
    """The ledger after all reports in a random order, some of them twice, and everything delivered again."""
    with in_process() as house, mock.patch("secrets.randbelow", side_effect=itertools.count(1_000_000)):
        visits = _open(house, len(sold))
        delivery = Delivery(house, chance, verdict.thrown)
        with ExitStack() as trouble:
            if kind is Faults:
                trouble.enter_context(Faults(house, chance, verdict.thrown, _PROBABILITY).thrown())
            elif kind is Conflicts:
                trouble.enter_context(Conflicts(house, chance, verdict.thrown).thrown())
            _report(house, delivery, chance, [it.events(visit) for it, visit in zip(sold, visits, strict=True)])
            delivery.until_rest()
        delivery.redrive()
        delivery.until_rest()
        verdict.claim("dead letters after one redrive", delivery.redrive(), 0)
        verdict.claim("changes by what was delivered again", house.changes_of_repeats(), 0)
        _judge(verdict, house, sold)
        return _records(house)


def _open(house: House, sales: int) -> list[int]:
    """Two collaborators, of whom one has a percentage and both share a pool; return a visit for each sale."""
    assert house.post("/event-sources", {"source": "shop", "account": ACCOUNT}).status == 201
    pool = {"transactionPercent": _POOLED}
    shared = house.new_program(incentiveResolverType="sharedPool", poolRemainder="largest", calculation=pool)
    assert house.put(f"/collaborators/{house.collaborator_id}", {"programs": [house.program_id, shared]}).status == 200
    other, visits = house.new_collaborator(shared, aliases=_BEN), [house.new_visit() for _ in range(sales)]
    for visit in visits:
        assert house.visit(other, headers={"X-Siren-OID": str(visit)}).status == 200
    house.deliver()
    return visits


def _report(house: House, delivery: Delivery, chance: Random, events: Sequence[Sequence[tuple[str, Any]]]) -> None:
    every = [event for of_sale in events for event in of_sale]
    every += [event for event in every if chance.random() < _REPEATED]
    for detail_type, detail in chance.sample(every, len(every)):
        house.event(detail_type, detail, "shop")
        for message in house.arrived():
            delivery.put(message)
        for _ in range(chance.randint(0, _STEPS)):
            delivery.step()


def _judge(verdict: Verdict, house: House, sold: Sequence[Sold]) -> None:
    """Compare each sale, and the cents owed for it in each program, with the rules."""
    held = {it["reported"]["externalId"]: it for it in house.ledger("transaction")}
    owed: Counter[int] = Counter()
    for item in (it["listed"] for it in house.ledger("obligation")):
        owed[item["transactionId"]] += item["value"] if item["status"] == "pending" else 0
    wanted = {it.name: money(it.reports) for it in sold}
    shown = {name: _shown(it, owed) for name, it in held.items()}
    right = {name: (it.status, it.back, it.owed(_PERCENT) + it.owed(_POOLED)) for name, it in wanted.items()}
    verdict.claim("sales with other money than the rules say", sorted(shown.items() ^ right.items()), [])


def _shown(sale: Item, owed: Counter[int]) -> tuple[str, int, int]:
    return sale["listed"]["status"], sale.get("refunded", 0), owed[sale["listed"]["id"]]


def _records(house: House) -> Ledger:
    """The records of the ledger. A conversion of nothing may be absent, and so may a refund of the whole sale."""
    kept = [it for it in house.ledger() if it["entity"] not in _OF_THE_ORDER]
    kept = [it for it in kept if it["entity"] not in _MONEY or it["listed"]["value"]]
    shown = [_refund(it) if it["entity"] == "refund" else it for it in kept]
    return {f"{it['pk']} {it['sk']}": without_circumstances(it) for it in shown if it}


def _refund(item: Item) -> Item:
    """A refund without the amount that it took of what other refunds left; nothing for one of the whole sale."""
    listed = item["listed"]
    if not listed.get("refundId") or "asked" not in item:
        return {}
    return {name: item[name] for name in ("pk", "sk", "asked")} | {"status": listed["status"]}
