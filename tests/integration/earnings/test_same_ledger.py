"""One ledger, record by record, for any order and repetition of events with a given order of attribution and refund."""

import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from local.seed import COLLABORATOR_ID, ORGANIZATION
from tests.stack.exchange import Message
from tests.stack.house import House, in_process
from tests.stack.ledger_comparison import without_circumstances
from tributary.domain import times
from tributary.ledger.opportunities.visits import Visit
from tributary.ledger.opportunities.visits import record as record_visit

VISITOR = 777


class History:
    """One visitor and one sale that is reviewed and perhaps refunded; `chance` decides everything else."""

    def __init__(self, house: House, chance: random.Random) -> None:
        self.house, self.chance = house, chance
        self.waiting: list[Message] = []
        self.seen: list[Message] = []
        house.put(f"/programs/{house.program_id}", {"incentiveCalculation": {"autoApprove": False}})
        self.visit()

    def visit(self) -> None:
        with self.house._environment("report_visit"):
            record_visit(ORGANIZATION, Visit(COLLABORATOR_ID, opportunity_id=VISITOR), times.now(), VISITOR)

    def sale(self) -> None:
        self.house.sale(tracking_id=VISITOR)

    def refund(self) -> None:
        self.house.refund()

    def approve(self) -> None:
        ids = [it["listed"]["id"] for it in self.house.ledger("conversion") if it["listed"]["status"] == "pending"]
        if ids:
            self.house.post("/conversions/bulk", {"action": "approve", "ids": ids})

    def some_arrive(self) -> None:
        self._collect()
        self._consume(self.chance.sample(self.waiting, self.chance.randint(0, len(self.waiting))))

    def some_arrive_again(self) -> None:
        self._consume(self.chance.sample(self.seen, min(3, len(self.seen))))

    def all_arrive(self) -> None:
        self._collect()
        while self.waiting:
            self._consume(self.chance.sample(self.waiting, len(self.waiting)))
            self._collect()

    def ledger(self) -> list[Any]:
        return without_circumstances(self.house.ledger())

    def _collect(self) -> None:
        self.house.publish()
        self.waiting += self.house.arrived()

    def _consume(self, messages: list[Message]) -> None:
        for message in messages:
            assert self.house.consume(message)
        self.waiting = [message for message in self.waiting if message not in messages]
        self.seen += messages


def ending_of(steps: list[str], refunded: bool, chance: random.Random) -> tuple[str, list[Any]]:
    """The decision's reason, and the ledger after these steps and all their consequences."""
    with in_process() as house:
        history = History(house, chance)
        wanted = [*steps, "sale", *(["refund"] if refunded else []), "all_arrive", "approve", "all_arrive"]
        for step in wanted:
            getattr(history, step)()
        return house.decision()["reason"], history.ledger()


STEPS = st.lists(
    st.sampled_from(["sale", "approve", "some_arrive", "some_arrive", "some_arrive_again", "all_arrive"]), max_size=9
)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(
    visits=st.integers(0, 2),
    steps=STEPS,
    refunds=st.lists(st.integers(0, 5), max_size=2),
    chance=st.randoms(use_true_random=False),
)
def test_any_order_and_repetition_yields_the_same_ledger(
    visits: int, steps: list[str], refunds: list[int], chance: random.Random
):
    history = list(steps)
    for place in refunds:
        history.insert(max(0, len(history) - place), "refund")

    reason, ledger = ending_of(["visit"] * visits + ["sale"] * (visits > 0) + history, bool(refunds), chance)

    assert reason == ("awarded" if not refunds else reason)
    assert ledger == _expected(reason, bool(refunds))


def _expected(reason: str, refunded: bool) -> list[Any]:
    """The ledger of the simplest history with this decision."""
    if (reason, refunded) not in _plain:
        steps = ["sale", "all_arrive"] if reason == "awarded" else ["sale", "refund", "all_arrive"]
        shown, _plain[reason, refunded] = ending_of(steps, refunded, random.Random(0))
        assert shown == reason
    return _plain[reason, refunded]


_plain: dict[tuple[str, bool], list[Any]] = {}
