"""Refunds of Shopify. The money is that of transactions; lines only say where it belongs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tributary.shops import lines, reading
from tributary.shops.adapter import Unreadable
from tributary.shops.told import Ignored, Refund

#: An order edit that removes a line, or goods that come back without money.
WITHOUT_MONEY = Ignored("refund without money")

_ADJUSTED = "shipping_refund"


@dataclass(frozen=True)
class Touched:
    """A line that a refund touches, in the shop's money; `value` has no tax."""

    id: str
    value: int
    tax: int
    units: Any


@dataclass(frozen=True)
class Whole:
    """The order around a refund: the shop's currency, true for prices with tax inside, the total in both currencies."""

    shop: str
    included: bool
    total: Any = None


def read(refund: Mapping[str, Any], order: str, whole: Whole | None = None) -> Refund | Ignored:
    """The refund, or the reason to ignore it; `whole` is the order around it, if it is told inside one."""
    back = [it for it in reading.objects(refund, "transactions") if it.get("kind") == "refund"]
    if reason := _unsettled(back):
        return Ignored(reason)
    back = [it for it in back if it.get("status") == "success"]
    amount, code = _money(refund, back, whole) if back else (0, "")
    if not amount:
        return WITHOUT_MONEY
    shipping, shipping_tax = _shipping(refund, code)
    told = touched(refund, code, _included(refund, code, amount, shipping) if whole is None else whole.included)
    return Refund(
        id=reading.identifier(refund, "id"),
        amount=amount,
        currency=code,
        order=order,
        lines=tuple((line.id, line.value) for line in told if line.value),
        tax=lines.within_ledger(sum(line.tax for line in told) + shipping_tax, "total_tax"),
        shipping=lines.within_ledger(shipping, "order_adjustments"),
    )


def _unsettled(back: Sequence[Mapping[str, Any]]) -> str | None:
    """The reason why these transactions are no money, or not yet."""
    if any(it.get("test") is True for it in back):
        return "test"
    # Told again inside the order once it is settled; until then its money may grow.
    if any(it.get("status") == "pending" for it in back):
        return "refund is pending"
    # The notification that the admin sends as a test says nothing else of a test.
    if any(it.get("currency") is None for it in back):
        return "refund without a currency"
    return None


def touched(refund: Mapping[str, Any], code: str, included: bool) -> list[Touched]:
    """The lines of a refund; prices that include tax are told with it."""
    told = []
    for line in reading.objects(refund, "refund_line_items"):
        value, tax = _amount(line, "subtotal", code), _amount(line, "total_tax", code)
        if included and tax > value:
            raise Unreadable("total_tax exceeds subtotal")
        units = lines.quantity(line, "quantity")
        told.append(Touched(reading.identifier(line, "line_item_id"), value - tax * included, tax, units))
    return told


def _money(refund: Mapping[str, Any], back: Sequence[Mapping[str, Any]], whole: Whole | None) -> tuple[int, str]:
    """The sum in the shop's currency. A buyer who paid in another one also gets that back in it."""
    codes = {reading.currency(it, "currency") for it in back}
    if len(codes) > 1:
        raise Unreadable("transactions have several currencies")
    code = codes.pop()
    amount = lines.within_ledger(sum(lines.amount(it, "amount", code) for it in back), "amount")
    shop = whole.shop if whole else next(_shops(refund), code)
    if shop == code:
        return amount, code
    ours, theirs = _rate(refund, shop, code, whole)
    return lines.within_ledger((2 * amount * ours + theirs) // (2 * theirs), "amount"), shop


def _rate(refund: Mapping[str, Any], shop: str, code: str, whole: Whole | None) -> tuple[int, int]:
    """Equal amounts in the currencies of the shop and the buyer: of the refund's parts, else of its adjustments, as a
    refund of an amount without lines has one, else of the whole order."""
    total = [whole.total] if whole and isinstance(whole.total, Mapping) else []
    for told in (_sets(refund), _amounts(reading.objects(refund, "order_adjustments")), total):
        pairs = [pair for money in told if (pair := _pair(money, shop, code))]
        ours, theirs = sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
        if ours > 0 and theirs > 0:
            return ours, theirs
    raise Unreadable("amount is in another currency than the shop's")


def _pair(money: Mapping[str, Any], shop: str, code: str) -> tuple[int, int] | None:
    """The absolute amounts of one set in the currencies of the shop and the buyer; None in others."""
    found = []
    for name, wanted in (("shop_money", shop), ("presentment_money", code)):
        side = money.get(name)
        if reading.within(side, "currency_code") != wanted:
            return None
        found.append(abs(reading.major(side, "amount", wanted)))
    return found[0], found[1]


def _sets(refund: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """All amounts of the refund's lines, its shipping and their tax, in both currencies."""
    for line in reading.objects(refund, "refund_line_items"):
        yield from _both(line, "subtotal_set", "total_tax_set")
    yield from _amounts(_adjustments(refund))


def _amounts(adjustments: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for it in adjustments:
        yield from _both(it, "amount_set", "tax_amount_set")


def _both(holder: Mapping[str, Any], *members: str) -> Iterator[Mapping[str, Any]]:
    yield from (holder[name] for name in members if isinstance(holder.get(name), Mapping))


def _shops(refund: Mapping[str, Any]) -> Iterator[str]:
    adjusted = _amounts(reading.objects(refund, "order_adjustments"))
    for money in (*_sets(refund), *adjusted, *_both(refund, "total_duties_set")):
        side = money.get("shop_money")
        if isinstance(side, Mapping) and side.get("currency_code") is not None:
            yield reading.currency(side, "currency_code")


def _adjustments(refund: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [it for it in reading.objects(refund, "order_adjustments") if it.get("kind") == _ADJUSTED]


def _shipping(refund: Mapping[str, Any], code: str) -> tuple[int, int]:
    """Shipping given back and its tax; adjustments are below zero."""
    adjusted = _adjustments(refund)
    if adjusted:
        named = ("amount", "tax_amount")
        value, tax = (abs(sum(reading.major(it, name, code) for it in adjusted)) for name in named)
        return value, tax
    return sum(_amount(it, "subtotal_amount", code) for it in reading.objects(refund, "refund_shipping_lines")), 0


def _included(refund: Mapping[str, Any], code: str, amount: int, shipping: int) -> bool:
    """True if the money is that of the lines without their tax on top: then their prices include it."""
    told = reading.objects(refund, "refund_line_items")
    value, tax = (sum(_amount(line, name, code) for line in told) for name in ("subtotal", "total_tax"))
    return 0 < tax <= value and value + shipping == amount


def _amount(of: Mapping[str, Any], name: str, code: str) -> int:
    """An amount by its text in the set; the plain member may be a number."""
    side = reading.within(of, f"{name}_set", "shop_money")
    return lines.amount(of, name, code) if side is None else lines.amount(side, "amount", code)
