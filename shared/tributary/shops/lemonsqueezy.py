"""Lemon Squeezy: orders, payments of subscriptions, and what of each has been refunded so far."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from tributary.domain.money import exponent
from tributary.domain.shares import spread
from tributary.shops import amounts, hex_signature, reading
from tributary.shops.adapter import Adapter, Delivery, Named, Names, Unreadable
from tributary.shops.told import Ignored, Order, Position, Referral, Refund, Told

_INVOICES = "subscription-invoices"
_TYPES = {
    "order_created": "orders",
    "order_refunded": "orders",
    "subscription_payment_success": _INVOICES,
    "subscription_payment_recovered": _INVOICES,
    "subscription_payment_refunded": _INVOICES,
}
_PAID = {"paid", "partial_refund", "refunded"}


def _signed(delivery: Delivery, secrets: Sequence[str]) -> bool:
    return hex_signature.signed(delivery.body, [delivery.headers.get("x-signature", "")], secrets)


def _topic(delivery: Delivery) -> str:
    return reading.topic(delivery.body, "meta", "event_name")


def _read(delivery: Delivery, names: Names) -> tuple[Told, ...]:
    body = reading.document(delivery.body)
    meta, data = reading.member(body, "meta"), reading.within(body, "data")
    topic = reading.text(meta, "event_name")
    if topic not in _TYPES:
        return (Ignored("other topic"),)
    if reading.text(data, "type") != _TYPES[topic]:
        raise Unreadable("type is not that of the event")
    told = reading.member(data, "attributes")
    if _is_true(meta, "test_mode") or _is_true(told, "test_mode"):
        return (Ignored("test"),)
    if _TYPES[topic] == _INVOICES and reading.text(told, "billing_reason") == "initial":
        # The order has told the first payment of a subscription, under an id of another sequence.
        return (Ignored("told by the order"),)
    refunds = _refund(data, told)
    if topic.endswith("_refunded"):
        return refunds or (Ignored("no money"),)
    order = _order(data, told, _referral(meta, names))
    return (order, *refunds) if isinstance(order, Order) else (order,)


def _order(data: Any, told: Any, found: Referral) -> Order | Ignored:
    if reading.text(told, "status") not in _PAID:
        return Ignored("not paid yet")
    code, places = _currency(told)
    total, tax = amounts.minor(told, "total", code, places), max(0, _part(told, "tax", code, places))
    if total <= 0:
        return Ignored("no money")
    setup = _setup_fee(told, code, places)
    goods, fee = (total - tax, 0) if setup is None else spread(total - tax, setup)
    if min(goods, fee, tax) < 0:
        raise Unreadable("the parts of the total do not add up")
    recurring = reading.within(data, "type") == _INVOICES
    return Order(
        id=_key(data),
        currency=code,
        total=total,
        lines=(_subscription_line(goods) if recurring else _item(told, goods),),
        occurred_at=reading.moment(reading.member(told, "created_at"), "created_at"),
        as_of=reading.moment(reading.member(told, "updated_at"), "updated_at"),
        tax=tax,
        fee=fee,
        discount=_part(told, "discount_total", code, places),
        referral=found,
        subscription=reading.identifier(told, "subscription_id") if recurring else None,
        renewal=recurring,
    )


def _item(told: Any, goods: int) -> Position:
    """The order as its first item, the only one told."""
    item = reading.within(told, "first_order_item")
    variant = reading.within(item, "variant_id")
    return Position(
        name=reading.label(reading.within(item, "product_name"), "Order"),
        value=goods,
        quantity=amounts.units(reading.within(item, "quantity")),
        id=None if item is None else reading.identifier(item, "id"),
        attributes={} if variant is None else {"sku": reading.identifier(item, "variant_id")},
    )


def _subscription_line(goods: int) -> Position:
    return Position("Subscription", goods, type="subscription")


def _setup_fee(told: Any, code: str, places: int) -> list[int] | None:
    """Goods and setup fee, if there is one on top of the subtotal and not within it."""
    fee, subtotal, discount, tax, total = (
        _part(told, name, code, places) for name in ("setup_fee", "subtotal", "discount_total", "tax", "total")
    )
    on_top = 0 if _is_true(told, "tax_inclusive") else tax
    adds_up = fee > 0 and subtotal >= discount and subtotal - discount + fee + on_top == total
    return [subtotal - discount, fee] if adds_up else None


def _part(told: Any, name: str, code: str, places: int) -> int:
    return amounts.minor(told, name, code, places, rounded=True)


def _refund(data: Any, told: Any) -> tuple[Refund, ...]:
    """All that was refunded until now: there is no refund with an id of its own."""
    code, places = _currency(told)
    name = "total" if told.get("refunded_amount") is None and _is_true(told, "refunded") else "refunded_amount"
    money = amounts.minor(told, name, code, places)
    key = _key(data)
    return (Refund(f"{key}:{money}", money, code, order=key, so_far=True),) if money > 0 else ()


def _key(data: Any) -> str:
    """Orders and invoices have number sequences of their own, so an invoice's key names its type."""
    number = reading.identifier(data, "id")
    return f"{_INVOICES}/{number}" if reading.within(data, "type") == _INVOICES else number


def _currency(told: Any) -> tuple[str, int]:
    """The currency, and the decimals of its unit.

    It is not documented for currencies without cents, so the total as shown to the buyer tells it there."""
    code = reading.currency(told, "currency")
    if exponent(code) == 2:
        return code, 2
    total, shown = reading.whole(told, "total"), _shown(told, exponent(code))
    for places in (exponent(code), 2):
        if shown is not None and total == shown.scaleb(places):
            return code, places
    raise Unreadable("total_formatted does not show the unit of the currency")


def _shown(told: Any, decimals: int) -> Decimal | None:
    """The number in a formatted total, whose last separator is the point if two digits, or all decimals, follow."""
    shown = told.get("total_formatted")
    digits = re.search(r"\d[\d.,]{0,30}", shown, re.ASCII) if isinstance(shown, str) else None
    if digits is None:
        return None
    whole, _, rest = digits[0].replace(",", ".").rpartition(".")
    if whole and len(rest) in {2, decimals}:
        return Decimal(f"{whole.replace('.', '')}.{rest}")
    return Decimal(digits[0].replace(",", "").replace(".", ""))


def _referral(meta: Any, names: Names) -> Referral:
    custom = reading.within(meta, "custom_data")
    return reading.referral(list(custom.items()) if isinstance(custom, dict) else [], names)


def _is_true(of: Any, name: str) -> bool:
    return reading.within(of, name) is True


def _named(delivery: Delivery) -> Named:
    data = reading.within(reading.document(delivery.body), "data")
    known = reading.within(data, "type") in ("orders", _INVOICES) and reading.optional(data, "id") is not None
    return Named(_key(data) if known else None)


ADAPTER = Adapter("lemonsqueezy", _signed, _topic, _read, _named, list_id=rf"({_INVOICES}/)?\d+")
