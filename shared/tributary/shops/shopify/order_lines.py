"""Lines and totals of an order of Shopify. Prices with tax inside are told without it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tributary.domain.money import AmountTooLarge, line_total
from tributary.shops import lines, reading
from tributary.shops.adapter import Unreadable
from tributary.shops.shopify import money_back
from tributary.shops.told import Position

_UNEVEN = "total_price and its parts do not add up"


@dataclass(frozen=True)
class Removed:
    """Lines taken out of an order before they were paid, and their money with tax."""

    total: int = 0
    lines: tuple[money_back.Touched, ...] = ()


@dataclass(frozen=True)
class Parts:
    """A total and the parts that add up to it."""

    total: int
    lines: tuple[Position, ...]
    tax: int
    shipping: int
    fee: int
    discount: int


@dataclass(frozen=True)
class _Share:
    """One line or way of shipping: `value` after its discount, with the tax that its price includes."""

    value: int
    discount: int
    tax: int


def removed_unpaid(body: Mapping[str, Any], code: str, back: int, bare: Sequence[Mapping[str, Any]]) -> Removed:
    """Lines that an edit removed before payment: the total keeps them, and refunds without money name them.

    The money that came in is what is due now, less what is outstanding, plus what went back. Nothing is removed unless
    that and the refunds agree to the cent."""
    if not bare or body.get("current_total_price") is None or body.get("total_outstanding") is None:
        return Removed()
    due, outstanding = (reading.major(body, name, code) for name in ("current_total_price", "total_outstanding"))
    missing = lines.amount(body, "total_price", code) - (due - outstanding + back)
    included = body.get("taxes_included") is True
    told = [line for refund in bare for line in money_back.touched(refund, code, included)]
    agreed = missing > 0 and missing == sum(line.value + line.tax for line in told)
    return Removed(missing, tuple(told)) if agreed else Removed()


def parts(body: Mapping[str, Any], code: str, removed: Removed) -> Parts:
    """The parts of what was paid. Tips, duties and other fees are what is left of the total."""
    included = body.get("taxes_included") is True
    told, shares = _lines(body, code, included)
    ways = [
        _way(it, code, included) for it in reading.objects(body, "shipping_lines") if it.get("is_removed") is not True
    ]
    shipping = sum(way.value - way.tax for way in ways)
    inside = sum(share.tax for share in (*shares, *ways))
    tax = lines.amount(body, "total_tax", code)
    if included:
        told, tax = _without_tax(told, tax, inside, len(shares) + len(ways))
    total, discount = lines.amount(body, "total_price", code), sum(share.discount for share in shares)
    rest = total - tax - shipping - lines.worth(told)
    fee = max(0, rest)
    if rest < 0:
        missing = lines.amount(body, "total_discounts", code) - discount - sum(way.discount for way in ways)
        told, discount = _discounted(told, discount, rest, missing)
    elif rest > 0:
        _check_lines(body, code, shares)
    if removed.total:
        told, tax, total = _without(told, removed), tax - sum(it.tax for it in removed.lines), total - removed.total
        told = _evened(told, total - tax - shipping - fee - lines.worth(told))
    discount = lines.within_ledger(discount, "total_discounts")
    return Parts(total, tuple(told), lines.within_ledger(tax, "total_tax"), shipping, fee, discount)


def _lines(body: Mapping[str, Any], code: str, included: bool) -> tuple[list[Position], list[_Share]]:
    told, shares = [], []
    for line in reading.objects(body, "line_items"):
        units = lines.quantity(line, "quantity")
        if not units:
            continue
        share = _share(line, code, _cost(line, units, code), included)
        shares.append(share)
        sku = line.get("sku")
        told.append(
            Position(
                lines.name(line.get("name"), line.get("title"), sku),
                share.value - share.tax,
                units,
                # The order that spends a gift card earns.
                "gift_card" if line.get("gift_card") is True else "product",
                id=reading.identifier(line, "id"),
                attributes=lines.attributes(sku),
            )
        )
    return told, shares


def _cost(line: Mapping[str, Any], units: Any, code: str) -> int:
    price = reading.decimal(reading.member(line, "price"), "price")
    try:
        return lines.within_ledger(line_total(price, units, code), "price")
    except AmountTooLarge:
        raise Unreadable("price is too large") from None


def _way(line: Mapping[str, Any], code: str, included: bool) -> _Share:
    """A way of shipping; a discount on it stands in its price, its allocations or both."""
    price = lines.amount(line, "price", code)
    after = price if line.get("discounted_price") is None else lines.amount(line, "discounted_price", code)
    allocated = _allocated(line, code)
    return _taxed(line, code, price, max(allocated, price - after), included)


def _share(line: Mapping[str, Any], code: str, cost: int, included: bool) -> _Share:
    """A line; `total_discount` is often zero although the line is discounted."""
    discount = _allocated(line, code) or lines.amount(line, "total_discount", code)
    return _taxed(line, code, cost, discount, included)


def _allocated(line: Mapping[str, Any], code: str) -> int:
    return sum(lines.amount(it, "amount", code) for it in reading.objects(line, "discount_allocations"))


def _taxed(line: Mapping[str, Any], code: str, cost: int, discount: int, included: bool) -> _Share:
    if discount > cost:
        raise Unreadable("discount_allocations exceed the line")
    rates = reading.objects(line, "tax_lines") if included else []
    tax = sum(lines.amount(it, "price", code) for it in rates)
    if tax > cost - discount:
        raise Unreadable("tax_lines exceed the line")
    return _Share(cost - discount, discount, tax)


def _without_tax(told: list[Position], tax: int, inside: int, most: int) -> tuple[list[Position], int]:
    """Lines without all of the tax: an old order tells it for the whole only. Each tax line is rounded by itself."""
    missing = tax - inside
    if missing <= most:
        return told, inside
    return [*lines.lowered(told, missing, "total_tax")], tax


def _discounted(told: list[Position], discount: int, rest: int, missing: int) -> tuple[list[Position], int]:
    """Lines less a discount that no line tells, or less what rounding left."""
    if -rest == missing:
        return [*lines.lowered(told, missing, "total_discounts")], discount + missing
    return _evened(told, rest), discount


def _evened(told: list[Position], rest: int) -> list[Position]:
    """Lines with what rounding left, at most a minor unit for each of them."""
    if not rest:
        return told
    if abs(rest) > len(told) or max(line.value for line in told) + rest < 0:
        raise Unreadable(_UNEVEN)
    return [*lines.rounded(told, rest)]


def _check_lines(body: Mapping[str, Any], code: str, shares: Sequence[_Share]) -> None:
    """Unreadable if the lines are not what Shopify says they are: the rest would then be no fee."""
    said = lines.amount(body, "subtotal_price", code)
    known = body.get("subtotal_price") is not None
    if known and abs(said - sum(share.value for share in shares)) > len(shares):
        raise Unreadable(_UNEVEN)


def _without(told: Sequence[Position], removed: Removed) -> list[Position]:
    kept = []
    for line in told:
        gone = [it for it in removed.lines if it.id == line.id]
        value, units = line.value - sum(it.value for it in gone), line.quantity - sum(it.units for it in gone)
        if units > 0:
            kept.append(replace(line, value=max(0, value), quantity=units))
    return kept
