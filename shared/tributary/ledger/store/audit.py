"""Audit entries: partition `<organization>#audit#<id>`, item `audit`, never changed.

The relay writes those of changes; a deletion leaves no image to read, so it carries its own.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from tributary.domain import times
from tributary.domain.audit import deletion_of
from tributary.ledger.store import table
from tributary.ledger.store.lists import listing
from tributary.ledger.store.records import item_header
from tributary.ledger.store.trace import current_trace
from tributary.ledger.store.values import Item

KIND = SK = "audit"


def record(organization: str, entry: Mapping[str, Any], at: str) -> None:
    """Keep an entry; a repeat finds it kept."""
    with suppress(table.ConditionFailed):
        table.put_new(_item(organization, entry, at))


def deletion_actions(item: Item) -> list[Item]:
    """Transaction actions that keep the deletion of a record by hand; none if no person acts."""
    entry = deletion_of(item, current_trace() or {})
    if entry is None:
        return []
    kept = _item(item["organization"], entry, times.now())
    return [table.put_action(kept, "attribute_not_exists(pk) OR entity = :audit", audit=KIND)]


def _item(organization: str, entry: Mapping[str, Any], at: str) -> Item:
    number = entry["id"]
    return {
        **item_header(KIND, organization, (f"{organization}#{KIND}#{number}", SK)),
        "listed": {**entry, "dateCreated": at},
        **listing(organization, KIND, number, at),
    }
