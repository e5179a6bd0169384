"""Lines of an order that add up, with its other parts, to the total that the buyer paid."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tributary.domain.money import MAX_MINOR
from tributary.domain.quantity import MOST, PLACES, Quantity
from tributary.domain.shares import spread
from tributary.shops import reading
from tributary.shops.adapter import Unreadable
from tributary.shops.told import Position

_LONGEST_NAME = 255
_FINEST = Decimal(1).scaleb(-PLACES)


def name(*values: Any) -> str:
    """The first text that is not blank, without unseen characters and as long as a name of the ledger may be."""
    seen = ("".join(filter(str.isprintable, value)).strip() for value in values if isinstance(value, str))
    return next((text[:_LONGEST_NAME].strip() for text in seen if text), "Order line")


def attributes(sku: Any) -> dict[str, str]:
    """Attributes of a line with its stock keeping unit, if there is one."""
    return {"sku": name(sku)} if isinstance(sku, str) and sku.strip() else {}


def amount(of: Any, name: str, code: str) -> int:
    """Minor units of an amount in major ones, 0 if absent; never negative."""
    value = reading.major(of, name, code)
    if value < 0:
        raise Unreadable(f"{name} is negative")
    return value


def quantity(of: Any, name: str) -> Quantity:
    """Units of a line, whole or to six decimals; 0 if absent."""
    value = of.get(name)
    units = Decimal(0) if value is None else reading.decimal(value, name)
    if not 0 <= units <= MOST:
        raise Unreadable(f"{name} is out of range")
    fine = units.quantize(_FINEST, ROUND_HALF_UP)
    return int(fine) if fine == fine.to_integral_value() else fine.normalize()


def worth(lines: Sequence[Position]) -> int:
    """The sum of the lines."""
    return sum(line.value for line in lines)


def lowered(lines: Sequence[Position], by: int, name: str = "discount") -> tuple[Position, ...]:
    """The lines less an amount of the whole order, in proportion to their values."""
    if by > worth(lines):
        raise Unreadable(f"{name} exceeds the lines")
    parts = spread(by, [line.value for line in lines])
    return tuple(replace(line, value=line.value - part) for line, part in zip(lines, parts, strict=True))


def rounded(lines: Sequence[Position], by: int) -> tuple[Position, ...]:
    """The lines with a difference of rounding on the one of the greatest value."""
    greatest = max(range(len(lines)), key=lambda place: lines[place].value)
    return tuple(
        replace(line, value=line.value + by) if place == greatest else line for place, line in enumerate(lines)
    )


def within_ledger(value: int, name: str) -> int:
    """A sum that the ledger can hold."""
    if not 0 <= value <= MAX_MINOR:
        raise Unreadable(f"{name} is out of range")
    return value
