from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from iso4217 import Currency

from tests.unit.examples import EXAMPLES
from tributary.domain import money
from tributary.domain.money import (
    CURRENCIES,
    MAX_MINOR,
    AmountTooLarge,
    exponent,
    line_total,
    minor_total,
    minor_units,
    percent_of,
)

ISO = {currency.code: currency.exponent for currency in Currency}
MINOR = st.integers(-MAX_MINOR, MAX_MINOR)
PERCENT = st.decimals(0, 1000, places=6)


def test_currencies_and_exponents_are_those_of_iso_4217_with_a_minor_unit():
    official = {code: digits for code, digits in ISO.items() if digits is not None}

    ours = {code: exponent(code) for code in CURRENCIES}

    assert ours == official


@pytest.mark.parametrize("code", ["XAU", "XTS", "usd", "US", "", "BTC"])
def test_a_text_that_is_not_a_currency_has_no_exponent(code: str):
    assert code not in CURRENCIES
    with pytest.raises(KeyError):
        exponent(code)


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("49.99", "USD", 4999),
        ("0.30000000000000004", "USD", 30),
        ("1e-07", "USD", 0),
        ("1e2", "USD", 10000),
        ("5000", "JPY", 5000),
        ("5000.5", "JPY", 5001),
        ("-5000.5", "JPY", -5001),
        ("0.005", "USD", 1),
        ("-0.005", "USD", -1),
        ("0.0049999999999999999999999999999999999999999999999999999999999999999999", "USD", 0),
        ("1.2345", "KWD", 1235),
        ("1.23455", "CLF", 12346),
        ("0e-999999", "USD", 0),
        ("0e999999", "USD", 0),
        ("1e-999999", "USD", 0),
        ("90071992547409.91", "USD", MAX_MINOR),
    ],
)
def test_major_units_become_minor_ones_rounded_half_away_from_zero(amount: str, currency: str, minor: int):
    assert minor_units(Decimal(amount), currency) == minor


@pytest.mark.parametrize("amount", ["90071992547409.92", "-90071992547409.92", "1e21", "1e999999"])
def test_an_amount_too_large_for_some_clients_is_refused(amount: str):
    with pytest.raises(AmountTooLarge):
        minor_units(Decimal(amount), "USD")


@given(minor=MINOR, currency=st.sampled_from(sorted(CURRENCIES)))
def test_minor_units_survive_conversion_to_major_units_in_every_currency(minor: int, currency: str):
    major = Decimal(minor).scaleb(-exponent(currency))

    assert minor_units(major, currency) == minor


#: Major units valid in every currency, including those with four digits after the point.
_MOST = MAX_MINOR // 10**4


@given(amount=st.decimals(-_MOST, _MOST, allow_nan=False, places=9), currency=st.sampled_from(sorted(CURRENCIES)))
def test_rounding_is_exact_to_half_a_minor_unit_and_symmetric(amount: Decimal, currency: str):
    exact = Fraction(amount) * 10 ** exponent(currency)

    rounded = minor_units(amount, currency)

    assert abs(exact - rounded) <= Fraction(1, 2)
    assert minor_units(-amount, currency) == -rounded


@pytest.mark.parametrize(
    ("base", "percent", "share"),
    [
        (4999, "10", 500),
        (4994, "10", 499),
        (4995, "10", 500),
        (-4995, "10", -499),
        (-4996, "10", -500),
        (20, "12.5", 3),
        (19, "12.5", 2),
        (4999, "0", 0),
        (0, "10", 0),
        (1, "50", 1),
        (1, "49.999999", 0),
        (5000, "1E+1", 500),
        (MAX_MINOR, "1000", MAX_MINOR * 10),
    ],
)
def test_a_percentage_is_rounded_half_up(base: int, percent: str, share: int):
    assert percent_of(base, Decimal(percent)) == share


@given(base=MINOR, percent=PERCENT)
def test_a_percentage_is_the_nearest_integer_or_the_higher_of_two(base: int, percent: Decimal):
    exact = Fraction(base) * Fraction(percent) / 100

    share = percent_of(base, percent)

    assert -Fraction(1, 2) < share - exact <= Fraction(1, 2)


@given(base=st.integers(0, MAX_MINOR), percent=st.decimals(0, 100, places=6))
def test_up_to_a_hundred_per_cent_a_share_never_exceeds_its_base(base: int, percent: Decimal):
    assert 0 <= percent_of(base, percent) <= base


def test_money_is_made_of_integers_only():
    results = [minor_units(Decimal("1.5"), "USD"), percent_of(100, Decimal("1.5")), money.MAX_MINOR]

    assert [type(result) for result in results] == [int] * 3


@settings(max_examples=EXAMPLES)
@given(st.integers(-(10**12), 10**12), st.decimals("0.000001", 10**6, places=6))
def test_a_line_in_minor_units_is_wrong_by_half_a_unit_at_most_whatever_its_quantity(unit: int, quantity: Decimal):
    exact, total = Fraction(unit) * Fraction(quantity), minor_total(unit, quantity)

    assert abs(total - exact) <= Fraction(1, 2)
    assert minor_total(-unit, quantity) == -total
    if abs(total) <= MAX_MINOR:
        assert line_total(Decimal(unit).scaleb(-2), quantity, "USD") == total
