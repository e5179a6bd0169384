"""Amounts of refund records: those that are applied add up to what is back, whichever was withdrawn."""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stack.exchange import ACCOUNT
from tests.stack.house import House, in_process

SALE = {"organization": "demo", "source": "shopify", "externalId": "ORD-1004"}
#: Refunds of one sale of 49.99, of some amount or of all that is left.
ASKED: dict[str, Any] = {"R-1": 10, "R-2": 20, "R-3": 40, "R-4": 0.01, "R-5": 49.99, "R-6": None, "R-7": None}


@pytest.fixture
def sold(house: House) -> House:
    return prepared(house)


def prepared(house: House) -> House:
    assert house.post("/event-sources", {"source": "other.shop", "account": ACCOUNT}).status == 201
    house.sale()
    return house


def refund(house: House, number: str, amount: Any = None, **members: Any) -> None:
    """A refund that cannot be answered: capped at what is left, all of it without an amount."""
    asked = {} if amount is None else {"amount": amount}
    house.event("RefundTriggered", SALE | {"refundId": number} | asked | members)
    house.deliver()


def withdraw(house: House, number: str) -> None:
    house.event("RefundWithdrawn", SALE | {"refundId": number})
    house.deliver()


def applied(house: House) -> dict[str, int]:
    """The amounts listed of the refunds that count."""
    found = house.get("/refunds", number=100, sourceId="ORD-1004", source="shopify_order").json
    return {it["refundId"]: it["amount"] for it in found if it["status"] == "applied"}


def back(house: House) -> int:
    ((sale),) = house.ledger("transaction")
    return int(sale.get("refunded", 0))


def test_a_refund_for_which_nothing_was_left_takes_what_a_withdrawal_frees(sold: House) -> None:
    refund(sold, "R-1", 10)
    refund(sold, "dispute", 49.99)
    refund(sold, "R-2", 39.99)
    assert applied(sold) == {"R-1": 1000, "dispute": 3999, "R-2": 0}

    withdraw(sold, "dispute")

    assert (applied(sold), back(sold)) == ({"R-1": 1000, "R-2": 3999}, 4999)
    refund(sold, "R-3", 10)
    assert (applied(sold), back(sold)) == ({"R-1": 1000, "R-2": 3999, "R-3": 0}, 4999)


def test_the_record_of_what_a_withdrawal_leaves_alone_is_not_written(sold: House) -> None:
    refund(sold, "R-1", 10)
    refund(sold, "R-2", 20)
    (before,) = [it for it in sold.ledger("refund") if it["listed"]["refundId"] == "R-1"]

    withdraw(sold, "R-2")

    assert before in sold.ledger("refund")


def test_of_several_rests_the_next_one_takes_all_that_is_left(sold: House) -> None:
    for number in ("R-1", "R-2", "R-3"):
        refund(sold, number)
    withdraw(sold, "R-1")
    withdraw(sold, "R-2")

    assert (applied(sold), back(sold)) == ({"R-3": 4999}, 4999)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(
    asked=st.lists(st.sampled_from(sorted(ASKED)), min_size=2, max_size=5, unique=True),
    taken=st.lists(st.sampled_from(sorted(ASKED)), max_size=3),
    seed=st.integers(0, 2**32),
)
def test_applied_refunds_add_up_to_what_is_back_in_any_order(asked: list[str], taken: list[str], seed: int) -> None:
    reports = [(refund, number, ASKED[number]) for number in asked]
    reports += [(withdraw, number) for number in taken if number in asked]  # type: ignore[list-item]
    random.Random(seed).shuffle(reports)
    with in_process() as house:
        prepared(house)
        for call, *members in reports:
            call(house, *members)
            assert sum(applied(house).values()) == back(house)
        assert set(applied(house)) == {*asked} - {*taken}
