"""Audit entries: partition `<organization>#audit#<id>`, item `audit`; written by the relay, never changed."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from tributary.ledger.store import table
from tributary.ledger.store.lists import listing
from tributary.ledger.store.records import item_header

KIND = SK = "audit"


def record(organization: str, entry: Mapping[str, Any], at: str) -> None:
    """Keep an entry; a repeat finds it kept."""
    number = entry["id"]
    item = {
        **item_header(KIND, organization, (f"{organization}#{KIND}#{number}", SK)),
        "listed": {**entry, "dateCreated": at},
        **listing(organization, KIND, number, at),
    }
    with suppress(table.ConditionFailed):
        table.put_new(item)
