"""Reminders to buy again: in the customer's partition, `reminder#<digest of source, product and variant>`.

The item says which order it stands for. It moves to a newer order, and from `pending` to where a reminder ends, by
conditional writes only; so a schedule that outlives its reminder finds that it is no longer meant.
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

#: A reminder that nobody has ended, and that is still of the order that is meant.
_STILL = "#status = :pending AND orderDigest = :order"

Released = Literal["due", "erased", "superseded"]


def key(organization: str, customer_id: int, source: str, place: Place) -> Key:
    named = [source, place.product_id] + ([] if place.variant_id is None else [place.variant_id])
    return customer_items.pk(organization, customer_id), f"{KIND}#{text_digest(*named)[:_DIGITS]}"


def schedule_name(item: Item) -> str:
    """One schedule for each order that a reminder has stood for: making it again finds it made."""
    return f"{KIND}-{text_digest(item['pk'], item['sk'], item['orderDigest'])[:_DIGITS]}"


def take(item: Item, held: Item | None) -> None:
    """Puts a reminder into a place, over the one that was read there. ConditionFailed if that has moved."""
    if held is None:
        table.put({**item, "version": 1}, "attribute_not_exists(pk)")
    else:
        replace_unchanged({**item, "version": held["version"] + 1}, held["version"])


def cancel(held: Item, now: str) -> None:
    """Takes a pending reminder back. ConditionFailed if it has moved since it was read."""
    table.update(held["pk"], held["sk"], _ended(SILENT, now), _STILL, order=held["orderDigest"], pending=PENDING)


def release(organization: str, customer_id: int, sk: str, order: str, now: str) -> Released:
    """Makes a reminder due, which is what is announced, once: if it still stands for that order and its customer was
    not erased."""
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
