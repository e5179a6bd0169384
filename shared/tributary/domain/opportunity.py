"""An opportunity: one visitor's way to a sale, with the engagements of those who brought them.

The engagements of the present epoch lie in the opportunity itself, so that one guarded write adds a visit and one
consumes all of them. A sale that is decided moves the epoch on: the same visit never pays twice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from tributary.domain import times
from tributary.domain.ids import cause_id
from tributary.domain.program import Program

MAX_LIVE = 90
#: The same trigger again within this time is a client's retry.
RETRY_SECONDS = 60


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
        """The engagement after one more trigger; the same one when it is only a retry."""
        last = self.last_seen.get(trigger)
        if last and now < times.later(last, seconds=RETRY_SECONDS):
            return self
        return replace(self, score=self.score + points, modified_at=now, last_seen={**self.last_seen, trigger: now})


@dataclass(frozen=True)
class Opportunity:
    """`epoch` counts the decisions that consumed its engagements; `version` counts every change."""

    id: int
    organization: str
    created_at: str
    modified_at: str
    status: str = "active"
    user_id: str | None = None
    epoch: int = 0
    version: int = 0
    engagements: tuple[Engagement, ...] = ()

    @property
    def usable(self) -> bool:
        return self.status != "invalid"

    def visited(self, collaborator_id: int, programs: Iterable[Program], trigger: str, now: str) -> "Opportunity":
        """After a collaborator brought the visitor: an engagement in each program that rewards the trigger.

        Of more than MAX_LIVE engagements the ones seen longest ago give way."""
        live = {(held.program_id, held.collaborator_id): held for held in self.engagements}
        for program in programs:
            key = (program.id, collaborator_id)
            if held := live.get(key):
                live[key] = held.seen(trigger, program.triggers[trigger], now)
            else:
                live[key] = self._begun(*key, trigger, program.triggers[trigger], now)
        kept = sorted(live.values(), key=lambda held: (held.modified_at, held.id), reverse=True)[:MAX_LIVE]
        engagements = tuple(sorted(kept, key=lambda held: (held.created_at, held.id)))
        if engagements == self.engagements:
            return self
        return replace(self, engagements=engagements, modified_at=now)

    def _begun(self, program_id: int, collaborator_id: int, trigger: str, points: int, now: str) -> Engagement:
        key = cause_id(self.organization, "engagement", self.id, self.epoch, program_id, collaborator_id)
        return Engagement(key, program_id, collaborator_id, points, now, now, {trigger: now})
