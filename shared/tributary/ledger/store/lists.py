"""Lists: a sparse index by organization, kind and creation, sharded by id; a page merges the shards.

Two attributes list a record; its `listed` map is shown. A cursor is one (createdAt, id) bound for all shards, so a walk
neither skips nor repeats a record that existed when it began.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from typing import Any

from tributary import settings
from tributary.ledger.store.table import Key, call
from tributary.ledger.store.values import Item, decode_item, encode

#: Records that a filter examines per page; beyond that the page is short and its cursor continues.
MAX_EXAMINED = 5000

#: Records read per Query; a filter continues in steps of this size.
_MAX_LIMIT = 1000
_MAX_ID_DIGITS = 16
#: The text of a position, as a pattern.
POSITION = r"^[0-9T:.-]{23}Z#[0-9]{16}$"
_POSITION = re.compile(POSITION, re.ASCII)
_FIRST, _LAST = "0", "9~"


def listing(organization: str, kind: str, record_id: int, created_at: str) -> Item:
    """The attributes that list a record, in a shard chosen by its id."""
    shard = record_id % settings.list_shards()
    return {"listPk": _partition(organization, kind, shard), "listSk": position(created_at, record_id)}


def is_position(text: str) -> bool:
    """True for the text of a position: cursors come from clients."""
    return _POSITION.fullmatch(text) is not None


def parent_attributes(organization: str, kind: str, parent_id: int) -> Item:
    """The attribute that also puts a listed record on its parent's list."""
    return {"parent": _parent(organization, kind, parent_id)}


def position(created_at: str, record_id: int) -> str:
    """A record's position in creation order, by id within one millisecond."""
    return f"{created_at}#{record_id:0{_MAX_ID_DIGITS}d}"


@dataclass(frozen=True)
class Range:
    """The part of a list to read: positions, `after` exclusive in walking order, dates as [start, end)."""

    newest_first: bool = True
    after: str | None = None
    start: str = _FIRST
    end: str = _LAST


@dataclass(frozen=True)
class Partitions:
    """The partitions of a list to merge, with their index and key name, and their table unless it is the ledger."""

    index: str
    key: str
    names: tuple[str, ...]
    table: str | None = None


def of_kind(organization: str, kind: str) -> Partitions:
    """All records of a kind."""
    shards = range(settings.list_shards())
    return Partitions("lists", "listPk", tuple(_partition(organization, kind, shard) for shard in shards))


def of_parent(organization: str, kind: str, parent_id: int) -> Partitions:
    """The records of a kind that belong to one parent."""
    return Partitions("parents", "parent", (_parent(organization, kind, parent_id),))


@dataclass(frozen=True)
class Page:
    """Records in order, each as (key, listed), and the position to continue from.

    At the end of the list `next` is None and `total` is the number accepted since the start of the read. `unskipped`
    records are still to be skipped after `next`.
    """

    records: Sequence[tuple[Key, Mapping[str, Any]]]
    next: str | None
    total: int | None
    unskipped: int = 0


def page(
    partitions: Partitions,
    part: Range,
    size: int,
    skip: int = 0,
    accept: Callable[[Mapping[str, Any]], bool] = lambda listed: True,
) -> Page:
    """One page: `size` records after `skip` of those that `accept` takes. One Query per partition, more only for
    filters."""
    wanted, last = skip + size, None
    records: list[tuple[Key, Mapping[str, Any]]] = []
    for examined, entry in enumerate(_walk(partitions, part, wanted + 1)):
        if len(records) == wanted or examined == max(MAX_EXAMINED, wanted):
            return Page(records[skip:], last, None, max(0, skip - len(records)))
        last = entry["listSk"]
        if accept(entry["listed"]):
            records.append(((entry["pk"], entry["sk"]), entry["listed"]))
    return Page(records[skip:], None, len(records))


def every(partitions: Partitions) -> Iterator[Mapping[str, Any]]:
    """The listed form of every record, newest first."""
    return (entry["listed"] for entry in _walk(partitions, Range(), _MAX_LIMIT))


def page_of(
    items: Sequence[Item],
    part: Range,
    size: int,
    skip: int,
    accept: Callable[[Mapping[str, Any]], bool],
    sort_by: str | None = None,
) -> Page:
    """A page of records found by their keys."""
    kept = [item for item in items if part.start <= item["listSk"] < part.end and accept(item["listed"])]
    kept.sort(key=lambda item: str(item["listSk"]), reverse=part.newest_first)
    records = [((item["pk"], item["sk"]), item["listed"]) for item in kept]
    return sorted_page(records, sort_by, part.newest_first, size, skip)


def sorted_page(
    records: Sequence[tuple[Key, Mapping[str, Any]]], sort_by: str | None, descending: bool, size: int, skip: int
) -> Page:
    """A stable-sorted page of records in memory; `next` is the offset of the next page."""
    if sort_by is not None:
        # Null sorts first, as in the databases that clients know.
        records = sorted(
            records, key=lambda record: (record[1].get(sort_by) is not None, record[1].get(sort_by)), reverse=descending
        )
    end = skip + size
    return Page(records[skip:end], str(end) if end < len(records) else None, len(records))


def walk(partitions: Partitions, part: Range) -> Iterator[Item]:
    """The entries of a part in order, with `listSk` and `listed`."""
    return _walk(partitions, part, _MAX_LIMIT)


def _walk(partitions: Partitions, part: Range, limit: int) -> Iterator[Item]:
    walks = [_one(partitions, name, part, limit) for name in partitions.names]
    return merge(*walks, key=lambda entry: entry["listSk"], reverse=part.newest_first)


def _one(partitions: Partitions, name: str, part: Range, limit: int) -> Iterator[Item]:
    start, end = part.start, part.end
    if part.after is not None:
        # BETWEEN includes both ends; the last record of the previous page is dropped below.
        start, end = (start, min(end, part.after)) if part.newest_first else (max(start, part.after), end)
    if start > end:
        return
    asked: Item = {
        "TableName": partitions.table or settings.table_name(),
        "IndexName": partitions.index,
        "KeyConditionExpression": f"{partitions.key} = :name AND listSk BETWEEN :start AND :end",
        "ExpressionAttributeValues": {":name": encode(name), ":start": encode(start), ":end": encode(end)},
        "ScanIndexForward": not part.newest_first,
        "Limit": min(limit + (part.after is not None), _MAX_LIMIT),
    }
    while True:
        answer = call("query", **asked)
        for raw in answer["Items"]:
            entry = decode_item(raw)
            if entry["listSk"] not in (part.after, part.end):
                yield entry
        if "LastEvaluatedKey" not in answer:
            return
        asked |= {"ExclusiveStartKey": answer["LastEvaluatedKey"], "Limit": _MAX_LIMIT}


def _partition(organization: str, kind: str, shard: int) -> str:
    return f"{organization}#{kind}#{shard}"


def _parent(organization: str, kind: str, parent_id: int) -> str:
    return f"{organization}#{kind}#{parent_id}"
