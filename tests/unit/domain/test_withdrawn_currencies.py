"""Withdrawn currencies: known, of their time, apart from those of today."""

import re

import pytest

from tributary.domain.money import CURRENCIES, exponent
from tributary.domain.withdrawn_currencies import WITHDRAWN, withdrawn_before


def test_no_code_is_both_withdrawn_and_in_use() -> None:
    assert not CURRENCIES & WITHDRAWN.keys()
    assert all(
        re.fullmatch(r"[A-Z]{3}", code) and re.fullmatch(r"20\d\d-[01]\d", WITHDRAWN[code]) for code in WITHDRAWN
    )


@pytest.mark.parametrize(("currency", "digits"), [("HRK", 2), ("ITL", 0), ("TRL", 0), ("BYR", 0), ("DEM", 2)])
def test_a_withdrawn_currency_keeps_its_minor_unit(currency: str, digits: int) -> None:
    assert exponent(currency) == digits


@pytest.mark.parametrize(
    ("currency", "at", "month"),
    [
        ("HRK", "2022-12-31T23:59:59.999Z", None),
        ("HRK", "2023-01-14T00:00:00.000Z", None),
        ("HRK", "2023-02-01T00:00:00.000Z", "2023-01"),
        ("EUR", "2023-02-01T00:00:00.000Z", None),
    ],
)
def test_a_currency_is_withdrawn_after_the_month_of_the_table(currency: str, at: str, month: str | None) -> None:
    assert withdrawn_before(currency, at) == month
