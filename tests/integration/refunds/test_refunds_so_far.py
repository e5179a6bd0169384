"""Refunds that a shop tells as the sum so far: the greatest counts, before the sale and after it."""

import itertools
import json
import random
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stack.house import House, in_process
from tributary.domain.refund import RefundRequest
from tributary.ledger.refunds import parked
from tributary.ledger.refunds.refund_items import Reported


def told(house: House, amount: int, name: str | None = None) -> None:
    """The webhook of one refund: all that went back until then, in minor units."""
    demand = RefundRequest(Decimal(amount), minor=True, so_far=True)
    with house._environment("receive_hook"):
        reported = Reported("shopify", "ORD-1004", name or f"so-far-{amount}", demand, currency="USD")
        parked.record_or_park("demo", reported)


def shown(house: House) -> dict[str, Any]:
    """The sale and its amounts, and the amounts that events announced."""
    house.deliver()
    ((sale),) = house.ledger("transaction")
    refunds = {it["refundId"]: it["status"] for it in listed(house)}
    state = {"status": sale["listed"]["status"], "refunded": sale.get("refunded", 0), "given": sale.get("given")}
    return state | {"owed": house.owed(), "conversions": house.conversions(), "refunds": refunds}


def listed(house: House) -> list[dict[str, Any]]:
    return [it["listed"] for it in house.ledger("refund") if it["listed"]["sourceId"] == "ORD-1004"]


def announced(house: House) -> int:
    """The amounts of all refunds announced, each event once, less those withdrawn."""
    events = {it.body: json.loads(it.body) for it in house.handled}.values()
    amounts = [(it["detail-type"], it["detail"]["data"]) for it in events if it["detail-type"].startswith("Refund")]
    return sum(data["amount"] if name == "RefundTriggered" else -data["amount"] for name, data in amounts)


@pytest.mark.parametrize("sums", list(itertools.permutations([1000, 2000, 2500])))
def test_the_greatest_sum_counts_in_any_order(house: House, sums: Sequence[int]):
    house.sale()
    for amount in sums:
        told(house, amount)

    left = shown(house)

    assert (left["status"], left["refunded"], left["owed"]) == ("complete", 2500, [("pending", 250)])
    assert (announced(house), set(left["refunds"].values())) == (2500, {"applied"})


def test_a_refund_of_an_older_sum_takes_nothing_and_announces_nothing(house: House):
    house.sale()
    told(house, 2000)
    house.deliver()

    told(house, 1000)

    house.publish()
    assert house.arrived() == []
    assert {it["amount"] for it in listed(house)} == {2000, 0}


def test_the_whole_sum_refunds_the_sale(house: House):
    house.sale()
    told(house, 1000)
    told(house, 4999)

    left = shown(house)

    assert (left["status"], left["refunded"], left["owed"]) == ("refunded", 4999, [("rejected", 0)])


def test_sums_told_before_the_sale_are_applied_with_it(house: House):
    told(house, 2000)
    told(house, 1000)
    assert {it["status"] for it in listed(house)} == {"parked"}

    house.sale()

    left = shown(house)
    assert (left["refunded"], left["owed"], announced(house)) == (2000, [("pending", 300)], 2000)
    assert set(left["refunds"].values()) == {"applied"}


def test_a_withdrawn_sum_stays_since_greater_ones_include_it(house: House):
    house.sale()
    told(house, 2000)
    withdrawal = {"source": "shopify", "externalId": "ORD-1004", "refundId": "so-far-2000"}

    assert house.post("/event/refund-withdrawn", withdrawal, key="events").status == 200

    assert shown(house)["refunded"] == 2000


STEPS = st.lists(st.integers(1, 60).map(lambda it: it * 100), min_size=1, max_size=4, unique=True)


@settings(max_examples=12, deadline=None, derandomize=True)
@given(sums=STEPS, other=st.booleans(), seed=st.integers(0, 2**32))
def test_the_same_sums_in_any_order_and_repetition_leave_the_same_ledger(sums: list[int], other: bool, seed: int):
    chance = random.Random(seed)

    first, second = (ledger_of(sums, other, chance) for _ in range(2))

    assert first == second
    assert first["refunded"] == min(4999, max(sums) + 700 * other)


def ledger_of(sums: list[int], other: bool, chance: random.Random) -> dict[str, Any]:
    """The sale after these sums, some of them twice, and perhaps another refund; the sale comes at any place."""
    with in_process() as house:
        again = chance.sample(sums, chance.randint(0, len(sums)))
        steps: list[Any] = ["sale", *sums, *again, *(["other"] if other else [])]
        for step in chance.sample(steps, len(steps)):
            _take(house, step)
            if chance.random() < 0.5:
                house.deliver(lambda waiting: chance.sample(waiting, len(waiting)))
        left = shown(house)
        assert announced(house) == left["refunded"]
        return left


def _take(house: House, step: Any) -> None:
    if step == "sale":
        house.sale()
    elif step == "other":
        with house._environment("receive_hook"):
            loose = RefundRequest(Decimal(700), minor=True)
            parked.record_or_park("demo", Reported("shopify", "ORD-1004", "other", loose, currency="USD"))
    else:
        told(house, step)
