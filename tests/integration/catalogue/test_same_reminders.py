"""Updates of several orders of one product, in any order and repetition, yield the same reminder, schedule and
announcement.
"""

import random
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.stack.exchange import Message
from tests.stack.house import in_process
from tests.stack.scenarios.reminder_shop import bought, days_ago, due, reminders, stock
from tests.stack.scenarios.shop import push

NOTICES: dict[str, dict[str, Any]] = {
    "placed": {"status": "placed"},
    "part": {"status": "refunded", "refundId": "r-1", "refundAmountCents": 2999},
    "rest": {"status": "refunded", "refundId": "r-2", "refundAmountCents": 2000},
    "cancelled": {"status": "cancelled"},
}
#: Days since each order; the first is too old for a reminder.
AGES = {"o-1": 40, "o-2": 3, "o-3": 2}
TOLD = st.tuples(st.sampled_from(sorted(AGES)), st.sampled_from(sorted(NOTICES)))


@settings(max_examples=12, deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate))
@given(pushed=st.lists(TOLD, min_size=1, max_size=7), chance=st.randoms(use_true_random=False))
def test_any_order_and_repetition_yields_the_expected_reminder(
    pushed: list[tuple[str, str]], chance: random.Random
) -> None:
    def heard(messages: list[Message]) -> list[Message]:
        ours = [message for message in messages if message.function in ("schedule_reminders", "release_reminder")]
        return chance.sample(ours * 2, len(ours) * 2)

    with in_process() as house:
        stock(house)
        moments = {order: days_ago(age) for order, age in AGES.items()}
        for order, name in pushed:
            push(house, order, items=bought(), **NOTICES[name], orderedAt=moments[order])
            if chance.random() < 0.5:
                house.deliver(heard)
        house.deliver(heard)
        assert all(house.consume(message) for message in list(house.handled))

        standing, scheduled = reminders(house), len(house.scheduled())
        assert (standing, scheduled, [it["orderId"] for it in due(house, arrange=heard)]) == _meant(pushed)
        assert not house.dead_letters("schedule_reminders")


def _meant(pushed: list[tuple[str, str]]) -> Any:
    """The newest placed order; nothing if it was reversed."""
    placed = max((order for order, name in pushed if name == "placed"), default=None)
    if placed is None:
        return [], 0, []
    names = {name for order, name in pushed if order == placed}
    pending = placed != "o-1" and "cancelled" not in names and not {"part", "rest"} <= names
    return [(placed, "pending" if pending else "silent")], int(pending), [placed] * pending
