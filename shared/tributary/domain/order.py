"""An order's life as reported by its shop, update by update, and the sale made by a placed order."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tributary.domain.ids import text_digest
from tributary.domain.money import major_text, minor_total
from tributary.domain.quantity import Quantity, weight
from tributary.domain.shares import spread
from tributary.domain.transaction import Line, divided

PLACED, CANCELLED, FULFILLED, REFUNDED = STATUSES = ("placed", "cancelled", "fulfilled", "refunded")
_JOB = "commerce-order-"
#: 128 bits identify an order within its organization, and a refund within its order.
_DIGITS = 32


@dataclass(frozen=True)
class OrderItem:
    """An item of an order. `price` is per unit, in minor units or finer, before what is of the whole order."""

    product_id: str
    title: str
    quantity: Quantity
    price: Decimal | int | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class OrderUpdate:
    """One report of an order by its shop; amounts in minor units of `currency`.

    `customer_totals` are the shop's own sums, as members of STATABLE. `properties` is JSON text. `automations=False`
    marks an import. `received_at` is the moment of recording.
    """

    organization: str
    job_id: str
    received_at: str
    source: str
    order_id: str
    order_number: str
    status: str
    ordered_at: str
    total: int
    currency: str
    items: tuple[OrderItem, ...] = ()
    customer_id: int = 0
    refund_id: str | None = None
    refund_amount: int | None = None
    customer_totals: Mapping[str, int] = field(default_factory=dict)
    properties: str = "{}"
    tracking_id: int | None = None
    automations: bool = True


def members(update: OrderUpdate) -> dict[str, Any]:
    """The members of a report that a repeat may state differently, except its customer."""
    return {
        "orderNumber": update.order_number,
        "totalCents": update.total,
        "currency": update.currency,
        "orderedAt": update.ordered_at,
        "items": update.items,
        "refundAmountCents": update.refund_amount,
        "customerTotals": dict(update.customer_totals),
        "properties": json.loads(update.properties),
        "trackingId": update.tracking_id,
    }


def order_digest(source: str, order_id: str) -> str:
    """An order's identity within its organization, in keys and job ids."""
    return text_digest(source, order_id)[:_DIGITS]


def job_id(source: str, order_id: str, status: str, refund_id: str | None) -> str:
    """The job id of an update: order and status, and for a refund its own id too. Each job counts once."""
    named = "" if refund_id is None else "-" + text_digest(refund_id)[:_DIGITS]
    return f"{_JOB}{order_digest(source, order_id)}-{status}{named}"


def read_job_id(text: str) -> tuple[str, str] | None:
    """The order's digest and the rest of a job id, or None for any other text."""
    digest, dash, rest = text.removeprefix(_JOB).partition("-")
    hexadecimal = len(digest) == _DIGITS and set(digest) <= set("0123456789abcdef")
    known = rest.partition("-")[0] in STATUSES and len(rest) <= _DIGITS + 10
    return (digest, rest) if text.startswith(_JOB) and dash and hexadecimal and known else None


def paid_lines(total: int, currency: str, items: Sequence[OrderItem]) -> tuple[Line, ...]:
    """The sale's details: the amount paid for each item, adding up exactly to the total.

    Prices that make the total are the values. Otherwise the rest goes to items without a price, by quantity, or the
    total is spread over all items by price. So the whole total earns commission and can be refunded."""
    shares = spread(total, _weights(total, items))
    return tuple(line for item, share in zip(items, shares, strict=True) for line in _units(item, share, currency))


def _weights(total: int, items: Sequence[OrderItem]) -> list[int]:
    priced = [0 if item.price is None else minor_total(item.price, item.quantity) for item in items]
    rest = total - sum(priced)
    unpriced = [weight(item.quantity) if item.price is None else 0 for item in items]
    if rest > 0 and any(unpriced):
        return [known or share for known, share in zip(priced, spread(rest, unpriced), strict=True)]
    return priced if any(priced) else [weight(item.quantity) for item in items]


def _units(item: OrderItem, paid: int, currency: str) -> tuple[Line, ...]:
    """One detail, or two a minor unit apart if the amount does not divide evenly."""
    attributes = {"externalId": item.product_id, **item.attributes}
    price = None if item.price is None else major_text(item.price, currency)
    return divided(Line(item.title, 0, attributes=attributes), paid, item.quantity, price)
