"""WooCommerce: the order as it is when sent, with the ids of its refunds. Totals are without tax."""

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

from tributary.domain.money import exponent
from tributary.shops import headers, lines, reading
from tributary.shops.adapter import Adapter, Delivery, Names, Unreadable
from tributary.shops.told import Ignored, Order, Position, Referral, Refund, Told

_PING = re.compile(rb"webhook_id=\d{1,20}")
_SIGNATURE, _TOPIC = "x-wc-webhook-signature", "x-wc-webhook-topic"
_TOTALS = ("total", "total_tax", "shipping_total", "discount_total")
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
    if not body.get("date_paid_gmt"):
        return (Ignored("not paid yet"),)
    code = reading.currency(body, "currency")
    if not lines.amount(body, "total", code):
        return (Ignored("no money"),)
    return (_order(body, code, names),)


def _order(body: Mapping[str, Any], code: str, names: Names) -> Order:
    total, tax, shipping, less = (lines.amount(body, name, code) for name in _TOTALS)
    fees = [reading.major(fee, "total", code) for fee in reading.objects(body, "fee_lines")]
    fee = sum(value for value in fees if value > 0)
    # Fees below zero are how plugins write a store credit or a discount, and gift cards lower the total alone.
    credit = fee - sum(fees) + _gift_cards(body, code)
    told = lines.lowered(_lines(body, code), credit, "fee_lines")
    rest = total - tax - shipping - fee - lines.worth(told)
    meta = _meta(body)
    return Order(
        id=reading.identifier(body, "id"),
        currency=code,
        total=total,
        lines=_settled(told, rest, _rounding(body, code)),
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


def _lines(body: Mapping[str, Any], code: str) -> list[Position]:
    told = []
    for line in reading.objects(body, "line_items"):
        value, units = lines.amount(line, "total", code), lines.quantity(line, "quantity")
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
    return told


def _plain(name: Any) -> str | None:
    return html.unescape(name) if isinstance(name, str) else None


def _settled(told: Sequence[Position], rest: int, most: int) -> tuple[Position, ...]:
    """The lines with what rounding left: each part is rounded to the decimals that the shop shows."""
    if not rest:
        return tuple(told)
    if not told or abs(rest) > most or max(line.value for line in told) + rest < 0:
        raise Unreadable("total and its parts do not add up")
    return lines.rounded(told, rest)


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


ADAPTER = Adapter(vendor="woocommerce", signed=_signed, topic=_topic, read=_read, greeting=_greeting)
