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
    before, merged = seen.opportunities()
    collaborator = seen.collaborator()
    if collaborator is None or collaborator["listed"]["status"] != "active":
        reason = "collaborator_unknown" if collaborator is None else "collaborator_not_active"
        return Visited("not_attributed", before.id if before else None, reason)
    start = before or Opportunity(new_id, organization, now, now, user_id=visit.user_id)
    if visit.user_id is not None and start.user_id is None:
        start = replace(start, user_id=visit.user_id, modified_at=now)
    if start.user_id is not None and start.user_id == collaborator["listed"]["userId"]:
        if before is None and seen.link:  # invalid already, for the same reason or another
            return Visited("not_attributed", seen.link["opportunityId"], "self_referral")
        void = replace(start, status="invalid", engagements=(), modified_at=now)
        opportunities.save(before, void, seen.link, merged)
        return Visited("not_attributed", start.id, "self_referral")
    enrolled = set(collaborator["listed"]["programs"])
    rewarding = [p for p in seen.programs().values() if p.id in enrolled and p.rewards(visit.trigger)]
    after = start.merged(merged, now) if merged else start
    after = after.visited(collaborator["listed"]["id"], rewarding, visit.trigger, now)
    if after != before or merged:
        opportunities.save(before, after, seen.link, merged)
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
        if (named := self._held(self._visit.opportunity_id)) and named.merged_into:
            keys.append(opportunities.header_key(self._organization, named.merged_into))
        return [key for key in keys if key not in self._found]

    def collaborator(self) -> Item | None:
        item = self._found.get(self._collaborator_key())
        if item and isinstance(self._visit.collaborator, Alias):
            return self._found.get(collaborators.key(self._organization, item["collaboratorId"]))
        return item

    def opportunities(self) -> tuple[Opportunity | None, Opportunity | None]:
        """The opportunity the visit belongs to: the user's, else the visitor's if it is not another user's, else none;
        and the visitor's if it has no user yet and turned out to be this user's, to be merged into it."""
        own = self._usable(self.link["opportunityId"] if self.link else None)
        visitors = self._usable(self._visit.opportunity_id)
        if own is None:
            another = visitors and visitors.user_id and self._visit.user_id not in (None, visitors.user_id)
            return (None if another else visitors), None
        merges = visitors is not None and visitors.id != own.id and visitors.user_id is None
        return own, visitors if merges else None

    def _usable(self, opportunity_id: int | None) -> Opportunity | None:
        held = self._held(opportunity_id)
        if held and held.merged_into:
            held = self._held(held.merged_into)
        return held if held and held.usable else None

    def _held(self, opportunity_id: int | None) -> Opportunity | None:
        if opportunity_id is None:
            return None
        item = self._found.get(opportunities.header_key(self._organization, opportunity_id))
        return opportunities.of_item(item) if item else None

    def programs(self) -> Mapping[int, Program]:
        return programs.current(self._organization, self._found.get(self._version)).programs
