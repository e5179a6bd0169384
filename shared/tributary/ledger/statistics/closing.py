"""Closing of hours: walks of the list indexes over what was created in an hour, each record read once per closing.

A closing has no state but its message, so it may be repeated, interrupted and run twice at once. Indexes lag, clocks
differ and a slow writer is late: an hour is closed SETTLED_MINUTES after its end, and AGAIN_HOURS later once more, for
changes that the relay was that late to announce.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any

from tributary.domain import statistics, times
from tributary.domain.statistics import COUNTED, HOUR, TRANSACTION, Span, Sums
from tributary.ledger.statistics import closed, movements
from tributary.ledger.store import lists, table
from tributary.ledger.store.lists import Partitions, Range
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

#: Minutes after its end in which no hour is closed.
SETTLED_MINUTES = 15
#: Hours after its first closing in which the relay has announced every change, or given up.
AGAIN_HOURS = 24
#: Records of one message, and hours that one message asks for.
MOST_RECORDS, MOST_HOURS = 20_000, 100
_KINDS = (*COUNTED, movements.KIND, movements.VANISHED)
_CHUNK = 100


@dataclass(frozen=True)
class Progress:
    """The findings of a walk so far, and the partition and position after which it goes on; `begun` is its start."""

    begun: str
    sums: Sums = field(default_factory=dict)
    partition: int = 0
    after: str | None = None
    done: bool = False


def due(moment: str) -> list[str]:
    """The names of the hours to close at a moment: the last one that has settled, and the one a day before."""
    last = statistics.span_of(HOUR, times.later(moment, hours=-1, minutes=-SETTLED_MINUTES))
    return [last.name, statistics.span_of(HOUR, times.later(last.start, hours=-AGAIN_HOURS)).name]


def again(start: str, end: str) -> tuple[list[str], str | None]:
    """The names of the first hours of a past to close again, and the moment from which the rest is left."""
    hours = list(islice(statistics.spans(HOUR, start, end), MOST_HOURS))
    left = hours[-1].end if hours and hours[-1].end < end else None
    return [hour.name for hour in hours], left


def close(organization: str, name: str, so_far: Mapping[str, Any] | None = None, now: str | None = None) -> Item | None:
    """Close an hour, or a part of it: then return what another call goes on from. An hour that has not settled stays
    open."""
    now, hour = now or times.now(), statistics.span_of(HOUR, name)
    if times.later(hour.end, minutes=SETTLED_MINUTES) > now:
        return None
    progress = read(organization, hour, Progress(**so_far) if so_far else Progress(now), MOST_RECORDS)
    if not progress.done:
        return asdict(progress)
    closed.put_hour(organization, hour, statistics.total([progress.sums]), progress.begun)
    return None


def read(organization: str, span: Span, progress: Progress, most: int) -> Progress:
    """Go on with a walk of what was created in a span, over some `most` records."""
    sums = statistics.total([progress.sums])
    start, end = lists.position(span.start, 0), lists.position(span.end, 0)
    walks = [(kind, name) for kind in _KINDS for name in lists.of_kind(organization, kind).names]
    after = progress.after
    for number, (kind, name) in list(enumerate(walks))[progress.partition :]:
        walk = lists.walk(Partitions("lists", "listPk", (name,)), Range(False, after, start, end))
        while chunk := list(islice(walk, _CHUNK)):
            if most <= 0:
                return Progress(progress.begun, sums, number, after)
            for part in _counted(organization, kind, chunk):
                statistics.add(sums, part)
            most, after = most - len(chunk), chunk[-1]["listSk"]
        after = None
    return Progress(progress.begun, sums, done=True)


def _counted(organization: str, kind: str, entries: Sequence[Item]) -> Iterator[Sums]:
    """The counts of each entry of a list in the hour of its creation: a changed record as it was before."""
    if kind not in COUNTED:
        yield from (entry["listed"]["moved"] for entry in entries)
        return
    changed = [_key(it) for it in entries if it["listed"].get("dateModified") != it["listed"]["dateCreated"]]
    firsts = movements.firsts(organization, changed)
    # A sale that was refunded before movements were kept has none: its own item says what was given back.
    unknown = [place for place in changed if place not in firsts] if kind == TRANSACTION else ()
    refunded = {place: item.get("refunded", 0) for place, item in table.batch_get(unknown).items()}
    for entry in entries:
        place = _key(entry)
        yield firsts[place] if place in firsts else statistics.standing(kind, entry["listed"], refunded.get(place, 0))


def _key(entry: Mapping[str, Any]) -> Key:
    return entry["pk"], entry["sk"]
