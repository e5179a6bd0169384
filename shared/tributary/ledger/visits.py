"""A visit: whose it is, which opportunity it continues, and the one transaction that records it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tributary.domain import times
from tributary.domain.ids import random_id
from tributary.domain.opportunity import Opportunity
from tributary.domain.program import Program
from tributary.ledger import collaborators, opportunities, programs, table
from tributary.ledger.collaborators import Alias
from tributary.ledger.values import Item

_TRIES = 10


@dataclass(frozen=True)
class Visit:
    """A report: the collaborator by id or by alias, the visitor by opportunity, by account at the shop, by both or by
    neither."""

    collaborator: int | Alias
    user_id: str | None = None
    opportunity_id: int | None = None
    trigger: str = "siteVisited"


@dataclass(frozen=True)
class Visited:
    """What became of a visit. `not_attributed`: no active collaborator, nothing was written. `recorded`: the
    collaborator has no program that rewards the trigger."""

    status: str
    opportunity_id: int | None
    reason: str | None = None


def record(organization: str, visit: Visit, now: str | None = None, new_id: int | None = None) -> Visited:
    """Records a visit; starts over when the opportunity moves meanwhile. A retry within a minute writes nothing."""
    now, new_id = now or times.now(), new_id or random_id()
    for _ in range(_TRIES):
        try:
            return _record(organization, visit, now, new_id)
        except table.ConditionFailed:
            continue
    raise TimeoutError("the opportunity kept moving")


def _record(organization: str, visit: Visit, now: str, new_id: int) -> Visited:
    seen = _Seen(organization, visit)
    before = seen.opportunity()
    collaborator = seen.collaborator()
    if collaborator is None or collaborator["listed"]["status"] != "active":
        reason = "collaborator_unknown" if collaborator is None else "collaborator_not_active"
        return Visited("not_attributed", before.id if before else None, reason)
    enrolled = set(collaborator["listed"]["programs"])
    rewarding = [p for p in seen.programs().values() if p.id in enrolled and p.rewards(visit.trigger)]
    start = before or Opportunity(new_id, organization, now, now, user_id=visit.user_id)
    after = start.visited(collaborator["listed"]["id"], rewarding, visit.trigger, now)
    if visit.user_id is not None and after.user_id is None:
        after = replace(after, user_id=visit.user_id, modified_at=now)
    if before is None or after != before:
        opportunities.save(before, after, seen.link)
    return Visited("attributed" if rewarding else "recorded", after.id, None if rewarding else "no_program_rewards_it")


class _Seen:
    """What a visit has to know, in two batches: what its own words lead to, then what those lead to."""

    def __init__(self, organization: str, visit: Visit) -> None:
        self._organization, self._visit = organization, visit
        self._version = programs.version_key(organization)
        keys = [self._version, self._collaborator_key()]
        if visit.opportunity_id is not None:
            keys.append(opportunities.header_key(organization, visit.opportunity_id))
        if visit.user_id is not None:
            keys.append(opportunities.user_key(organization, visit.user_id))
        self._found = table.batch_get(keys)
        self.link = self._found.get(opportunities.user_key(organization, visit.user_id)) if visit.user_id else None
        if onward := self._onward():
            self._found |= table.batch_get(onward)

    def _collaborator_key(self) -> table.Key:
        named = self._visit.collaborator
        if isinstance(named, Alias):
            return collaborators.alias_key(self._organization, named)
        return collaborators.key(self._organization, named)

    def _onward(self) -> list[table.Key]:
        keys = []
        alias = self._found.get(self._collaborator_key()) if isinstance(self._visit.collaborator, Alias) else None
        if alias:
            keys.append(collaborators.key(self._organization, alias["collaboratorId"]))
        if self.link:
            keys.append(opportunities.header_key(self._organization, self.link["opportunityId"]))
        return [key for key in keys if key not in self._found]

    def collaborator(self) -> Item | None:
        item = self._found.get(self._collaborator_key())
        if item and isinstance(self._visit.collaborator, Alias):
            return self._found.get(collaborators.key(self._organization, item["collaboratorId"]))
        return item

    def opportunity(self) -> Opportunity | None:
        """The user's own opportunity if there is one, else the visitor's if it is not another user's, else none."""
        return self._usable(self.link["opportunityId"] if self.link else None) or self._visitors()

    def _visitors(self) -> Opportunity | None:
        held = self._usable(self._visit.opportunity_id)
        another = held and held.user_id and self._visit.user_id and held.user_id != self._visit.user_id
        return None if another else held

    def _usable(self, opportunity_id: int | None) -> Opportunity | None:
        if opportunity_id is None:
            return None
        item = self._found.get(opportunities.header_key(self._organization, opportunity_id))
        opportunity = opportunities.of_item(item) if item else None
        return opportunity if opportunity and opportunity.usable else None

    def programs(self) -> Mapping[int, Program]:
        return programs.current(self._organization, self._found.get(self._version)).programs
