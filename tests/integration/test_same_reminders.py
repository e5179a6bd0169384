"""Notices of several orders of one product, in any order and repetition and however their events are heard, end in the
same reminder, schedule and announcement."""

import random
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.integration.harness import in_process
from tests.integration.reminded import bought, days_ago, due, reminders, stock
from tests.integration.shop import push

NOTICES: dict[str, dict[str, Any]] = {
    "placed": {"status": "placed"},
    "part": {"status": "refunded", "refundId": "r-1", "refundAmountCents": 2999},
    "rest": {"status": "refunded", "refundId": "r-2", "refundAmountCents": 2000},
    "cancelled": {"status": "cancelled"},
}
#: Days since each order; the first is too old to be reminded of.
AGES = {"o-1": 40, "o-2": 3, "o-3": 2}
TOLD = st.tuples(st.sampled_from(sorted(AGES)), st.sampled_from(sorted(NOTICES)))


@settings(max_examples=12, deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate))
@given(told=st.lists(TOLD, min_size=1, max_size=9), chance=st.randoms(use_true_random=False))
def test_any_order_and_repetition_ends_in_the_same_reminder(told: list[tuple[str, str]], chance: random.Random) -> None:
    once = sorted(set(told))
    assert _ending(told, chance) == _ending(chance.sample(once, len(once)), chance) == _meant(once)


def _ending(told: list[tuple[str, str]], chance: random.Random) -> Any:
    with in_process() as house:
        stock(house)
        moments = {order: days_ago(age) for order, age in AGES.items()}
        for order, name in told:
            push(house, order, items=bought(), **NOTICES[name], orderedAt=moments[order])
            if chance.random() < 0.5:
                house.deliver(lambda messages: chance.sample(messages * 2, len(messages) * 2))
        house.deliver(lambda messages: chance.sample(messages * 2, len(messages) * 2))
        assert all(house.consume(message) for message in list(house.handled))
        house.deliver()
        assert not house.dead_letters("schedule_reminders")
        standing, scheduled = reminders(house), len(house.scheduled())
        return standing, scheduled, [it["orderId"] for it in due(house)]


def _meant(told: list[tuple[str, str]]) -> Any:
    """The newest order that was placed, and nothing left of it if it was taken back."""
    placed = max((order for order, name in told if name == "placed"), default=None)
    if placed is None:
        return [], 0, []
    names = {name for order, name in told if order == placed}
    if "cancelled" in names or {"part", "rest"} <= names:
        return [(placed, "cancelled")], 0, []
    pending = placed != "o-1"
    return [(placed, "pending" if pending else "silent")], int(pending), [placed] * pending
