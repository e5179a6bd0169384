"""Programs of an organization: one partition with programs, program groups and a version that every change bumps.

A process caches the set with the version read before it, and reuses it while a cheap read shows that version.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from tributary.domain import times
from tributary.domain.errors import Conflict
from tributary.domain.program import Catalogue, Program
from tributary.ledger.store import table
from tributary.ledger.store.lists import listing
from tributary.ledger.store.records import item_header, replace_unchanged_action, unless_gone
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

KIND, GROUP = "program", "program-group"
_MAX_CACHED = 256
_cache: dict[str, tuple[int, Catalogue]] = {}


def pk(organization: str) -> str:
    return f"{organization}#programs"


def sk(program_id: int) -> str:
    return f"program#{program_id}"


def version_key(organization: str) -> Key:
    """The key to read in the batch that needs the programs; pass its item to `current`."""
    return pk(organization), "version"


def current(organization: str, version_item: Item | None) -> Catalogue:
    """The programs and groups, cached by version; else one Query."""
    version = version_item["version"] if version_item else 0
    held = _cache.get(organization)
    if held and held[0] == version:
        return held[1]
    items = table.query(pk(organization)) if version else []
    catalogue = Catalogue(
        programs={item["listed"]["id"]: Program.of(item["listed"], item["version"]) for item in _of(items, KIND)},
        sorters={item["listed"]["id"]: item["listed"]["sorter"] for item in _of(items, GROUP)},
    )
    if len(_cache) >= _MAX_CACHED:
        _cache.clear()
    _cache[organization] = version, catalogue
    return catalogue


def now_current(organization: str) -> Catalogue:
    """The programs and groups, with a read of the version."""
    return current(organization, table.get(*version_key(organization)))


def forget() -> None:
    """Drop the process's cache."""
    _cache.clear()


def get(organization: str, program_id: int) -> Item | None:
    """The stored item, strongly consistent; None for one deleted for good."""
    return unless_gone(table.get(pk(organization), sk(program_id)))


def create(organization: str, program_id: int, settings: Mapping[str, Any], now: str | None = None) -> Item:
    """Create a program at a free id; return the item."""
    now = now or times.now()
    listed = {
        "id": program_id,
        **settings,
        "programGroupId": None,
        "version": 1,
        "dateCreated": now,
        "dateModified": now,
    }
    item = {
        **item_header("program", organization, (pk(organization), sk(program_id)), now),
        "listed": listed,
        **listing(organization, KIND, program_id, now),
    }
    table.transact([table.put_action(item), _kept_action(item), bump_action(organization)])
    return item


def change(stored: Item, settings: Mapping[str, Any], now: str | None = None) -> Item:
    """Replace a program's settings at the version read; return the item. Conflict if another writer came first."""
    item = changed(stored, settings, now or times.now())
    write(item, stored["version"])
    return item


def changed(stored: Item, settings: Mapping[str, Any], now: str) -> Item:
    """The next version of a program."""
    version = stored["version"] + 1
    listed = {**stored["listed"], **settings, "version": version, "dateModified": now}
    return {**stored, "version": version, "changedAt": now, "listed": listed}


def write(item: Item, seen: int, also: Iterable[Item] = ()) -> None:
    """Write a version of a program in place of the one seen, with other actions. Conflict if another writer came
    first."""
    organization = item["organization"]
    actions = [replace_unchanged_action(item, seen), _kept_action(item), bump_action(organization), *also]
    try:
        table.transact(actions)
    except table.ConditionFailed as failure:
        context = {"id": item["listed"]["id"]}
        raise Conflict("The program was changed at the same time; read it again.", context) from failure


def at_version(organization: str, program_id: int, version: int) -> Program | None:
    """A program as it was at a version. A move between groups keeps no version of its own, so the last one before
    holds."""
    partition, last = _version_place(organization, program_id, version)
    kept = table.query_between(partition, _version_place(organization, program_id, 0)[1], last)
    return Program.of(kept[-1]["listed"], version) if kept else None


def latest_versions(stored: Item, most: int) -> list[Item]:
    """The kept versions among the last `most` of a program, oldest first. One Query."""
    organization, number, last = stored["organization"], stored["listed"]["id"], stored["version"]
    partition, first = _version_place(organization, number, max(0, last - most + 1))
    return table.query_between(partition, first, _version_place(organization, number, last)[1])


def _kept_action(item: Item) -> Item:
    """Transaction action: keep a version of a program, for decisions that lack the room for its filters."""
    organization, listed = item["organization"], item["listed"]
    place = _version_place(organization, listed["id"], item["version"])
    return table.put_action(item_header("program-version", organization, place) | {"listed": listed})


def _version_place(organization: str, program_id: int, version: int) -> Key:
    return f"{organization}#program#{program_id}", f"version#{version:010d}"


def bump_action(organization: str) -> Item:
    """Transaction action: increment the version with a change of a program or group."""
    partition, name = version_key(organization)
    return table.count_action(partition, name, "version", 1, entity="programs-version", organization=organization)


def _of(items: Iterable[Item], entity: str) -> list[Item]:
    return [item for item in items if item["entity"] == entity]
