"""Adjustments: credits and debits for the difference between a paid obligation and its worth since.

Without clawback a paid obligation has one open rise at a time: until a payout takes it, it follows the worth too.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from tributary.domain.clawback import NONE, adjustment
from tributary.ledger.earnings import credit_items
from tributary.ledger.earnings.credit_items import Credit
from tributary.ledger.store import owed_index, table
from tributary.ledger.store.expressions import GONE
from tributary.ledger.store.records import touch, update_unchanged_action
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

#: Members of an obligation that its adjustments repeat.
_ABOUT = ("conversionId", "programId", "transactionId", "leadId", "distributorId", "distributionId")


def rises(paid: Iterable[Item]) -> dict[Key, Item]:
    """The latest rises of paid obligations, those in payouts too, by key. One BatchGetItem per hundred."""
    return table.batch_get(place for item in paid if (place := _rise_key(item)))


def adjust_actions(
    item: Item, worth: int, clawback: str, found: Mapping[Key, Item], also: Item, now: str
) -> list[Item]:
    """Transaction actions that adjust a paid obligation, at the version read, to its worth; none if it is adjusted.

    `found` has its rise, `also` further changes of the obligation."""
    place = _rise_key(item)
    rise = _open(found.get(place)) if place else None
    unpaid = rise["listed"]["value"] if rise else 0
    moved = item.get("moved", 0)
    by = adjustment(item["listed"]["value"], moved, worth, clawback, unpaid)
    if not by:
        return []
    changes = {"moved": moved + by, **also, **touch(now, item["version"] + 1)}
    if rise is not None:
        return [_changed(item, changes), _followed(rise, unpaid + by, now)]
    added = _adjustment(item, by)
    changes |= {"rise": added.id} if clawback == NONE else {}
    return [_changed(item, changes), table.put_action(credit_items.item_of(added, now))]


def release_actions(item: Item, changes: Item, now: str) -> list[Item]:
    """Transaction actions that make a paid obligation, at the version read, an unpaid one without adjustments."""
    moved = item.get("moved", 0)
    if not moved:
        return [_changed(item, changes)]
    back = table.put_action(credit_items.item_of(_adjustment(item, -moved), now))
    return [_changed(item, {**changes, "moved": 0, "rise": GONE}), back]


def _rise_key(item: Item) -> Key | None:
    return credit_items.key(item["organization"], item["rise"]) if item.get("rise") else None


def _open(rise: Item | None) -> Item | None:
    """The rise unless a payout holds it, or it has gone back to nothing."""
    return rise if rise is not None and rise["listed"]["status"] == "pending" else None


def _followed(rise: Item, value: int, now: str) -> Item:
    """Transaction action: an open rise of another value; one of nothing is rejected."""
    changes: Item = {"listed.#value": value, **touch(now, rise["version"] + 1)}
    if not value:
        changes |= {"listed.#status": "rejected", **owed_index.NOWHERE}
    return _changed(rise, changes)


def _changed(item: Item, changes: Mapping[str, Any]) -> Item:
    return update_unchanged_action((item["pk"], item["sk"]), item["version"], changes)


def _adjustment(item: Item, by: int) -> Credit:
    """The adjustment of a paid obligation, named by it and the version read."""
    organization, listed = item["organization"], item["listed"]
    about = {name: listed[name] for name in _ABOUT if name in listed} | {"adjusts": listed["id"]}
    number = credit_items.adjustment_id(organization, listed["id"], item["version"])
    payee, currency = listed["collaboratorId"], listed["currency"]
    return Credit(organization, number, payee, by, currency, credit_items.ADJUSTMENT, about=about)
