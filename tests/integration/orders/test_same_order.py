"""Updates of one order, in any order and repetition, yield the same sale, subscriber, announcements and obligations."""

import random
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.stack.house import House, in_process
from tests.stack.scenarios.shop import announced, job, order, push, subscriber

NOTICES: dict[str, dict[str, Any]] = {
    "placed": {"status": "placed"},
    "fulfilled": {"status": "fulfilled"},
    "part": {"status": "refunded", "refundId": "r-1", "refundAmountCents": 1000},
    "refunded": {"status": "refunded"},
    "cancelled": {"status": "cancelled"},
}


@settings(max_examples=15, deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate))
@given(
    pushed=st.lists(st.sampled_from(sorted(NOTICES)), min_size=1, max_size=9), chance=st.randoms(use_true_random=False)
)
def test_any_order_and_repetition_yields_the_same_ledger(pushed: list[str], chance: random.Random) -> None:
    kinds = sorted(set(pushed))
    assert _ending(pushed, chance) == _ending(chance.sample(kinds, len(kinds)), chance)


def _ending(pushed: list[str], chance: random.Random) -> Any:
    with in_process() as house:
        jobs = {}
        for name in pushed:
            notice = order(trackingId=house.tracking_id, **NOTICES[name], orderedAt=...)
            jobs[name] = house.post("/orders", notice, base="/api/v1").json["jobId"]
            if chance.random() < 0.5:
                house.deliver(lambda messages: chance.sample(messages * 2, len(messages) * 2))
        house.deliver(lambda messages: chance.sample(messages * 2, len(messages) * 2))
        assert house.changes_of_repeats() == 0
        assert not house.dead_letters("follow_order")
        sales = [
            (it["listed"]["status"], it["refundable"], it.get("refunded", 0)) for it in house.ledger("transaction")
        ]
        heard = sorted((it["detail-type"], it["detail"]["data"]["jobId"]) for it in announced(house))
        states = {name: job(house, jobs[name])["state"] for name in sorted(jobs)}
        totals = [{**row} for row in subscriber(house)["totals"]]
        return sales, totals, heard, states, _alive(house.owed()), _alive(house.conversions())


def _alive(records: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Record without the rejected ones: a sale that ends before its attribution has none."""
    return [record for record in records if record[0] != "rejected"]


def test_the_final_state_matches_the_updates() -> None:
    with in_process() as house:
        _push_all(house, "cancelled", "part", "placed")
        ended = house.owed(), [row["refundedTotal"] for row in subscriber(house)["totals"]]
        assert ended == ([("rejected", 0)], [4999])
    with in_process() as house:
        _push_all(house, "placed", "part")
        assert house.owed() == [("pending", 400)]


def _push_all(house: House, *names: str) -> None:
    for name in names:
        push(house, trackingId=house.tracking_id, **NOTICES[name], orderedAt=...)
        house.deliver()
