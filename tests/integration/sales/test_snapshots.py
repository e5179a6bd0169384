"""Sales reported as snapshots: the newest holds whichever comes first, and an older one only adds names of items."""

import itertools
import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stack.house import House, in_process
from tributary.api.hooks import money_back, sales
from tributary.domain import times
from tributary.domain.transaction import Change
from tributary.shops.told import Order, Position, Referral, Refund

ONE, TWO, THREE = (f"2026-11-2{day}T09:00:00.000Z" for day in (1, 2, 3))
#: A moment ahead of our clock counts as the moment of the report.
NOW = "2999-01-01T00:00:00.000Z"


def order(at: str, *values: int, **lines: int) -> Order:
    """An order of lines of these values, with ids from A, or of lines by their ids."""
    named = lines or dict(zip("ABCDEF", values, strict=False))
    positions = tuple(Position(f"Item {name}", value, id=name) for name, value in named.items())
    referral = Referral(click=4218)
    return Order("ORD-1", "USD", sum(named.values()), positions, NOW, at, referral=referral)


def report(house: House, told: Order) -> str:
    with house._environment("receive_hook"):
        return sales.record("demo", "shopify", told, times.now()).outcome


def refund(house: House, name: str, amount: int) -> int:
    items = [{"externalId": name, "amount": amount / 100}]
    return house.refund("ORD-1", refundId=f"of-{name}", items=items).status


def shown(house: House) -> dict[str, Any]:
    """The known state of the sale and its debts."""
    house.deliver()
    ((sale),) = house.ledger("transaction")
    return {
        "status": sale["listed"]["status"],
        "total": sale["listed"]["totalValue"],
        "details": sale["listed"]["detailCount"],
        "refunded": sale.get("refunded", 0),
        "refundable": sale["refundable"],
        "owed": house.owed(),
        "conversions": house.conversions(),
    }


THREE_VERSIONS = [order(ONE, 5000), order(TWO, 5000, 3000), order(THREE, 2000)]


@pytest.mark.parametrize("versions", list(itertools.permutations(THREE_VERSIONS)))
def test_the_newest_snapshot_holds_in_any_order(house: House, versions: Sequence[Order]):
    for version in versions:
        assert report(house, version) == "recorded"

    assert shown(house) | {"conversions": []} == {
        "status": "complete", "total": 2000, "details": 1, "refunded": 0, "refundable": 2000,
        "owed": [("pending", 200)], "conversions": [],
    }  # fmt: skip


def test_a_snapshot_again_is_a_repeat_and_writes_nothing(house: House):
    versions = [order(ONE, 5000), order(TWO, 3000), order(THREE, 2000)]
    for version in (versions[1], versions[2], versions[0]):
        report(house, version)
    house.deliver()
    before = house.changes()

    assert {report(house, version) for version in versions} == {"repeat"}

    assert house.changes() == before


def test_an_older_snapshot_of_the_same_lines_leaves_the_sale_as_it_is(house: House):
    report(house, order(TWO, 5000))
    before = shown(house), house.ledger("transaction")

    report(house, order(ONE, 4000))

    assert (shown(house), house.ledger("transaction")) == before
    assert "SaleChanged" not in {message.detail_type for message in house.handled}


def test_an_older_snapshot_adds_the_names_of_lines_that_left_the_order_since(house: House):
    report(house, order(TWO, A=5000))
    house.refund("ORD-1", refundId="r-1", amount=10)
    house.deliver()

    report(house, order(ONE, A=5000, B=2000))
    house.deliver()

    ((sale),) = house.ledger("transaction")
    assert (sale["seen"]["externalIds"], "change" in sale) == (["A", "B"], False)
    (told,) = {it.body for it in house.handled if it.detail_type == "SaleChanged"}
    assert f'"changedAt": "{TWO}"' in told
    assert shown(house)["owed"] == [("pending", 400)]
    assert refund(house, "B", 2000) == 200
    assert shown(house)["owed"] == [("pending", 400)]


def digest(told: Order) -> str:
    return Change.of_version(told.as_of, told.total, tuple(sales._lines(told))).digest


@pytest.mark.parametrize("first", [0, 1])
def test_snapshots_of_one_moment_are_decided_by_their_content(house: House, first: int):
    versions = [order(ONE, 5000), order(ONE, 3000, 1000)]

    report(house, versions[first])
    report(house, versions[1 - first])

    winner = max(versions, key=digest)
    assert shown(house)["total"] == winner.total


def test_the_referral_of_the_first_snapshot_stays(house: House):
    report(house, order(ONE, 5000))
    report(house, replace(order(TWO, 6000), referral=Referral()))

    assert shown(house)["owed"] == [("pending", 600)]


VERSIONS = st.lists(
    st.builds(
        lambda at, lines: order(at, **lines),
        st.sampled_from([ONE, TWO, TWO, THREE]),
        st.dictionaries(st.sampled_from("ABC"), st.integers(1, 90).map(lambda it: it * 100), min_size=1),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=12, deadline=None, derandomize=True)
@given(versions=VERSIONS, refunded=st.sets(st.sampled_from("ABC")), seed=st.integers(0, 2**32))
def test_the_same_snapshots_and_refunds_in_any_order_leave_the_same_ledger(
    versions: list[Order], refunded: set[str], seed: int
):
    chance = random.Random(seed)

    first, second = (ledger_of(versions, refunded, chance) for _ in range(2))

    assert first == second


def ledger_of(versions: list[Order], refunded: set[str], chance: random.Random) -> dict[str, Any]:
    """The sale after its snapshots in some order, some of them twice, with refunds between them."""
    with in_process() as house:
        steps: list[Any] = [*versions, *chance.sample(versions, chance.randint(0, len(versions)))]
        for step in chance.sample([*steps, *sorted(refunded)], len(steps) + len(refunded)):
            if isinstance(step, Order):
                report(house, step)
            else:
                parked_or_recorded(house, step)
            if chance.random() < 0.5:
                house.deliver(lambda waiting: chance.sample(waiting, len(waiting)))
        return shown(house)


def parked_or_recorded(house: House, name: str) -> None:
    """A refund of one line, before its sale or after it, whether the line is known or not."""

    with house._environment("receive_hook"):
        told = Refund(f"of-{name}", 1500, "USD", "ORD-1", lines=((name, 1500),))
        money_back.refund("demo", "shopify", told, times.now(), {})
