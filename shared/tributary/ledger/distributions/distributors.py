"""Distributors of an organization: one partition with all of them and a version that every change bumps.

Each version's settings are kept in `<organization>#distributor#<id>`. A process caches the set by that version.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from tributary.domain import times
from tributary.domain.distributor import DELETED, Distributor, Period
from tributary.domain.errors import Conflict
from tributary.ledger.store import table
from tributary.ledger.store.expressions import GONE
from tributary.ledger.store.lists import listing
from tributary.ledger.store.records import (
    item_header,
    replace_unchanged_action,
    update_unchanged,
    update_unchanged_action,
)
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

KIND = "distributor"
#: Each sale is an entry of each distributor.
MAX_DISTRIBUTORS = 20
_ORGANIZATIONS = "distributor-organizations"
_MAX_CACHED = 256
_cache: dict[str, tuple[int, tuple[Distributor, ...]]] = {}


def pk(organization: str) -> str:
    return f"{organization}#distributors"


def sk(distributor_id: int) -> str:
    return f"{KIND}#{distributor_id}"


def version_key(organization: str) -> Key:
    """The key to read in the batch that needs the distributors; pass its item to `current`."""
    return pk(organization), "version"


def current(organization: str, version_item: Item | None) -> tuple[Distributor, ...]:
    """The distributors, deleted ones included, cached by version; else one Query."""
    version = version_item["version"] if version_item else 0
    held = _cache.get(organization)
    if held and held[0] == version:
        return held[1]
    items = table.query(pk(organization), f"{KIND}#") if version else []
    found = tuple(Distributor.of(item["listed"]) for item in items)
    if len(_cache) >= _MAX_CACHED:
        _cache.clear()
    _cache[organization] = version, found
    return found


def forget() -> None:
    """Drop the process's cache."""
    _cache.clear()


def organizations() -> list[str]:
    """The organizations with distributors, for the nightly closing."""
    return [item["organization"] for item in table.query(_ORGANIZATIONS)]


def of_organization(organization: str) -> list[Item]:
    """The stored items, deleted ones included."""
    return table.query(pk(organization), f"{KIND}#")


def get(organization: str, distributor_id: int) -> Item | None:
    """The stored item, strongly consistent; None once deleted for good."""
    item = table.get(pk(organization), sk(distributor_id))
    return item if item and "listPk" in item else None


def create(organization: str, distributor_id: int, settings: Mapping[str, Any], now: str | None = None) -> Item:
    """Create a distributor at a free id; return the item. Conflict beyond MAX_DISTRIBUTORS."""
    now = now or times.now()
    with suppress(table.ConditionFailed):
        table.put_new(item_header("distributor-organization", organization, (_ORGANIZATIONS, organization)))
    bump = _bump_action(organization)
    listed = {"id": distributor_id, **settings, "version": 1, "dateCreated": now, "dateModified": now}
    item = {
        **item_header(KIND, organization, (pk(organization), sk(distributor_id)), now),
        "listed": listed,
        **listing(organization, KIND, distributor_id, now),
    }
    try:
        table.transact([table.put_action(item), _kept_action(item), bump])
    except table.ConditionFailed as failure:
        raise Conflict("A distributor was changed at the same time; try again.", {}) from failure
    return item


def _bump_action(organization: str) -> Item:
    """Transaction action: increment the version with a creation, at the version at which they were counted."""
    place = version_key(organization)
    version_item = table.get(*place)
    kept = [it for it in current(organization, version_item) if it.status != DELETED]
    if len(kept) >= MAX_DISTRIBUTORS:
        sentence = f"An organization has at most {MAX_DISTRIBUTORS} distributors."
        raise Conflict(sentence, {"limit": MAX_DISTRIBUTORS})
    if version_item is None:
        return table.put_action(item_header("distributors-version", organization, place))
    return update_unchanged_action(place, version_item["version"], {"#version": version_item["version"] + 1})


def change(stored: Item, settings: Mapping[str, Any], now: str | None = None) -> Item:
    """Change settings at the version read; return the item. Conflict if another writer came first."""
    now = now or times.now()
    version, organization = stored["version"] + 1, stored["organization"]
    listed = {**stored["listed"], **settings, "version": version, "dateModified": now}
    item = {**stored, "version": version, "changedAt": now, "listed": listed}
    place = version_key(organization)
    bump = table.count_action(*place, "version", 1, entity="distributors-version", organization=organization)
    try:
        table.transact([replace_unchanged_action(item, stored["version"]), _kept_action(item), bump])
    except table.ConditionFailed as failure:
        context = {"id": listed["id"]}
        raise Conflict("The distributor was changed at the same time; read it again.", context) from failure
    return item


def delete(stored: Item, now: str | None = None) -> Item | None:
    """Delete a distributor, or hide a deleted one for good; the item, None once it is hidden.

    The record stays, since what it shared still follows the sales."""
    now = now or times.now()
    if stored["listed"]["status"] != DELETED:
        return change(stored, {"status": DELETED, "dateDeleted": now}, now)
    with suppress(table.ConditionFailed):
        update_unchanged((stored["pk"], stored["sk"]), stored["version"], {"listPk": GONE, "listSk": GONE})
    return None


def at(organization: str, distributor_id: int, period: Period) -> Mapping[str, Any]:
    """The settings that a period is closed by: the last made before its end, else the first."""
    versions = table.query(_versions(organization, distributor_id))
    made = [item["listed"] for item in versions if item["listed"]["dateModified"] < period.end]
    settings: Mapping[str, Any] = made[-1] if made else versions[0]["listed"]
    return settings


def note_closed(stored: Item, period: Period) -> None:
    """Note that all periods up to this one are closed, so that no later night looks at them again."""
    with suppress(table.ConditionFailed):
        table.update(
            stored["pk"],
            stored["sk"],
            {"closedUpTo": period.end},
            "attribute_not_exists(closedUpTo) OR closedUpTo < :end",
            end=period.end,
        )


def _kept_action(item: Item) -> Item:
    """Transaction action: keep a version of a distributor."""
    organization, listed = item["organization"], item["listed"]
    place = _versions(organization, listed["id"]), f"version#{item['version']:010d}"
    return table.put_action(item_header("distributor-version", organization, place) | {"listed": listed})


def _versions(organization: str, distributor_id: int) -> str:
    return f"{organization}#distributor#{distributor_id}"
