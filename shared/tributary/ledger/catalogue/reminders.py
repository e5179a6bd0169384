"""Reminders to buy again: `reminder#<digest of source, product and variant>` in the customer's partition.

The item names its order. It moves to a newer order, and from `pending` to a final status, by conditional writes only; a
schedule that outlives its reminder finds it superseded.
"""

from typing import Any, Literal

from tributary.domain.ids import text_digest
from tributary.domain.reminder import DUE, PENDING, SILENT, Place
from tributary.ledger.customers import customer_items
from tributary.ledger.store import table
from tributary.ledger.store.expressions import Plus
from tributary.ledger.store.records import replace_unchanged
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

KIND = "reminder"
_DIGITS = 32

#: The reminder is pending and still of the expected order.
_STILL = "#status = :pending AND orderDigest = :order"

Released = Literal["due", "erased", "superseded"]


def key(organization: str, customer_id: int, source: str, place: Place) -> Key:
    named = [source, place.product_id] + ([] if place.variant_id is None else [place.variant_id])
    return customer_items.pk(organization, customer_id), f"{KIND}#{text_digest(*named)[:_DIGITS]}"


def schedule_name(item: Item) -> str:
    """The name of the schedule, one per order of a reminder, so that making it again finds it."""
    return f"{KIND}-{text_digest(item['pk'], item['sk'], item['orderDigest'])[:_DIGITS]}"


def take(item: Item, held: Item | None) -> None:
    """Put a reminder over the one read at its key. ConditionFailed if that has changed."""
    if held is None:
        table.put({**item, "version": 1}, "attribute_not_exists(pk)")
    else:
        replace_unchanged({**item, "version": held["version"] + 1}, held["version"])


def cancel(held: Item, now: str) -> None:
    """Cancel a pending reminder. ConditionFailed if it has changed since it was read."""
    table.update(held["pk"], held["sk"], _ended(SILENT, now), _STILL, order=held["orderDigest"], pending=PENDING)


def release(organization: str, customer_id: int, sk: str, order: str, now: str) -> Released:
    """Make a reminder due, once, which announces it, if it is still of that order and its customer was not erased."""
    customer = customer_items.key(organization, customer_id)
    known = table.check_action(*customer, "listed.#status <> :erased", erased="erased")
    place = customer_items.pk(organization, customer_id), sk
    due = table.update_action(*place, _ended(DUE, now), _STILL, order=order, pending=PENDING)
    try:
        table.transact([known, due])
    except table.ConditionFailed as failure:
        return "superseded" if 1 in failure.positions else "erased"
    return "due"


def _ended(status: str, now: str) -> dict[str, Any]:
    return {"#status": status, "#version": Plus(1), "changedAt": now}
