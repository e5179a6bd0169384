"""Selection of what a batch pays, group by group, from the index of payable obligations."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any

from tributary.domain.errors import Conflict
from tributary.domain.payable import Arguments, Choice, Group, Minimums, Owed, Payee, choose
from tributary.ledger.earnings.awards import OBLIGATION
from tributary.ledger.organization import organization_settings
from tributary.ledger.programs import collaborators, programs
from tributary.ledger.store import id_index, owed_index, table
from tributary.ledger.store.values import Item

#: Groups decided at once: their payees are one BatchGetItem.
PAGE = 100


@dataclass(frozen=True)
class Place:
    """A group, and the position after it."""

    group: Group
    position: str


@dataclass(frozen=True)
class Chosen:
    """A choice, the method that its payout keeps, and the position after it."""

    choice: Choice
    method: Mapping[str, Any]
    position: str


def pages(organization: str, arguments: Arguments, position: str | None = None) -> Iterator[list[Chosen]]:
    """Choices after a position, a page at a time. One Query per 1,000 obligations and one BatchGetItem per page."""
    places = _groups(organization, arguments, position)
    while page := list(islice(places, PAGE)):
        yield _choices(organization, arguments, page)


def _choices(organization: str, arguments: Arguments, page: Sequence[Place]) -> list[Chosen]:
    settings = organization_settings.get(organization)
    held = programs.now_current(organization).programs
    own = {number: {it.units: it.minimum_payout} for number, it in held.items() if it.minimum_payout is not None}
    minimums = Minimums(settings["minimumPayout"], own)
    found = payees(organization, (place.group.collaborator_id for place in page), settings)
    chosen = []
    for place in page:
        payee, method = found[place.group.collaborator_id]
        chosen.append(Chosen(choose(place.group, arguments, payee, minimums), method, place.position))
    return chosen


def payees(
    organization: str, ids: Iterable[int], settings: Mapping[str, Any]
) -> dict[int, tuple[Payee, Mapping[str, Any]]]:
    """Collaborators as they are now, by id, each with the method of its payouts. One BatchGetItem per hundred."""
    keys = {number: collaborators.key(organization, number) for number in ids}
    found = table.batch_get(keys.values())
    return {number: _payee(found.get(key), settings) for number, key in keys.items()}


def _payee(item: Item | None, settings: Mapping[str, Any]) -> tuple[Payee, Mapping[str, Any]]:
    listed, method = item["listed"] if item else {}, method_of(item, settings)
    return Payee(listed.get("status") == "active", method.get("type"), listed.get("minimumPayout") or {}), method


def method_of(item: Item | None, settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """The collaborator's sealed method, or the organization's default; empty if there is neither."""
    own: Mapping[str, Any] | None = item.get("payoutMethod") if item else None
    if own:
        return own
    return {"type": settings["payoutMethod"]} if settings["payoutMethod"] else {}


def _groups(organization: str, arguments: Arguments, position: str | None) -> Iterator[Place]:
    places: Iterable[Place]
    if arguments.obligation_ids:
        places = _named(organization, arguments.obligation_ids)
    elif arguments.collaborator_ids:
        places = _of_collaborators(organization, sorted(set(arguments.collaborator_ids)))
    else:
        places = _walked(organization, position)
    for place in places:
        after = position is None or place.position > position
        if after and arguments.currency in (None, place.group.currency):
            yield place


def _walked(organization: str, position: str | None) -> Iterator[Place]:
    """Everything payable. A position is the partition's number and the sort key after a group."""
    first, _, after = (position or "0000|0").partition("|")
    for number, partition in enumerate(owed_index.partitions(organization)):
        if number >= int(first):
            start = after if number == int(first) else "0"
            yield from _grouped(owed_index.walk(partition, start), f"{number:04}|")


def _of_collaborators(organization: str, ids: Iterable[int]) -> Iterator[Place]:
    for collaborator_id in ids:
        yield from _grouped(owed_index.of_collaborator(organization, collaborator_id), "")


def not_payable(organization: str, ids: Iterable[int]) -> list[int]:
    """Those of the ids that name no payable obligation."""
    return [obligation_id for obligation_id in ids if _payable(organization, obligation_id) is None]


def _named(organization: str, ids: Iterable[int]) -> list[Place]:
    """The payable ones among obligations named by id."""
    found = [_payable(organization, obligation_id) for obligation_id in dict.fromkeys(ids)]
    return list(_grouped(sorted(filter(None, found), key=lambda item: str(item["owedSk"])), ""))


def _payable(organization: str, obligation_id: int) -> Item | None:
    try:
        item = id_index.find(organization, OBLIGATION, obligation_id)
    except Conflict:
        return None
    return item if item and item["listed"]["status"] == "pending" and "owedSk" in item else None


def _grouped(entries: Iterable[Item], before: str) -> Iterator[Place]:
    for (collaborator_id, currency), held in groupby(entries, key=_whose):
        group = Group(collaborator_id, currency, tuple(map(owed_of, held)))
        yield Place(group, before + owed_index.after_group(collaborator_id, currency))


def _whose(entry: Item) -> tuple[int, str]:
    return entry["listed"]["collaboratorId"], entry["listed"]["currency"]


def owed_of(entry: Item) -> Owed:
    """The payable obligation of an index entry or stored item."""
    listed = entry["listed"]
    return Owed(
        listed["id"],
        (entry["pk"], entry["sk"]),
        listed["value"],
        entry["version"],
        entry["owedSk"].split("#")[2],
        listed.get("dueAt"),
        listed.get("programId"),
    )
