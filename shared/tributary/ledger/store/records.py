"""Shared attributes of items, and writes that fail if another writer came first."""

from collections.abc import Mapping
from typing import Any

from tributary.ledger.store import table
from tributary.ledger.store.expressions import GONE, Plus
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

_UNCHANGED = "#version = :seen"
#: Attributes by which lists, parents and ids lead to a record.
_WAYS = ("listPk", "listSk", "parent", "label")


def item_header(entity: str, organization: str, key: Key, now: str | None = None, version: int = 1) -> Item:
    """The attributes of every item, `changedAt` only if `now` is given."""
    changed = {"changedAt": now} if now is not None else {}
    return {
        "pk": key[0],
        "sk": key[1],
        "entity": entity,
        "organization": organization,
        "version": version,
        **changed,
    }


def touch(now: str, version: int | Plus) -> Item:
    """The changes that accompany every change of a listed record."""
    return {"listed.dateModified": now, "#version": version, "changedAt": now}


def update_unchanged(key: Key, version: int, changes: Mapping[str, Any]) -> Item:
    """Update an item at the version read and return it. ConditionFailed if it has changed since."""
    return table.update(*key, changes, _UNCHANGED, seen=version)


def update_unchanged_action(key: Key, version: int, changes: Mapping[str, Any]) -> Item:
    """Transaction action: an update at the version read."""
    return table.update_action(*key, changes, _UNCHANGED, seen=version)


def check_unchanged_action(key: Key, version: int) -> Item:
    """Transaction action: a check that an item is still at a version."""
    return table.check_action(*key, _UNCHANGED, seen=version)


def replace_unchanged(item: Item, version: int) -> None:
    """Put an item in place of its `version`. ConditionFailed if that has changed since."""
    table.put(item, _UNCHANGED, seen=version)


def replace_unchanged_action(item: Item, version: int) -> Item:
    """Transaction action: a put in place of `version`."""
    return table.put_action(item, _UNCHANGED, seen=version)


def gone(item: Mapping[str, Any]) -> Item:
    """The item of a record deleted for good: its key stays taken, and nothing else leads to it."""
    return {name: value for name, value in item.items() if name not in _WAYS} | {"gone": True}


def gone_changes() -> Item:
    """The same as changes of the stored item."""
    return {"gone": True, **dict.fromkeys(_WAYS, GONE)}


def unless_gone(item: Item | None) -> Item | None:
    """The item unless its record was deleted for good."""
    return None if item is None or item.get("gone") else item
