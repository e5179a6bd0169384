"""Shared rewards after refunds: no more than what is left of the whole, and no share that rises."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.builders import catalogue, engagement, everybody, given_back, opportunity, program, transaction
from tests.unit.examples import EXAMPLES
from tributary.domain.attribution import decide
from tributary.domain.earning_event import EarningEvent
from tributary.domain.remaining_value import remaining_value
from tributary.domain.transaction import Line, Transaction
from tributary.ledger.earnings.conversions import new_items


def shares(whole: int, weights: list[int], left: int, remainder: str) -> list[int]:
    """The shares of a reward of 100 % after all but `left` of the sale was given back."""
    sale = transaction(Line("Book", whole), total=whole)
    conversions = [it["listed"] for it in earned(sale, weights, remainder)]
    refunded = given_back(sale, loose=whole - left) if left else sale_ended(sale)
    return [remaining_value(it, refunded) for it in conversions]


def earned(sale: Transaction, weights: list[int], remainder: str) -> list[dict]:
    rule = program(resolver="weightedPool", percent=Decimal(100), pool_remainder=remainder)
    rivals = [engagement(number + 1, score=weight) for number, weight in enumerate(weights)]
    decision = decide(sale, opportunity(*rivals), catalogue(rule), everybody(rivals))
    return new_items(EarningEvent.of_sale(sale), "shopify", decision.awards, "2026-01-01T00:00:00.000Z")


def sale_ended(sale: Transaction) -> Transaction:
    return given_back(sale, loose=sale.refundable)


@pytest.mark.parametrize(
    ("whole", "weights", "left", "dropped", "largest"),
    [
        (100, [1, 1, 1], 50, [16, 16, 16], [17, 17, 16]),
        (4, [1, 3, 3], 4, [0, 1, 1], [0, 2, 2]),
        (4, [1, 3, 3], 3, [0, 1, 1], [0, 1, 1]),
        (18, [9, 9, 4, 4, 4], 15, [4, 4, 2, 2, 2], [4, 4, 2, 2, 2]),
    ],
)
def test_worked_numbers(whole, weights, left, dropped, largest):
    assert sorted(shares(whole, weights, left, "drop")) == sorted(dropped)
    assert sorted(shares(whole, weights, left, "largest")) == sorted(largest)


@settings(deadline=None, max_examples=EXAMPLES)
@given(
    st.integers(1, 500),
    st.lists(st.integers(1, 9), min_size=1, max_size=6) | st.integers(1, 6).map(lambda count: [1] * count),
    st.lists(st.integers(0, 500), min_size=2, max_size=2),
    st.sampled_from(["drop", "largest"]),
)
def test_shares_never_exceed_what_is_left_and_never_rise(whole, weights, lefts, remainder):
    less, more = sorted(min(left, whole) for left in lefts)

    before, after = shares(whole, weights, more, remainder), shares(whole, weights, less, remainder)

    assert sum(before) <= more
    assert all(later <= earlier for later, earlier in zip(after, before, strict=True))
    if not less:
        assert after == [0] * len(weights)
    if more == whole and remainder == "largest":
        assert sum(before) == whole
