"""Reminders to buy again: one per customer and product, or variant of it, which stands for the newest order of that.

An order takes the place of every older one for good, whatever becomes of it, so that the order in which notices are
heard never matters.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tributary.domain import times
from tributary.domain.order import CANCELLED, REFUNDED, OrderItem, OrderUpdate

#: Waits for its day; nobody is to be reminded, or no more; was announced.
PENDING, SILENT, DUE = "pending", "silent", "due"


@dataclass(frozen=True)
class Place:
    """What a reminder is of: a product, or one variant of it."""

    product_id: str
    variant_id: str | None = None


def places(items: Sequence[OrderItem], products: Mapping[str, Mapping[str, Any]]) -> dict[Place, int | None]:
    """All that an order buys, with the days until it is wanted again; None where the catalogue wants no reminder, and
    an older one ends all the same."""
    found: dict[Place, int | None] = {}
    for item in items:
        whole = Place(item.product_id)
        own = Place(item.product_id, item.attributes.get("variantId"))
        for place in (whole, own):
            found.setdefault(place, None)
        if setting := products.get(item.product_id, {}).get("replenishment"):
            found[own if setting["match"] == "variant" else whole] = setting["days"]
    return found


def rank(ordered_at: str, digest: str) -> tuple[str, str]:
    """Of two orders the greater holds: the later, and of one moment either, but always the same."""
    return ordered_at, digest


def due_at(ordered_at: str, days: int | None) -> str | None:
    return None if days is None else times.later(ordered_at, days=days)


def status(placed: OrderUpdate, due: str | None, ended: bool, now: str) -> str:
    """What becomes of the reminder of an order that is heard of now: none is wanted of what was taken back, of history
    that is imported, nor of a day that is over."""
    wanted = due is not None and due > now and not ended and placed.automations
    return PENDING if wanted else SILENT


def has_ended(placed: OrderUpdate, updates: Sequence[OrderUpdate]) -> bool:
    """Whether nothing of an order is left: it was cancelled, or given back, at once or in parts."""
    refunds = [update.refund_amount for update in updates if update.status == REFUNDED]
    whole = None in refunds or (bool(refunds) and sum(it or 0 for it in refunds) >= placed.total)
    return whole or any(update.status == CANCELLED for update in updates)
