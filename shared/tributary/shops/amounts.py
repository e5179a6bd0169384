"""Amounts in a vendor's own minor unit, and the parts of an order that add up to what the buyer paid."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tributary.domain.money import MAX_MINOR, exponent
from tributary.domain.quantity import MOST, PLACES, Quantity
from tributary.domain.shares import spread
from tributary.shops import reading
from tributary.shops.adapter import Unreadable
from tributary.shops.told import Position

Parts = tuple[tuple[Position, ...], int, int]


def minor(of: Any, name: str, code: str, places: int, rounded: bool = False) -> int:
    """Minor units of an integer amount in units of `places` decimals; 0 if absent or null.

    One that is finer is Unreadable, or rounded half up, as a part of a total that is exact."""
    value, shift = reading.whole(of, name), exponent(code) - places
    unit = int(10 ** max(0, -shift))
    scaled, rest = divmod(value * int(10 ** max(0, shift)), unit)
    if rest and not rounded:
        raise Unreadable(f"{name} is finer than its currency")
    scaled += 2 * rest >= unit
    if abs(scaled) > MAX_MINOR:
        raise Unreadable(f"{name} is too large")
    return scaled


def units(value: Any) -> Quantity:
    """Units of a line; 1 for a number that the ledger does not count, as of metered calls by the million."""
    try:
        number = reading.decimal(value, "quantity")
    except Unreadable:
        return 1
    if not 0 < number <= MOST or number != round(number, PLACES):
        return 1
    return int(number) if number == int(number) else number.normalize()


def parts(
    lines: Sequence[Position], total: int, tax: int, shipping: int = 0, paid: int | None = None, more: bool = False
) -> Parts:
    """Lines, tax and shipping that add up to `paid`, by default to `total`.

    The lines get what tax and shipping leave of the total; a tax below zero is theirs. A credit pays its share of each
    part. `more` says that the body lacks lines."""
    tax = max(0, tax)
    goods, paid = total - tax - shipping, total if paid is None else paid
    if min(tax, shipping, goods, total - paid) < 0:
        raise Unreadable("the parts of the total do not add up")
    fitted = _fitted(lines, goods, more)
    if paid == total:
        return fitted, tax, shipping
    *values, tax, shipping = spread(paid, [*(line.value for line in fitted), tax, shipping])
    return _worth(fitted, values), tax, shipping


def _fitted(lines: Sequence[Position], goods: int, more: bool) -> tuple[Position, ...]:
    """The lines at `goods` together; credits among them and rounding are spread over the others."""
    missing = goods - sum(line.value for line in lines)
    if more and missing > 0:
        lines = [*lines, Position("Further lines", missing)]
    kept = [line for line in lines if line.value >= 0]
    worth = sum(line.value for line in kept)
    if worth == goods and kept:
        return tuple(kept)
    return _worth(kept, spread(goods, [line.value for line in kept])) if worth else (Position("Order", goods),)


def _worth(lines: Sequence[Position], values: Sequence[int]) -> tuple[Position, ...]:
    return tuple(replace(line, value=value) for line, value in zip(lines, values, strict=True))
