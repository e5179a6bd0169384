"""Paddle Billing: completed transactions, and adjustments that give money back."""

from collections.abc import Mapping, Sequence
from typing import Any

from tributary.domain.money import exponent
from tributary.shops import amounts, hex_signature, reading
from tributary.shops.adapter import Adapter, Delivery, Named, Names
from tributary.shops.told import NO_REFERRAL, Brought, Ignored, Order, Position, Referral, Refund, Told, Withdrawal

_SCHEME = hex_signature.Scheme("paddle-signature", ";", "ts", "h1", b":")
_GIVES_BACK = {"refund", "chargeback"}
_UNSETTLED = {"pending_approval": "pending approval", "rejected": "rejected"}
_MOVES_NO_MONEY = {
    "credit": "credit",
    "credit_reverse": "credit",
    "chargeback_warning": "warning",
    "chargeback_warning_reverse": "warning",
    # It does not name the chargeback, whose own status turns to reversed.
    "chargeback_reverse": "told by the chargeback",
}


def _signed(delivery: Delivery, secrets: Sequence[str]) -> bool:
    return hex_signature.signed_in_time(delivery, secrets, _SCHEME)


def _topic(delivery: Delivery) -> str:
    return reading.topic(delivery.body, "event_type")


def _read(delivery: Delivery, names: Names) -> tuple[Told, ...]:
    body = reading.document(delivery.body)
    topic = reading.text(body, "event_type")
    if topic not in {"transaction.completed", "adjustment.created", "adjustment.updated"}:
        return (Ignored("told by another event" if topic == "transaction.paid" else "other topic"),)
    # Paddle's simulator signs like a live sender; its ids alone tell it.
    ids = (reading.identifier(body, "event_id"), str(body.get("notification_id")))
    if any(it.startswith("ntfsim") for it in ids):
        return (Ignored("test"),)
    data = reading.member(body, "data")
    at = reading.moment(reading.member(body, "occurred_at"), "occurred_at")
    return (_transaction(data, at, names) if topic == "transaction.completed" else _adjustment(data),)


def _transaction(data: Any, at: str, names: Names) -> Told:
    if reading.text(data, "status") != "completed":
        return Ignored("not paid yet")
    code, totals = reading.currency(data, "currency_code"), reading.within(data, "details", "totals")
    total, found = _amount(totals, "total", code), _referral(data, names)
    subscription = None if reading.within(data, "subscription_id") is None else _id(data, "subscription_id")
    paid = _paid(totals, total, code)
    if paid <= 0:
        return (
            Brought(subscription, found, _occurred_at(data, at))
            if subscription and found != NO_REFERRAL
            else Ignored("no money")
        )
    lines, tax = _parts(data, code, total, paid)
    return Order(
        id=_id(data, "id"),
        currency=code,
        total=paid,
        lines=lines,
        occurred_at=_occurred_at(data, at),
        as_of=at,
        tax=tax,
        discount=_amount(totals, "discount", code),
        referral=found,
        subscription=subscription,
        renewal=subscription is not None and str(data.get("origin")).startswith("subscription_"),
    )


def _paid(totals: Any, total: int, code: str) -> int:
    """The buyer's money: the grand total, which lacks that paid by credit of the customer's balance."""
    if reading.within(totals, "grand_total") is None:
        return total - _amount(totals, "credit", code)
    return _amount(totals, "grand_total", code)


def _parts(data: Any, code: str, total: int, paid: int) -> tuple[tuple[Position, ...], int]:
    """Lines and tax of the buyer's money."""
    details, recurring = reading.within(data, "details"), _recurring_prices(data)
    lines = [_position(line, code, recurring) for line in reading.objects(details, "line_items")]
    tax, told = (_amount(reading.within(details, "totals"), name, code) for name in ("tax", "grand_total_tax"))
    # Until January 2026 the tax of the grand total was told as all the tax, whatever credit had paid.
    if paid != total and 0 < told < tax:
        fitted, tax, _ = amounts.parts(lines, paid, told)
    else:
        fitted, tax, _ = amounts.parts(lines, total, tax, paid=paid)
    return fitted, tax


def _position(line: Mapping[str, Any], code: str, recurring: set[str]) -> Position:
    """A line after its discount and without tax, both if prices hold tax and if it comes on top."""
    totals = reading.member(line, "totals")
    price = str(line.get("price_id"))
    return Position(
        name=reading.label(reading.within(line, "product", "name"), "Product"),
        value=_amount(totals, "total", code) - _amount(totals, "tax", code),
        quantity=amounts.units(line.get("quantity")),
        type="subscription" if price in recurring else "product",
        id=_id(line, "id"),
        attributes={"sku": sku} if (sku := reading.label(line.get("price_id"), "")) else {},
    )


def _recurring_prices(data: Any) -> set[str]:
    prices = [reading.within(item, "price") for item in reading.objects(data, "items")]
    return {str(reading.within(it, "id")) for it in prices if reading.within(it, "billing_cycle") is not None}


def _occurred_at(data: Any, at: str) -> str:
    billed = reading.within(data, "billed_at")
    return at if billed is None else reading.moment(billed, "billed_at")


def _referral(data: Any, names: Names) -> Referral:
    """Custom data, the page of the checkout, and the id of the discount, whose code Paddle does not tell."""
    custom = reading.within(data, "custom_data")
    pairs = list(custom.items()) if isinstance(custom, dict) else []
    url, discount = reading.within(data, "checkout", "url"), reading.within(data, "discount_id")
    return reading.referral(pairs, names, [url], [discount])


def _adjustment(data: Any) -> Told:
    action, status = reading.text(data, "action"), reading.text(data, "status")
    if action not in _GIVES_BACK:
        return Ignored(_MOVES_NO_MONEY.get(action, "other action"))
    order = _id(data, "transaction_id")
    if status == "reversed":
        return Withdrawal(_id(data, "id"), order=order)
    if status != "approved":
        return Ignored(_UNSETTLED.get(status, "not approved"))
    code, totals = reading.currency(data, "currency_code"), reading.within(data, "totals")
    money = _amount(totals, "total", code)
    if money <= 0:
        return Ignored("no money")
    items = [(_id(item, "item_id"), _subtotal(item, code)) for item in reading.objects(data, "items")]
    lines = tuple((item, value) for item, value in items if value > 0)
    return Refund(_id(data, "id"), money, code, order=order, lines=lines, tax=_amount(totals, "tax", code))


def _subtotal(item: Mapping[str, Any], code: str) -> int:
    return _amount(item.get("totals"), "subtotal", code)


def _amount(of: Any, name: str, code: str) -> int:
    """Minor units of an amount: Paddle's lowest denominations are those of ISO 4217."""
    return amounts.minor(of, name, code, exponent(code))


def _id(of: Any, name: str) -> str:
    return reading.identifier(of, name)


def _named(delivery: Delivery) -> Named:
    body = reading.document(delivery.body)
    data, topic = reading.within(body, "data"), str(body.get("event_type"))
    if topic.startswith("adjustment."):
        return Named(reading.optional(data, "transaction_id"), reading.optional(data, "id"))
    return Named(reading.optional(data, "id") if topic.startswith("transaction.") else None)


ADAPTER = Adapter(
    "paddle",
    _signed,
    _topic,
    _read,
    _named,
    signed_late=lambda delivery, secrets: hex_signature.signed_late(delivery, secrets, _SCHEME),
    list_id=r"txn_\w+",
)
