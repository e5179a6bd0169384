"""Estimated record counts: a checkpoint plus a COUNT of later records, so that no counter slows writes.

A shard's checkpoint moves on over records old enough that none can still be inserted before them, by a bounded step per
request.
"""

import time
from collections.abc import Mapping
from typing import Any

from tributary import settings
from tributary.domain import times
from tributary.ledger.store import lists, table
from tributary.ledger.store.records import item_header
from tributary.ledger.store.values import encode

#: Records of a shard counted per request.
_MAX_COUNTED = 1000
#: The longest delay between a record's date and its appearance in the index.
_SETTLED_MINUTES = 5
_KEPT_SECONDS = 60
_MAX_KEPT = 1000
_kept: dict[tuple[str, str], tuple[float, int]] = {}


def estimate(organization: str, kind: str) -> int:
    """The estimated count, at most a minute old; too low while a checkpoint is still catching up."""
    kept = _kept.get((organization, kind))
    if kept is None or kept[0] <= time.monotonic():
        if len(_kept) >= _MAX_KEPT:
            _kept.clear()
        kept = _kept[organization, kind] = time.monotonic() + _KEPT_SECONDS, count(organization, kind)
    return kept[1]


def forget() -> None:
    """Drop the process's estimates."""
    _kept.clear()


def count(organization: str, kind: str, now: str | None = None) -> int:
    """The estimated count as of now: one GetItem, one COUNT per shard, and one put when the checkpoint moves on."""
    now = now or times.now()
    partitions = lists.of_kind(organization, kind)
    stored = table.get(*_key(organization, kind))
    shards = stored["shards"] if stored else {}
    total, moved = 0, dict(shards)
    for name in partitions.names:
        held = shards.get(name, {"count": 0, "upTo": lists.Range().start})
        came, last = _came_since(name, held["upTo"])
        total += held["count"] + came
        if last is not None and last < lists.position(times.later(now, minutes=-_SETTLED_MINUTES), 0):
            moved[name] = {"count": held["count"] + came, "upTo": last}
    if moved != shards:
        _move(organization, kind, stored, moved)
    return total


def _key(organization: str, kind: str) -> table.Key:
    return f"{organization}#counts", kind


def _came_since(partition: str, up_to: str) -> tuple[int, str | None]:
    """The number of records after a position, and the last position counted if there were more."""
    answer = table.call(
        "query",
        TableName=settings.table_name(),
        IndexName="lists",
        KeyConditionExpression="listPk = :partition AND listSk > :up_to",
        ExpressionAttributeValues={":partition": encode(partition), ":up_to": encode(up_to)},
        Select="COUNT",
        Limit=_MAX_COUNTED,
    )
    last = answer.get("LastEvaluatedKey")
    return answer["Count"], last["listSk"]["S"] if last else None


def _move(organization: str, kind: str, stored: Mapping[str, Any] | None, shards: Mapping[str, Any]) -> None:
    """Move the checkpoint on, unless another request has just done so."""
    partition, name = _key(organization, kind)
    version = stored["version"] if stored else 0
    item = item_header("count", organization, (partition, name), version=version + 1)
    condition, values = ("#version = :seen", {"seen": version}) if stored else ("attribute_not_exists(pk)", {})
    try:
        table.put({**item, "shards": dict(shards)}, condition, **values)
    except table.ConditionFailed:
        return
