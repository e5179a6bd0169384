"""Worked numbers and properties of prices finer than a minor unit, and of decimal quantities."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.examples import EXAMPLES
from tributary.domain.balance import balance
from tributary.domain.given_back import FINE, GivenBack
from tributary.domain.money import exponent, line_total
from tributary.domain.transaction import Line, divided

CURRENCIES = st.sampled_from(["USD", "JPY", "KWD"])
PRICES = st.decimals(0, 9999, places=6)
WHOLE = st.integers(1, 500)
QUANTITIES = st.one_of(WHOLE.map(Decimal), st.decimals("0.001", 500, places=3))


def details(price: Decimal, quantity: Decimal, currency: str = "USD") -> tuple[Line, ...]:
    """The details of a reported item."""
    return divided(Line("P", 0), line_total(price, quantity, currency), quantity, str(price))


@pytest.mark.parametrize(
    ("price", "quantity", "expected"),
    [
        ("8.165", "2", [(816, 1), (817, 1)]),
        ("0.826446", "250", [(82, 89), (83, 161)]),
        ("24.3333333", "3", [(2433, 2), (2434, 1)]),
        ("2.50", "1.25", [(313, 1)]),
    ],
)
def test_worked_numbers(price: str, quantity: str, expected: list[tuple[int, int]]):
    assert [(it.value, it.quantity) for it in details(Decimal(price), Decimal(quantity))] == expected


@settings(deadline=None, max_examples=EXAMPLES)
@given(PRICES, QUANTITIES, CURRENCIES)
def test_a_line_is_at_most_half_a_minor_unit_from_its_exact_cost(price: Decimal, quantity: Decimal, currency: str):
    exact = (price * quantity).scaleb(exponent(currency))

    assert abs(sum(it.total for it in details(price, quantity, currency)) - exact) <= Decimal("0.5")


@settings(deadline=None, max_examples=EXAMPLES)
@given(PRICES, QUANTITIES, CURRENCIES)
def test_details_add_up_to_their_line_and_are_one_minor_unit_apart(price: Decimal, quantity: Decimal, currency: str):
    parts = details(price, quantity, currency)

    assert sum(it.total for it in parts) == line_total(price, quantity, currency)
    assert max(it.value for it in parts) - min(it.value for it in parts) <= 1
    assert sum(it.quantity for it in parts) == (quantity if quantity == int(quantity) else 1)
    assert [it.continues for it in parts] == [False, True][: len(parts)]


@settings(deadline=None, max_examples=EXAMPLES)
@given(PRICES, st.integers(1, 12), st.data())
def test_a_line_given_back_unit_by_unit_is_gone_exactly(price: Decimal, quantity: int, data: st.DataObject):
    """In any cut: the exact prices are added up, and only their sum is rounded."""
    lines = details(price, Decimal(quantity))
    fine = int(price * 100 * FINE)
    given_back, left = GivenBack(), quantity
    while left:
        units = data.draw(st.integers(1, left))
        given_back += GivenBack(by_position={0: fine * units})
        left -= units
        now = balance(lines, None, given_back)
        assert sum(now.back) <= sum(now.paid)
    assert sum(now.back) == sum(now.paid) == sum(it.total for it in lines)
