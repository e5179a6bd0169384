"""Statistics: counts and sums of a span of time, per figure and currency, in minor units.

A record counts in the hour of its creation, as it was then. Each later change of what it counts is a movement, in the
hour of the change. So the sum of all hours is what the records are now, whatever became of them in between.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from tributary.domain import times
from tributary.domain.ids import cause_id

#: Count and sum in minor units, by figure and currency.
Sums = dict[str, dict[str, list[int]]]
Item = Mapping[str, Any]

SALES, REFUNDED, ISSUED, REVERSED, PAID = ("sales", "refunded", "issued", "reversed", "paid")
#: The figure of conversions of each status.
CONVERSIONS = {status: f"{status}Conversions" for status in ("pending", "approved", "rejected", "deleted")}
FIGURES = (SALES, REFUNDED, *CONVERSIONS.values(), ISSUED, REVERSED, PAID)
#: States of an obligation that is owed, or was and is paid.
OWED = ("draft", "pending", "complete")
#: Records that are counted.
TRANSACTION, CONVERSION, OBLIGATION, PAYOUT = COUNTED = ("transaction", "conversion", "obligation", "payout")

HOUR, DAY, MONTH = SPANS = ("hour", "day", "month")
_LENGTHS = {HOUR: len("2026-11-30T14"), DAY: len("2026-11-30"), MONTH: len("2026-11")}
_START = "0000-01-01T00:00:00.000Z"


def standing(kind: str, listed: Item, refunded: int = 0) -> Sums:
    """The counts of a listed record as it is. `refunded` is the amount given back of a sale."""
    currency = listed["currency"]
    if kind == TRANSACTION:
        sums: Sums = {SALES: {currency: [1, listed["totalValue"]]}}
        return sums | ({REFUNDED: {currency: [1, refunded]}} if refunded else {})
    if kind == CONVERSION:
        figure = CONVERSIONS.get(listed["status"])
        return {figure: {currency: [1, listed["value"]]}} if figure else {}
    if kind == OBLIGATION:
        return _issued({currency: listed["value"]}) if listed["status"] in OWED else {}
    return {PAID: {currency: [1, listed["value"]]}} if listed["status"] == "paid" else {}


def add(sums: Sums, more: Mapping[str, Mapping[str, Iterable[int]]], sign: int = 1) -> None:
    """Add sums to others, in place."""
    for figure, by_currency in more.items():
        for currency, (count, value) in by_currency.items():
            held = sums.setdefault(figure, {}).setdefault(currency, [0, 0])
            held[0] += sign * count
            held[1] += sign * value


def total(parts: Iterable[Mapping[str, Mapping[str, Iterable[int]]]]) -> Sums:
    """The sum of parts, without what adds up to nothing."""
    sums: Sums = {}
    for part in parts:
        add(sums, part)
    return _without_nothing(sums)


@dataclass(frozen=True)
class Movement:
    """The amounts that one change of a record moves.

    `first` is what the record counted before, `listed_still` false if the change took it off its list."""

    organization: str
    pk: str
    sk: str
    record: str
    record_id: int
    version: int
    at: str
    created: str
    moved: Sums
    first: Sums
    listed_still: bool

    @property
    def id(self) -> int:
        return cause_id(self.organization, "movement", self.pk, self.sk, self.version)


def movement_of(old: Item | None, new: Item | None) -> Movement | None:
    """The movement of one change of the table; None for a creation, and for a change that moves no figure."""
    if old is None or new is None or new["entity"] not in COUNTED or "listPk" not in old:
        return None
    before, after = _standing_of(old), _standing_of(new)
    moved, listed = _moved(new["entity"], before, after), old["listed"]
    if not moved and "listPk" in new:
        return None
    named = (new["organization"], new["pk"], new["sk"], new["entity"], listed["id"], new["version"])
    return Movement(*named, new["changedAt"], listed["dateCreated"], moved, before, "listPk" in new)


def _standing_of(item: Item) -> Sums:
    """The counts of a stored record; nothing once it is off its list."""
    return standing(item["entity"], item["listed"], item.get("refunded", 0)) if "listPk" in item else {}


def _moved(kind: str, before: Sums, after: Sums) -> Sums:
    if kind == OBLIGATION:
        worth = _worth(after)
        for currency, value in _worth(before).items():
            worth[currency] = worth.get(currency, 0) - value
        return _issued(worth)
    moved: Sums = {}
    add(moved, after)
    add(moved, before, -1)
    return _without_nothing(moved)


def _issued(worth: Mapping[str, int]) -> Sums:
    """Amounts as what is owed more, and what less."""
    sums: Sums = {}
    for currency, value in worth.items():
        if value:
            add(sums, {ISSUED if value > 0 else REVERSED: {currency: (1, abs(value))}})
    return sums


def _worth(sums: Sums) -> dict[str, int]:
    worth = {currency: value for currency, (_, value) in sums.get(ISSUED, {}).items()}
    for currency, (_, value) in sums.get(REVERSED, {}).items():
        worth[currency] = worth.get(currency, 0) - value
    return worth


def _without_nothing(sums: Sums) -> Sums:
    kept = {figure: {it: held for it, held in by.items() if held != [0, 0]} for figure, by in sums.items()}
    return {figure: by_currency for figure, by_currency in kept.items() if by_currency}


class Span(NamedTuple):
    """An hour, a day or a month in UTC, [start, end)."""

    by: str
    start: str
    end: str

    @property
    def name(self) -> str:
        """The beginning of each of its moments."""
        return self.start[: _LENGTHS[self.by]]

    @property
    def hours(self) -> int:
        return (times.seconds(self.end) - times.seconds(self.start)) // 3600


def span_of(by: str, moment: str) -> Span:
    """The span that a moment, or the name of a span, is in."""
    name = moment[: _LENGTHS[by]]
    start = name + _START[len(name) :]
    end = times.later(start, hours=1) if by == HOUR else times.later(start, days=1 if by == DAY else 31)
    return Span(by, start, end[: _LENGTHS[by]] + _START[_LENGTHS[by] :])


def spans(by: str, start: str, end: str) -> Iterator[Span]:
    """The spans that [start, end) touches, oldest first."""
    span = span_of(by, start)
    while span.start < end:
        yield span
        span = span_of(by, span.end)
