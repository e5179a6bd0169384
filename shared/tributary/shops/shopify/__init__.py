"""Shopify: orders as snapshots in the shop's currency, and refunds by their own ids."""

from collections.abc import Mapping, Sequence
from typing import Any

from tributary.shops import headers, lines, reading
from tributary.shops.adapter import Adapter, Delivery, Named, Names, Unreadable
from tributary.shops.shopify import money_back, order_lines
from tributary.shops.told import Ignored, Order, Referral, Refund, Refused, Told

#: Money came in; later refunds change the status and leave the order a sale.
_PAID = ("paid", "partially_refunded", "refunded")
#: Deliveries of the newer events API have the same headers without the X, and its SDK looks for them first.
_SIGNATURES = ("shopify-hmac-sha256", "x-shopify-hmac-sha256")
_TOPICS = ("shopify-topic", "x-shopify-topic")


def _signed(delivery: Delivery, secrets: Sequence[str]) -> bool:
    return headers.signed(delivery.body, _header(delivery, _SIGNATURES), secrets)


def _topic(delivery: Delivery) -> str:
    return headers.topic(_header(delivery, _TOPICS))


def _header(delivery: Delivery, names: Sequence[str]) -> str | None:
    return next((delivery.headers[name] for name in names if name in delivery.headers), None)


def _read(delivery: Delivery, names: Names) -> tuple[Told, ...]:
    """Facts by the form of the body: the topic's header is not signed."""
    body = reading.document(delivery.body)
    if "order_edit" in body:
        return (Ignored("no order in the body; orders/updated follows"),)
    if "refund_line_items" in body:
        return (money_back.read(body, reading.identifier(body, "order_id")),)
    if "financial_status" in body:
        return _order(body, names)
    return (Ignored("no order in the body"),)


def _order(body: Mapping[str, Any], names: Names) -> tuple[Told, ...]:
    if body.get("test") is True:
        return (Ignored("test"),)
    if body["financial_status"] not in _PAID:
        return (Ignored("not paid yet"),)
    code, order = reading.currency(body, "currency"), reading.identifier(body, "id")
    total = lines.amount(body, "total_price", code)
    if not total:
        return (_without_money(body, code, order),)
    inside = reading.objects(body, "refunds")
    whole = money_back.Whole(code, body.get("taxes_included") is True, reading.within(body, "total_price_set"))
    told = [(refund, _refund(refund, order, whole)) for refund in inside]
    back = [fact for _, fact in told if isinstance(fact, Refund)]
    bare = [refund for refund, fact in told if fact == money_back.WITHOUT_MONEY]
    removed = order_lines.removed_unpaid(body, code, sum(fact.amount or 0 for fact in back), bare)
    refused = [fact for _, fact in told if isinstance(fact, Refused)]
    if removed.total == total:
        return (_without_money(body, code, order), *back, *refused)
    return (_sale(body, code, names, removed), *back, *refused)


def _refund(refund: Mapping[str, Any], order: str, whole: money_back.Whole) -> Refund | Ignored | Refused:
    """A refund inside an order: one that cannot be read does not keep the order from counting."""
    try:
        return money_back.read(refund, order, whole)
    except Unreadable as error:
        return Refused(f"refunds: {error}")


def _without_money(body: Mapping[str, Any], code: str, order: str) -> Told:
    """A free order; one that is known was edited down to nothing."""
    if body.get("updated_at") is None:
        return Ignored("no money")
    at = reading.moment(body["updated_at"], "updated_at")
    return Order(order, code, 0, (), at, at, unless_known="no money")


def _sale(body: Mapping[str, Any], code: str, names: Names, removed: order_lines.Removed) -> Order:
    parts = order_lines.parts(body, code, removed)
    placed = "processed_at" if body.get("processed_at") is not None else "created_at"
    return Order(
        id=reading.identifier(body, "id"),
        currency=code,
        total=parts.total,
        lines=parts.lines,
        # An imported order was processed long before it was created here.
        occurred_at=reading.moment(reading.member(body, placed), placed),
        as_of=reading.moment(reading.member(body, "updated_at"), "updated_at"),
        tax=parts.tax,
        shipping=parts.shipping,
        fee=parts.fee,
        discount=parts.discount,
        referral=_referral(body, names),
    )


def _referral(body: Mapping[str, Any], names: Names) -> Referral:
    notes = [(str(note.get("name")), note.get("value")) for note in reading.objects(body, "note_attributes")]
    codes = [code.get("code") for code in reading.objects(body, "discount_codes")]
    return reading.referral(notes, names, [body.get("landing_site")], codes)


def _named(delivery: Delivery) -> Named:
    body = reading.document(delivery.body)
    if "order_edit" in body:
        return Named(reading.optional(body, "order_edit", "order_id"))
    if "refund_line_items" in body:
        return Named(reading.optional(body, "order_id"), reading.optional(body, "id"))
    return Named(reading.optional(body, "id") if "financial_status" in body else None)


ADAPTER = Adapter(vendor="shopify", signed=_signed, topic=_topic, read=_read, named=_named, list_id=r"\d{8,}")
