"""Reminders to buy again: one per customer and product or variant, for the newest order of it.

An order replaces every older one for good, even if it is cancelled, so the sequence of updates never matters.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tributary.domain import times
from tributary.domain.order import CANCELLED, REFUNDED, OrderItem, OrderUpdate

#: Waiting for its day; not or no longer wanted; announced.
PENDING, SILENT, DUE = "pending", "silent", "due"


@dataclass(frozen=True)
class Place:
    """The subject of a reminder: a product, or one variant of it."""

    product_id: str
    variant_id: str | None = None


def places(items: Sequence[OrderItem], products: Mapping[str, Mapping[str, Any]]) -> dict[Place, int | None]:
    """Everything bought by an order, with the days until its reminder.

    None where the catalogue sets no reminder; an older reminder ends all the same."""
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
    """Sort key of orders: the later one wins; a tie is broken the same way every time."""
    return ordered_at, digest


def due_at(ordered_at: str, days: int | None) -> str | None:
    return None if days is None else times.later(ordered_at, days=days)


def status(placed: OrderUpdate, due: str | None, ended: bool, now: str) -> str:
    """The status of an order's reminder: pending unless the order ended, was imported, or its day has passed."""
    wanted = due is not None and due > now and not ended and placed.automations
    return PENDING if wanted else SILENT


def has_ended(placed: OrderUpdate, updates: Sequence[OrderUpdate]) -> bool:
    """True if nothing of an order is left: cancelled, or refunded at once or in parts."""
    refunds = [update.refund_amount for update in updates if update.status == REFUNDED]
    whole = None in refunds or (bool(refunds) and sum(it or 0 for it in refunds) >= placed.total)
    return whole or any(update.status == CANCELLED for update in updates)
