"""An opportunity: one visitor's path to a sale, with the engagements of the collaborators involved.

The current epoch's engagements are part of the opportunity: one guarded write adds a visit, another consumes them all.
A decided sale advances the epoch, so the same visit never pays twice.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from tributary.domain import times
from tributary.domain.ids import cause_id
from tributary.domain.program import Program

MAX_LIVE = 90
#: A trigger repeated within this time is a client's retry.
RETRY_SECONDS = 60


def lead_key(program_id: int, conversion_type: str) -> str:
    """The key under which an opportunity stores a program's last payment of a lead type."""
    return f"{program_id}#{conversion_type}"


def _latest(one: Mapping[str, str], other: Mapping[str, str]) -> dict[str, str]:
    return {name: max(one.get(name, ""), other.get(name, "")) for name in {**one, **other}}


@dataclass(frozen=True)
class Engagement:
    """One collaborator's claim to an opportunity within one program; `score` is the sum of its triggers' points."""

    id: int
    program_id: int
    collaborator_id: int
    score: int
    created_at: str
    modified_at: str
    last_seen: Mapping[str, str] = field(default_factory=dict)

    def seen(self, trigger: str, points: int, now: str) -> "Engagement":
        """The engagement after one more trigger; unchanged for a retry."""
        last = self.last_seen.get(trigger)
        if last and now < times.later(last, seconds=RETRY_SECONDS):
            return self
        return replace(self, score=self.score + points, modified_at=now, last_seen={**self.last_seen, trigger: now})

    def joined(self, other: "Engagement") -> "Engagement":
        """One engagement of two for the same collaborator and program; order does not matter."""
        return replace(
            self,
            score=self.score + other.score,
            created_at=min(self.created_at, other.created_at),
            modified_at=max(self.modified_at, other.modified_at),
            last_seen=_latest(self.last_seen, other.last_seen),
        )


@dataclass(frozen=True)
class Coupon:
    """The last coupon of an opportunity; `number` counts them."""

    collaborator_id: int
    at: str
    number: int


@dataclass(frozen=True)
class Opportunity:
    """`epoch` counts the decisions that consumed its engagements; `version` counts every change; `evicted` counts the
    engagements of this epoch that gave way to others; `consumers` are the sales of those decisions, the last ones."""

    id: int
    organization: str
    created_at: str
    modified_at: str
    status: str = "active"
    user_id: str | None = None
    epoch: int = 0
    version: int = 0
    engagements: tuple[Engagement, ...] = ()
    merged_into: int | None = None
    leads: Mapping[str, str] = field(default_factory=dict)
    outranked: tuple[int, ...] = ()
    consumers: tuple[int, ...] = ()
    evicted: int = 0
    coupon: Coupon | None = None

    @property
    def usable(self) -> bool:
        return self.status != "invalid"

    def merged(self, other: "Opportunity", now: str) -> "Opportunity":
        """The opportunity with the live engagements of another one of the same visitor."""
        live = self._live()
        for taken in other.engagements:
            key = (taken.program_id, taken.collaborator_id)
            live[key] = live[key].joined(taken) if key in live else replace(taken, id=self._engagement_id(*key))
        both = replace(self, evicted=self.evicted + other.evicted)
        return replace(both._holding(live.values(), now), leads=_latest(self.leads, other.leads))

    def visited(self, collaborator_id: int, programs: Iterable[Program], trigger: str, now: str) -> "Opportunity":
        """The opportunity after a visit: an engagement in each program that rewards the trigger.

        Beyond MAX_LIVE engagements, the ones seen longest ago are dropped."""
        live = self._live()
        for begun in self._begun(collaborator_id, programs, trigger, now):
            key, points = (begun.program_id, begun.collaborator_id), begun.score
            live[key] = live[key].seen(trigger, points, now) if key in live else begun
        return self._holding(live.values(), now)

    def reported(self, collaborator_id: int, programs: Iterable[Program], trigger: str, at: str) -> "Opportunity":
        """The opportunity after a trigger that its reporter counts once, such as a message.

        Each report adds its points, none is taken for a retry, and their order does not matter."""
        live = self._live()
        for begun in self._begun(collaborator_id, programs, trigger, at):
            key = (begun.program_id, begun.collaborator_id)
            live[key] = live[key].joined(begun) if key in live else begun
        return self._holding(live.values(), max(self.modified_at, at))

    def applied(self, collaborator_id: int, now: str) -> "Opportunity":
        """The opportunity after a coupon, rewarded or not; unchanged for a retry."""
        last = self.coupon
        if last is None:
            return replace(self, coupon=Coupon(collaborator_id, now, 1), modified_at=now)
        again = last.at <= now < times.later(last.at, seconds=RETRY_SECONDS)
        if again and last.collaborator_id == collaborator_id:
            return self
        latest = max(last.at, now)
        return replace(self, coupon=Coupon(collaborator_id, latest, last.number + 1), modified_at=latest)

    def _live(self) -> dict[tuple[int, int], Engagement]:
        return {(held.program_id, held.collaborator_id): held for held in self.engagements}

    def _holding(self, live: Iterable[Engagement], now: str) -> "Opportunity":
        latest = sorted(live, key=lambda held: (held.modified_at, held.id), reverse=True)
        engagements = tuple(sorted(latest[:MAX_LIVE], key=lambda held: (held.created_at, held.id)))
        counted = replace(self, evicted=self.evicted + len(latest) - MAX_LIVE) if len(latest) > MAX_LIVE else self
        if engagements == self.engagements:
            return counted
        return replace(counted, engagements=engagements, modified_at=now)

    def _begun(self, collaborator_id: int, programs: Iterable[Program], trigger: str, now: str) -> Iterator[Engagement]:
        for program in programs:
            engagement_id, points = self._engagement_id(program.id, collaborator_id), program.triggers[trigger]
            yield Engagement(engagement_id, program.id, collaborator_id, points, now, now, {trigger: now})

    def _engagement_id(self, program_id: int, collaborator_id: int) -> int:
        return cause_id(self.organization, "engagement", self.id, self.epoch, program_id, collaborator_id)
