"""Concurrent changes of a few affiliate sales by sixteen threads: totals, commissions, payment, buyers, and
cancellations of every other sale.

Each accepted change is in the history once, the last one is the state, and the amounts owed follow from it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from random import Random
from typing import Any, NamedTuple

from tests.stack.dialects.growi import change, creation
from tests.stack.dialects.spoken import Item, Order, Origin, cents, earned
from tests.stack.journey import at_once
from tests.storm.players.affiliate import collaborator_and_program
from tests.storm.players.threaded_stack import THREADS, Functions, ask, functions
from tests.storm.verdict import Verdict

_SHOP = "shop"
_CANCEL = {"status": "cancelled"}
_SETTLED = ("paid", "paid_externally")


class Answered(NamedTuple):
    """A change and its answer."""

    order: Order
    changes: Item
    status: int
    text: str


def storm(seed: int, sales: int, changes: int) -> Verdict:
    """Make so many changes of each sale, each with a different due date, so that every one changes something."""
    verdict, chance = Verdict("changes of affiliate sales", seed), Random(seed)
    with functions() as called:
        asked = partial(ask, called, called.new_key(_SHOP))
        origin = Origin(_SHOP, 1, *collaborator_and_program(asked))
        orders = [Order("growi", "growi", number, cents(chance), origin) for number in range(sales)]
        for order in orders:
            assert asked(creation(order)).status == 201

        def patch(errand: tuple[Order, Item]) -> Answered:
            answer = asked(change(*errand))
            return Answered(*errand, answer.status, answer.text)

        errands = [(order, it) for order in orders for it in _changes(chance, order, changes)]
        verdict.thrown[f"change of an affiliate sale, by {THREADS} threads"] = len(errands)
        answers = at_once(THREADS, patch, errands)
        verdict.thrown["change that was refused"] = sum(it.status == 422 for it in answers)
        wrong = Counter(it.text for it in answers if it.status not in (200, 422))
        verdict.claim("answers that are neither 200 nor 422", dict(wrong), {})
        _judge(verdict, called, orders, answers)
    return verdict


def _changes(chance: Random, order: Order, number: int) -> list[Item]:
    """The changes in random order; cancellations come near the end."""
    made = []
    for place in range(number):
        kinds: list[Item] = [
            {"total": cents(chance)},
            {"commission": cents(chance)},
            {"status": chance.choice([*_SETTLED, "unpaid", "unpaid"])},
            {"customer_email": f"{order.name}-{place % 3}@example.com"},
        ]
        made.append(chance.choice(kinds) | {"due_at": f"2099-{place // 24 + 1:02}-01T{place % 24:02}:00:00.000Z"})
    if order.number % 2:
        made[-number // 4 : -number // 4] = [_CANCEL] * 2
    return made


@dataclass(frozen=True)
class _Sale:
    """A sale's stored state: `history` lists its changes in order, `taken` those answered with 200."""

    order: Order
    kept: Mapping[str, Sequence[Item]]
    taken: Sequence[Item]

    @property
    def history(self) -> list[Item]:
        return [it["changes"] for it in self.kept["amendment"]]

    @property
    def state(self) -> Item:
        """The expected state after all changes."""
        state: Item = {"total": self.order.cents, "commission": None, "settlement": None, "status": "complete"}
        for changes in self.history:
            state |= changes
        return state

    def has_each_change_once(self) -> bool:
        """True if each accepted change is in the history as requested; a cancellation ends it."""
        asked = {it["due_at"]: it for it in self.taken if it != _CANCEL}
        kept = {it["due_at"]: it for it in self.history if it != _CANCEL}
        ends = [_CANCEL] if _CANCEL in self.taken else []
        amounts = all(_amounts(asked[mark]) == _amounts(it) for mark, it in kept.items() if mark in asked)
        return amounts and kept.keys() == asked.keys() and self.history[len(kept) :] == ends

    def is_versioned(self) -> bool:
        versions = [int(it["sk"].rpartition("#")[2]) for it in self.kept["amendment"]]
        return versions == list(range(2, len(versions) + 2))

    def is_as_changed(self) -> bool:
        (transaction,), state = self.kept["transaction"], self.state
        amended = {name: state[name] for it in self.history for name in it if name not in ("settlement", "status")}
        shown = (transaction["listed"]["status"], transaction["listed"]["totalValue"])
        held = (*shown, transaction.get("settlement"), transaction.get("amended"))
        return held == (state["status"], state["total"], state["settlement"], amended)

    def is_owed_as_changed(self) -> bool:
        (conversion,), (obligation,), state = self.kept["conversion"], self.kept["obligation"], self.state
        value = earned(state["total"]) if state["commission"] is None else state["commission"]
        paid = "complete" if state["settlement"] in _SETTLED else "pending"
        due = ("rejected", 0) if state["status"] == "cancelled" else (paid, value)
        owed = obligation["listed"]
        return (owed["status"], owed["value"]) == due and conversion["listed"]["value"] == due[1]


def _judge(verdict: Verdict, called: Functions, orders: Sequence[Order], answers: Sequence[Answered]) -> None:
    held = {kind: called.records(_SHOP, kind) for kind in _KINDS}
    sales = [_sale(order, held, answers) for order in orders]
    for what, holds in _CLAIMS.items():
        verdict.claim(what, sum(map(holds, sales)), len(sales))
    counted, bought = _counted(called.records(_SHOP, "customer")), _bought(held["transaction"])
    verdict.claim("buyers whose totals are of what is theirs", counted == bought and len(counted), len(bought))


_KINDS = ("transaction", "amendment", "conversion", "obligation")
_CLAIMS = {
    "sales whose history has each change that was taken once": _Sale.has_each_change_once,
    "sales whose changes have each a version": _Sale.is_versioned,
    "sales that are as the last changes say": _Sale.is_as_changed,
    "sales of which is owed what the last changes say": _Sale.is_owed_as_changed,
}


def _sale(order: Order, held: Mapping[str, Sequence[Item]], answers: Sequence[Answered]) -> _Sale:
    partition = f"{_SHOP}#transaction#{order.transaction_id}"
    kept = {kind: [it for it in items if it["pk"] == partition] for kind, items in held.items()}
    kept["amendment"].sort(key=itemgetter("sk"))
    return _Sale(order, kept, [it.changes for it in answers if it.order == order and it.status == 200])


def _amounts(changes: Item) -> tuple[Any, Any]:
    """The amounts after a change; a total removes the commission."""
    return changes.get("total"), changes.get("commission")


def _bought(transactions: Sequence[Item]) -> dict[int, tuple[int, int]]:
    """Number and total of each customer's current orders."""
    bought: dict[int, tuple[int, int]] = {}
    for shown in (it["listed"] for it in transactions):
        number, spent = bought.get(shown["customerId"], (0, 0))
        bought[shown["customerId"]] = number + 1, spent + shown["totalValue"]
    return bought


def _counted(customers: Sequence[Item]) -> dict[int, tuple[int, int]]:
    rows = [(it["listed"]["id"], row) for it in customers for row in it["listed"]["totals"]]
    return {number: (row["ordersCount"], row["totalSpent"]) for number, row in rows if row["ordersCount"]}
