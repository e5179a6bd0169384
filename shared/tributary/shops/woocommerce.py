"""WooCommerce: the order as it is when sent, with the ids of its refunds. Totals are without tax."""

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

from tributary.domain.money import exponent
from tributary.shops import headers, lines, reading
from tributary.shops.adapter import Adapter, Delivery, Named, Names, Unreadable
from tributary.shops.told import Ignored, Order, Position, Referral, Refund, Refused, Stated, Told

_PING = re.compile(rb"webhook_id=\d{1,20}")
_SIGNATURE, _TOPIC = "x-wc-webhook-signature", "x-wc-webhook-topic"
_PARTS = ("shipping_total", "total_tax")
#: URL of the buyer's first page, as the order attribution of WooCommerce keeps it.
_ENTRY = "_wc_order_attribution_session_entry"
#: The subscriptions plugin names the subscription in each order of a renewal.
_RENEWS = "_subscription_renewal"
#: WooCommerce signs with its secret after decoding these, so that is the key of a secret pasted in either form.
_ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#039;": "'", "&#39;": "'"}
_ENTITY = re.compile("|".join(map(re.escape, _ENTITIES)))


def _signed(delivery: Delivery, secrets: Sequence[str]) -> bool:
    decoded = [_ENTITY.sub(lambda found: _ENTITIES[found[0]], secret) for secret in secrets]
    return headers.signed(delivery.body, delivery.headers.get(_SIGNATURE), decoded)


def _greeting(delivery: Delivery) -> str | None:
    """The ping that is sent, unsigned, when the webhook is saved; it wants 200."""
    bare = not any(name.startswith("x-wc-") for name in delivery.headers)
    return "ping" if bare and _PING.fullmatch(delivery.body) else None


def _read(delivery: Delivery, names: Names) -> tuple[Told, ...]:
    body = reading.document(delivery.body)
    # An error body is signed like an order: the webhook's user may no longer see the order.
    if "id" not in body:
        return (Ignored("no order in the body"),)
    if body.keys() == {"id"}:
        return (Ignored("deleted: money unknown"),)
    # A subscription of the plugin has the form of an order, and each of its payments an order of its own.
    if "line_items" not in body or "billing_period" in body:
        return (Ignored("no order in the body"),)
    # Plugins of marketplaces write a part of an order for each seller: its money is the order's.
    if _parent(body):
        return (Ignored(f"part of order {_parent(body)}"),)
    if not body.get("date_paid_gmt"):
        new = delivery.headers.get(_TOPIC) == "order.created"
        return (Ignored("not paid yet") if new else _without_money(body, "not paid yet"),)
    code = reading.currency(body, "currency")
    if not lines.amount(body, "total", code):
        return (_without_money(body, "no money"),)
    try:
        return (_order(body, code, names),)
    except Unreadable as error:
        return (*_stated(body, code), Refused(str(error)))


def _parent(body: Mapping[str, Any]) -> str | None:
    named = body.get("parent_id")
    return None if named in (None, 0, "0", "") else reading.identifier(body, "parent_id")


def _without_money(body: Mapping[str, Any], reason: str) -> Told:
    """An order that has no money, or no longer."""
    modified = body.get("date_modified_gmt")
    if modified is None:
        return Ignored(reason)
    at, code = reading.moment(modified, "date_modified_gmt"), reading.currency(body, "currency")
    return Order(
        id=reading.identifier(body, "id"),
        currency=code,
        total=0,
        lines=(),
        occurred_at=at,
        as_of=at,
        refunds=_refunds(body, code),
        in_turn=True,
        unless_known=reason,
        unpaid=not body.get("date_paid_gmt"),
    )


def _stated(body: Mapping[str, Any], code: str) -> tuple[Stated, ...]:
    """The refunds of an order that cannot be read; none if they cannot be read either."""
    try:
        at = _moment(body, "date_modified_gmt")
        return (Stated(reading.identifier(body, "id"), at, code, _refunds(body, code)),)
    except Unreadable:
        return ()


def _order(body: Mapping[str, Any], code: str, names: Names) -> Order:
    total, less = (lines.amount(body, name, code) for name in ("total", "discount_total"))
    told, gone = _lines(body, code)
    fees = [reading.major(fee, "total", code) for fee in reading.objects(body, "fee_lines")]
    parts = [sum(value for value in fees if value > 0), *(reading.major(body, name, code) for name in _PARTS)]
    # Fees below zero are how plugins write a store credit or a discount, and gift cards lower the total alone.
    credit = gone + sum(-value for value in (*fees, *parts) if value < 0) + _gift_cards(body, code)
    told, parts = _paid(told, [max(0, part) for part in parts], credit)
    told, (fee, shipping, tax) = _settled(told, parts, total - sum(parts) - lines.worth(told), _rounding(body, code))
    meta = _meta(body)
    return Order(
        id=reading.identifier(body, "id"),
        currency=code,
        total=total,
        lines=told,
        occurred_at=_moment(body, "date_created_gmt"),
        as_of=_moment(body, "date_modified_gmt"),
        tax=tax,
        shipping=shipping,
        fee=fee,
        discount=less + credit,
        referral=_referral(body, meta, names),
        subscription=_subscription(meta),
        renewal=body.get("created_via") == "subscription",
        refunds=_refunds(body, code),
        in_turn=True,
    )


def _moment(body: Mapping[str, Any], name: str) -> str:
    """A time that is UTC without saying so; its twin without `_gmt` is that of the shop."""
    return reading.moment(reading.member(body, name), name)


def _lines(body: Mapping[str, Any], code: str) -> tuple[tuple[Position, ...], int]:
    """The lines, and what those below zero take off: goods that the shop takes in exchange."""
    told, gone = list[Position](), 0
    for line in reading.objects(body, "line_items"):
        value = reading.major(line, "total", code)
        if value < 0:
            gone -= value
            continue
        units = lines.quantity(line, "quantity")
        if value or units:
            told.append(
                Position(
                    lines.name(_plain(line.get("name")), line.get("sku")),
                    value,
                    units or 1,
                    id=reading.identifier(line, "id"),
                    attributes=lines.attributes(line.get("sku")),
                )
            )
    return tuple(told), gone


def _plain(name: Any) -> str | None:
    return html.unescape(name) if isinstance(name, str) else None


def _paid(told: Sequence[Position], parts: Sequence[int], credit: int) -> tuple[tuple[Position, ...], list[int]]:
    """Lines and other parts less a credit: it pays the lines, in proportion, and then the parts in their order."""
    left = credit - min(credit, lines.worth(told))
    lowered, paid = lines.lowered(told, credit - left), []
    for part in parts:
        paid.append(max(0, part - left))
        left = max(0, left - part)
    return lowered, paid


def _settled(
    told: Sequence[Position], parts: Sequence[int], rest: int, most: int
) -> tuple[tuple[Position, ...], list[int]]:
    """Lines and other parts with what rounding left: each is rounded to the decimals that the shop shows."""
    if not rest:
        return tuple(told), [*parts]
    greatest = max(parts)
    if abs(rest) <= most and told and max(line.value for line in told) + rest >= 0:
        return lines.rounded(told, rest), [*parts]
    if abs(rest) > most or not greatest or greatest + rest < 0:
        raise Unreadable("total and its parts do not add up")
    place = [*parts].index(greatest)
    return tuple(told), [part + rest * (number == place) for number, part in enumerate(parts)]


def _rounding(body: Mapping[str, Any], code: str) -> int:
    """The most that rounding may leave: half of the last decimal shown, for each part and the total."""
    shown = len(str(body["total"]).partition(".")[2])
    parts = sum(len(reading.objects(body, name)) for name in ("line_items", "fee_lines", "shipping_lines", "tax_lines"))
    return int(10 ** max(0, exponent(code) - shown)) * (parts + 2) // 2


def _gift_cards(body: Mapping[str, Any], code: str) -> int:
    return sum(lines.amount(card, "amount", code) for card in reading.objects(body, "gift_cards"))


def _refunds(body: Mapping[str, Any], code: str) -> tuple[Refund, ...]:
    """All refunds that the order has now: one that is gone was deleted, and its money is not back."""
    order = reading.identifier(body, "id")
    told = []
    for refund in reading.objects(body, "refunds"):
        amount = lines.within_ledger(-reading.major(refund, "total", code), "refunds.total")
        if amount:
            told.append(Refund(reading.identifier(refund, "id"), amount, code, order))
    return tuple(told)


def _meta(body: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [(entry["key"], entry.get("value")) for entry in reading.objects(body, "meta_data") if _keyed(entry)]


def _keyed(entry: Mapping[str, Any]) -> bool:
    return isinstance(entry.get("key"), str)


def _referral(body: Mapping[str, Any], meta: Sequence[tuple[str, Any]], names: Names) -> Referral:
    entries = [value for key, value in meta if key == _ENTRY]
    codes = [coupon.get("code") for coupon in reading.objects(body, "coupon_lines")]
    return reading.referral(meta, names, entries, codes)


def _subscription(meta: Sequence[tuple[str, Any]]) -> str | None:
    said = [str(value) for key, value in meta if key == _RENEWS and isinstance(value, str | int)]
    return next((text for text in said if text.isalnum() and len(text) <= 20), None)


def _topic(delivery: Delivery) -> str:
    return headers.topic(delivery.headers.get(_TOPIC))


def _named(delivery: Delivery) -> Named:
    body = reading.document(delivery.body)
    is_order = body.keys() == {"id"} or ("line_items" in body and "billing_period" not in body)
    return Named(reading.optional(body, "id") if is_order else None)


ADAPTER = Adapter(
    vendor="woocommerce", signed=_signed, topic=_topic, read=_read, named=_named, greeting=_greeting, list_id=r"\d+"
)
