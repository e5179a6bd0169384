"""Stores: partition `<organization>#store#<id>`, item `store`. The id comes from the external id, so that either leads
to the key."""

from collections.abc import Mapping
from typing import Any

from tributary.domain import times
from tributary.domain.ids import is_named, named_id, number_of
from tributary.ledger.store import table
from tributary.ledger.store.expressions import Plus
from tributary.ledger.store.lists import listing
from tributary.ledger.store.records import item_header, touch, update_unchanged
from tributary.ledger.store.retries import retried
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

KIND = SK = "store"
_TRIES = 30


def key(organization: str, reference: str) -> Key:
    """The key of a store, by external id or own id."""
    own = reference if is_named(KIND, reference) else named_id(KIND, organization, reference)
    return f"{organization}#store#{own}", SK


def get(organization: str, reference: str) -> Item | None:
    return table.get(*key(organization, reference))


def upsert(organization: str, external_id: str, given: Mapping[str, Any], now: str | None = None) -> tuple[Item, bool]:
    """Create or change a store; return it, and True if created.

    `given`: `name`, `address`; omitted members stay. One conditional put, then an update if anything changed.
    """
    return _upsert(organization, external_id, given, now or times.now())


@retried("the store", _TRIES)
def _upsert(organization: str, external_id: str, given: Mapping[str, Any], now: str) -> tuple[Item, bool]:
    first = _first(organization, external_id, given, now)
    try:
        table.put_new(first)
        return first, True
    except table.ConditionFailed as failure:
        stored: Item = failure.item or {}
    changed = {f"listed.#{name}": value for name, value in given.items() if stored["listed"][name] != value}
    if not changed:
        return stored, False
    place = (stored["pk"], SK)
    return update_unchanged(place, stored["version"], changed | touch(now, Plus(1))), False


def _first(organization: str, external_id: str, given: Mapping[str, Any], now: str) -> Item:
    own = named_id(KIND, organization, external_id)
    named = {"name": given.get("name"), "address": given.get("address")}
    return {
        **item_header(KIND, organization, (f"{organization}#store#{own}", SK), now),
        "listed": {"id": own, "externalId": external_id, **named, "dateCreated": now, "dateModified": now},
        **listing(organization, KIND, number_of(own), now),
    }
