"""Checks of numbers: exact decimals, and integers as such or as their digits."""

import re
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from tributary.api.http.inputs import blanks, patterns
from tributary.api.http.inputs.taken import SCHEMAS, refuse, reshapes, takes, takes_named
from tributary.domain.money import MAX_MINOR
from tributary.domain.quantity import MOST, PLACES

_NUMERIC = re.compile(patterns.NUMERIC)
_MAX_DIGITS = 100
_LARGEST_ADJUSTED = 15
#: Of a minor unit. Floats of clients are wrong by less, so that 19.99 × 100 is 1999.
_FINEST_PRICE, _EXACT = Decimal(1).scaleb(-12), Context(prec=40)


@takes(
    type=["number", "string"],
    exclusiveMinimum=-(10**16),
    exclusiveMaximum=10**16,
    maxLength=_MAX_DIGITS,
    pattern=rf"^\s*{patterns.NUMERIC}\s*$",
)
def decimal(value: Any) -> Decimal:
    """Major units as exact decimal, from a number or numeric text."""
    if isinstance(value, bool) or not isinstance(value, (int, str, Decimal)):
        raise refuse("TYPE", "must be a number.")
    if isinstance(value, str) and not _NUMERIC.fullmatch(value.strip()):
        raise refuse("TYPE", "must be a number.")
    if isinstance(value, str) and len(value) > _MAX_DIGITS:
        raise refuse("LENGTH", f"must have at most {_MAX_DIGITS} digits.")
    amount = Decimal(value.strip() if isinstance(value, str) else value)
    if amount and amount.adjusted() > _LARGEST_ADJUSTED:
        raise refuse("MAX", "is too large.")
    return amount


@takes()
def whole(value: Any) -> Any:
    """1999.0 is the integer 1999, as in JSON Schema: some languages write whole numbers so."""
    return int(value) if isinstance(value, Decimal) and value.adjusted() < 20 and value == int(value) else value


@takes(minimum=0, pattern=patterns.NOT_NEGATIVE)
def not_negative(value: Decimal) -> Decimal:
    if value < 0:
        raise refuse("MIN", "must be at least 0.", min=0)
    return value


@reshapes(lambda inner: SCHEMAS[not_negative](SCHEMAS[decimal](inner)) | {"maximum": MAX_MINOR})
def price(given: Any) -> int | Decimal:
    """An integer, or a decimal if it is finer than the minor unit."""
    fine = decimal(given).quantize(_FINEST_PRICE, ROUND_HALF_UP, _EXACT)
    if not 0 <= fine <= MAX_MINOR:
        raise refuse("MIN" if fine < 0 else "MAX", f"must be from 0 to {MAX_MINOR}.", min=0, max=MAX_MINOR)
    return int(fine) if fine == int(fine) else fine.normalize(_EXACT)


@blanks.text
@takes(minimum=0, pattern=patterns.NOT_NEGATIVE)
def discount(value: Decimal) -> Decimal:
    """An amount taken off: blank text counts as absent, as shop systems send it for none."""
    return not_negative(value)


@takes(
    exclusiveMinimum=0,
    maximum=MOST,
    pattern=patterns.POSITIVE,
    description=f"Units, with at most {PLACES} decimals, as of goods by weight.",
)
def units(value: Decimal) -> Decimal:
    if value <= 0:
        raise refuse("MIN", "must be more than 0.", min=0)
    if value > MOST:
        raise refuse("MAX", f"must be at most {MOST}.", max=MOST)
    if value != round(value, PLACES):
        raise refuse("FORMAT", f"must have at most {PLACES} decimals.")
    return value


def of_digits(value: Any) -> int | None:
    """An integer, or that of its digits as text; None for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= patterns.MOST_DIGITS:
        return int(value)
    number = whole(value)
    return number if isinstance(number, int) and not isinstance(number, bool) else None


@blanks.text
@takes_named(
    "Identifier", type=["integer", "string"], minimum=1, maximum=MAX_MINOR, pattern=f"^{patterns.digits(MAX_MINOR)}$"
)
def identifier(value: Any) -> int:
    """An id: an integer from 1 to 2^53 - 1, or its digits as text."""
    number = of_digits(value)
    if number is None:
        raise refuse("TYPE", "must be an integer.")
    if number < 1:
        raise refuse("MIN", "must be at least 1.", min=1)
    if number > MAX_MINOR:
        raise refuse("MAX", f"must be at most {MAX_MINOR}.", max=MAX_MINOR)
    return number
