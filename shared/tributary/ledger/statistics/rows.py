"""Rows of statistics: closed spans as they are kept, with the hours that are not closed yet read from the lists."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tributary.domain import statistics, times
from tributary.domain.statistics import HOUR, Span, Sums
from tributary.ledger.statistics import closed, closing
from tributary.ledger.statistics.closing import Progress
from tributary.ledger.store.values import Item

#: Records read of an hour that is not closed yet.
MOST_LIVE = 5_000
#: `running`: a part is read from the lists. `open`: hours are missing, since no closing has been there.
STATUSES = CLOSED, RUNNING, OPEN = ("closed", "running", "open")


@dataclass(frozen=True)
class Row:
    """A span with its sums; `more` if its running hour has more records than are read."""

    span: Span
    status: str
    sums: Sums
    more: bool = False


@dataclass(frozen=True)
class _Live:
    sums: Sums
    more: bool


def of(organization: str, by: str, start: str, end: str, now: str | None = None) -> list[Row]:
    """The rows of [start, end), oldest first, none of the future. One Query, and one or two more for the running row.

    A span with an hour that may still be open is added up from its hours, read at once with those that are missing."""
    now = now or times.now()
    running = statistics.span_of(HOUR, now)
    spans = list(statistics.spans(by, start, min(end, running.end)))
    if not spans:
        return []
    recent = [statistics.span_of(HOUR, times.later(now, hours=-1)), running]
    kept = closed.between(organization, by, spans[0], spans[-1])
    return [_row(organization, span, kept, recent) for span in spans]


def _row(organization: str, span: Span, kept: Mapping[str, Item], recent: Sequence[Span]) -> Row:
    within = [hour for hour in recent if span.start <= hour.start < span.end]
    if not within:
        item = kept.get(span.name)
        held = [item] if item else []
        return Row(span, CLOSED if _hours(held) == span.hours else OPEN, statistics.total(it["sums"] for it in held))
    hours = kept if span.by == HOUR else closed.between(organization, HOUR, span, span)
    held = [item for name, item in hours.items() if name.startswith(span.name)]
    live = [_read(organization, hour) for hour in within if hour.name not in hours]
    begun = (times.seconds(within[-1].end) - times.seconds(span.start)) // 3600
    status = OPEN if _hours(held) + len(live) < begun else RUNNING if live else CLOSED
    sums = statistics.total([*(it["sums"] for it in held), *(it.sums for it in live)])
    return Row(span, status, sums, any(it.more for it in live))


def _hours(items: Iterable[Item]) -> int:
    return sum(item["hours"] for item in items)


def _read(organization: str, hour: Span) -> _Live:
    progress = closing.read(organization, hour, Progress(""), MOST_LIVE)
    return _Live(progress.sums, not progress.done)
