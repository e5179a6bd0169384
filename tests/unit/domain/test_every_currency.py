from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tributary.domain.money import CURRENCIES, MAX_MINOR, exponent, major_text, minor_units

amounts = st.integers(-MAX_MINOR, MAX_MINOR)


@pytest.mark.parametrize("currency", sorted(CURRENCIES))
def test_every_currency_is_written_in_major_units_and_read_back(currency: str):
    for minor in (0, 1, -1, 9, 10, 99, 100, 4999, 123456789, MAX_MINOR, -MAX_MINOR):
        text = major_text(minor, currency)

        assert minor_units(Decimal(text), currency) == minor
        assert len(text.partition(".")[2]) == exponent(currency)


@given(minor=amounts, currency=st.sampled_from(sorted(CURRENCIES)))
def test_any_amount_of_any_currency_is_read_back(minor: int, currency: str):
    text = major_text(minor, currency)

    assert minor_units(Decimal(text), currency) == minor
    assert "E" not in text.upper()


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [(4999, "USD", "49.99"), (5, "USD", "0.05"), (5000, "JPY", "5000"), (1, "KWD", "0.001"), (-5, "CLF", "-0.0005")],
)
def test_amounts_read_as_people_write_them(minor: int, currency: str, text: str):
    assert major_text(minor, currency) == text
