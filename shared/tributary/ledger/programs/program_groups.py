"""Program groups: one program of a group pays a conversion.

A group and its programs change in one transaction, so that a program is in one group at most and both sides agree.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from tributary.domain import times
from tributary.domain.errors import Conflict, Failure, ValidationFailed
from tributary.ledger.programs import programs
from tributary.ledger.store import table
from tributary.ledger.store.lists import listing
from tributary.ledger.store.records import (
    gone,
    item_header,
    replace_unchanged_action,
    touch,
    update_unchanged_action,
)
from tributary.ledger.store.values import Item

KIND = programs.GROUP
#: A replacement writes leaving and joining programs in one transaction of a hundred actions.
MAX_PROGRAMS = 49
_PREFIX = "group#"


def sk(group_id: int) -> str:
    return f"{_PREFIX}{group_id}"


def get(organization: str, group_id: int) -> Item | None:
    """The stored item, strongly consistent."""
    return table.get(programs.pk(organization), sk(group_id))


def every(organization: str) -> list[Item]:
    """The stored items of all groups, strongly consistent. One Query."""
    return table.query(programs.pk(organization), sk_prefix=_PREFIX)


def create(organization: str, group_id: int, settings: Mapping[str, Any], now: str | None = None) -> Item:
    """Create a group of programs. ValidationFailed for unknown programs, Conflict for those of another group."""
    now = now or times.now()
    listed = {"id": group_id, **settings, "dateCreated": now, "dateModified": now}
    item = {
        **item_header(KIND, organization, (programs.pk(organization), sk(group_id)), now),
        "listed": listed,
        **listing(organization, KIND, group_id, now),
    }
    _write(item, table.put_action(item), set(), set(listed["programs"]), now)
    return item


def change(stored: Item, settings: Mapping[str, Any], now: str | None = None) -> Item:
    """Change the given settings at the version read; `programs` replaces the whole list."""
    now = now or times.now()
    listed = {**stored["listed"], **settings, "dateModified": now}
    item = {**stored, "version": stored["version"] + 1, "changedAt": now, "listed": listed}
    before, after = set(stored["listed"]["programs"]), set(listed["programs"])
    write = replace_unchanged_action(item, stored["version"])
    _write(item, write, before - after, after - before, now)
    return item


def delete(stored: Item, now: str | None = None) -> None:
    """Delete a group at the version read; its programs leave it and stay. Conflict if another writer came first."""
    delete_it = table.delete_action(stored["pk"], stored["sk"], "#version = :seen", seen=stored["version"])
    _write(stored, delete_it, set(stored["listed"]["programs"]), set(), now or times.now())


def delete_program(stored: Item, now: str | None = None) -> None:
    """Delete a program for good at the version read, out of its group. Conflict if another writer came first.

    Its settings stay under its key: decisions and reports name them.
    """
    now = now or times.now()
    item = gone(programs.changed(stored, {"programGroupId": None}, now))
    programs.write(item, stored["version"], _leave_actions(stored, now))


def _leave_actions(program: Item, now: str) -> list[Item]:
    """Transaction actions that take a program off the list of its group."""
    program_id, group_id = (program["listed"][name] for name in ("id", "programGroupId"))
    group = get(program["organization"], group_id) if group_id is not None else None
    if group is None:
        return []
    left = [number for number in group["listed"]["programs"] if number != program_id]
    listed = {**group["listed"], "programs": left, "dateModified": now}
    item = {**group, "version": group["version"] + 1, "changedAt": now, "listed": listed}
    return [replace_unchanged_action(item, group["version"])]


def _write(group: Item, write: Item, leaving: set[int], joining: set[int], now: str) -> None:
    organization, group_id = group["organization"], group["listed"]["id"]
    found = table.batch_get((programs.pk(organization), programs.sk(number)) for number in leaving | joining)
    members = {item["listed"]["id"]: item for item in found.values()}
    _refuse(group["listed"]["programs"], joining, members)
    moves = [_move(members[number], None, now) for number in sorted(leaving & members.keys())]
    moves += [_move(members[number], group_id, now) for number in sorted(joining)]
    try:
        table.transact([write, *moves, programs.bump_action(organization)])
    except table.ConditionFailed as failure:
        raise Conflict("The group or one of its programs was changed at the same time.", {"id": group_id}) from failure


def _refuse(listed: Iterable[int], joining: set[int], members: Mapping[int, Item]) -> None:
    there = {number for number, item in members.items() if item["listed"]["status"] != "deleted"}
    unknown = [place for place, number in enumerate(listed) if number in joining and number not in there]
    if unknown:
        fields = [f"programs[{place}]" for place in unknown]
        raise ValidationFailed([Failure(field, f"{field} is not a program.", "UNKNOWN") for field in fields])
    taken = [number for number in sorted(joining) if members[number]["listed"]["programGroupId"] is not None]
    if taken:
        raise Conflict("A program can be in one group only.", {"programs": taken})


def _move(program: Item, group_id: int | None, now: str) -> Item:
    changes = {
        "listed.programGroupId": group_id,
        "listed.#version": program["version"] + 1,
        **touch(now, program["version"] + 1),
    }
    return update_unchanged_action((program["pk"], program["sk"]), program["version"], changes)
