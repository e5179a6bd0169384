"""Lists: a sparse index by organization, kind and creation, sharded by id; a page merges the shards.

A record is listed by two attributes and shows its `listed` map there. A cursor is one (createdAt, id) bound that
resumes every shard, so a record that existed when a walk began is neither skipped nor repeated by it, whatever is
inserted meanwhile.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from heapq import merge
from typing import Any

from tributary import settings
from tributary.ledger.table import Key, call
from tributary.ledger.values import Item, decode_item, encode

#: How many records a filter may look at for one page; then the page is short and its cursor goes on.
MAX_EXAMINED = 5000

#: How many records one Query reads at most; a filter that the first ones do not satisfy goes on in such steps.
_MAX_LIMIT = 1000
_MAX_ID_DIGITS = 16
_POSITION = re.compile(r"[0-9T:.-]{23}Z#\d{16}", re.ASCII)
_FIRST, _LAST = "0", "9~"


def listing(organization: str, kind: str, record_id: int, created_at: str) -> Item:
    """The attributes that put a record on its list. Its shard comes from its id."""
    shard = record_id % settings.list_shards()
    return {"listPk": _partition(organization, kind, shard), "listSk": position(created_at, record_id)}


def is_position(text: str) -> bool:
    """Whether the text can be the place of a record: a cursor comes from outside."""
    return _POSITION.fullmatch(text) is not None


def position(created_at: str, record_id: int) -> str:
    """Where a record stands in creation order; ids decide among records of one millisecond."""
    return f"{created_at}#{record_id:0{_MAX_ID_DIGITS}d}"


@dataclass(frozen=True)
class Range:
    """The part of a list to read: positions, `after` exclusive in walking order, dates as [start, end)."""

    newest_first: bool = True
    after: str | None = None
    start: str = _FIRST
    end: str = _LAST


@dataclass(frozen=True)
class Page:
    """Records in order, each as (key, listed), and where to go on; no `next` once the list has been read to its end.
    `passed` counts the records up to here, with those that were skipped."""

    records: list[tuple[Key, Mapping[str, Any]]]
    next: str | None
    passed: int


def page(
    organization: str,
    kind: str,
    part: Range,
    size: int,
    skip: int = 0,
    accept: Callable[[Mapping[str, Any]], bool] = lambda listed: True,
) -> Page:
    """One page: `size` records after `skip` of those that `accept` takes. One Query per shard, unless filters need
    more."""
    wanted, last = skip + size, None
    records: list[tuple[Key, Mapping[str, Any]]] = []
    for examined, entry in enumerate(_walk(organization, kind, part, wanted + 1)):
        if len(records) == wanted or examined == max(MAX_EXAMINED, wanted):
            return Page(records[skip:], last, len(records))
        last = entry["listSk"]
        if accept(entry["listed"]):
            records.append(((entry["pk"], entry["sk"]), entry["listed"]))
    return Page(records[skip:], None, len(records))


def _walk(organization: str, kind: str, part: Range, limit: int) -> Iterator[Item]:
    shards = [_shard(_partition(organization, kind, n), part, limit) for n in range(settings.list_shards())]
    return merge(*shards, key=lambda entry: entry["listSk"], reverse=part.newest_first)


def _shard(partition: str, part: Range, limit: int) -> Iterator[Item]:
    start, end = part.start, part.end
    if part.after is not None:
        # BETWEEN takes both ends; the record the last page ended with is dropped below.
        start, end = (start, min(end, part.after)) if part.newest_first else (max(start, part.after), end)
    if start > end:
        return
    asked: Item = {
        "TableName": settings.table_name(),
        "IndexName": "lists",
        "KeyConditionExpression": "listPk = :partition AND listSk BETWEEN :start AND :end",
        "ExpressionAttributeValues": {":partition": encode(partition), ":start": encode(start), ":end": encode(end)},
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
