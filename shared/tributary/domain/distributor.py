"""A distributor: it shares a part of each period's revenue among collaborators, by their scores.

Settings have the names used by clients. Periods are in UTC, and named by their first day.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tributary.domain import times
from tributary.domain.ids import text_digest
from tributary.domain.program import LineItemFilters
from tributary.domain.transaction import Transaction

STATUSES = ACTIVE, INACTIVE, DELETED = ("active", "inactive", "deleted")
RESOLVERS = SHARED, WEIGHTED, TOP = ("sharedPool", "weightedPool", "topScoreWins")
PERIODS = DAILY, WEEKLY, MONTHLY = ("daily", "weekly", "monthly")
#: Settings that never change: entries and scores already made would be in other periods, or of another currency.
FIXED = ("units", "period")


@dataclass(frozen=True)
class Period:
    """A span of time with its first moment, without its last."""

    start: str
    end: str

    @property
    def name(self) -> str:
        return self.start[:10]


@dataclass(frozen=True)
class Distributor:
    """The settings of one version. `percentage` is of the revenue that counts; `ended_at` is set once deleted."""

    id: int
    status: str
    units: str
    percentage: Decimal
    compilers: tuple[str, ...]
    filters: LineItemFilters
    collaborators: tuple[int, ...]
    resolver: str
    pool_remainder: str
    period: str
    clawback: str
    created_at: str
    ended_at: str | None = None

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "Distributor":
        """The distributor of its stored settings, as written by clients."""
        return cls(
            id=settings["id"],
            status=settings["status"],
            units=settings["units"],
            percentage=Decimal(settings["revenuePercentage"]),
            compilers=tuple(settings["transactionCompilers"]),
            filters=LineItemFilters.of(settings["lineItemFilters"]),
            collaborators=tuple(settings["collaborators"]),
            resolver=settings["resolver"],
            pool_remainder=settings["poolRemainder"],
            period=settings["period"],
            clawback=settings["clawback"],
            created_at=settings["dateCreated"],
            ended_at=settings.get("dateDeleted"),
        )

    @property
    def counts_discounts(self) -> bool:
        """True if discounts lower the revenue, those that no line lists too."""
        return "includeDiscounts" in self.compilers

    @property
    def rule(self) -> str:
        """The name of everything that decides which lines count; entries of another rule are made anew."""
        owners = sorted(self.collaborators) if self.filters.collaborator_owned else []
        return text_digest(repr((sorted(self.compilers), self.filters, owners)))[:16]

    def takes(self, transaction: Transaction, occurred_at: str) -> bool:
        """True for a sale of that moment, reported and made while the distributor existed."""
        since = min(occurred_at, transaction.created_at) >= self.created_at
        return since and (self.ended_at is None or occurred_at < self.ended_at)

    def period_of(self, moment: str) -> Period:
        return period_of(self.period, moment)

    def ended_periods(self, now: str, after: str | None = None) -> Iterator[Period]:
        """The periods that ended by now, oldest first, from the one of the creation or the moment `after` on."""
        period = self.period_of(after or self.created_at)
        while period.end <= now and period.start < period.end:
            yield period
            period = self.period_of(period.end)


def period_of(kind: str, moment: str) -> Period:
    """The period of a moment; weeks begin on Monday."""
    day = times.parse(moment).astimezone(UTC).date()
    first = {DAILY: day, WEEKLY: _monday(day), MONTHLY: day.replace(day=1)}[kind]
    return Period(_text(first), _text(_after(kind, first)))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _after(kind: str, first: date) -> date:
    """The first day of the next period; the calendar's last day is as far as it goes."""
    try:
        if kind == MONTHLY:
            return (first + timedelta(days=31)).replace(day=1)
        return first + timedelta(days=1 if kind == DAILY else 7)
    except OverflowError:
        return date.max


def _text(day: date) -> str:
    return times.text(datetime(day.year, day.month, day.day, tzinfo=UTC))
