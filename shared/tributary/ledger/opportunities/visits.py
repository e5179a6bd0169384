"""Visits: the collaborator, the opportunity to continue, and the one transaction that records both."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tributary.domain import times
from tributary.domain.ids import random_id, text_digest
from tributary.domain.opportunity import Opportunity
from tributary.domain.program import Program
from tributary.ledger.customers import customer_items, customers
from tributary.ledger.opportunities import engagements, opportunities, opportunity_links
from tributary.ledger.opportunities.opportunity_links import Link
from tributary.ledger.programs import collaborators, programs
from tributary.ledger.programs.collaborators import Alias
from tributary.ledger.store import table
from tributary.ledger.store.records import item_header
from tributary.ledger.store.retries import retried
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

_TRIES = 10
#: The trigger of a coupon, which subscribers hear of even if no program rewards it.
COUPON = "couponUsed"


@dataclass(frozen=True)
class Addressed:
    """A customer who was sent a message; `name` distinguishes it from the collaborator's others to them."""

    customer_id: int
    message: str


@dataclass(frozen=True)
class Visit:
    """A report: the collaborator by id or alias, the visitor by opportunity, by shop account, both or neither.

    A visit `addressed` to a customer is counted once, however often and in whatever order it is reported. So is one of
    the past, which has its own moment `occurred_at`.
    """

    collaborator: int | Alias
    user_id: str | None = None
    opportunity_id: int | None = None
    trigger: str = "siteVisited"
    addressed: Addressed | None = None
    occurred_at: str | None = None


@dataclass(frozen=True)
class Visited:
    """The outcome of a visit.

    `not_attributed`: no active collaborator, nothing was written. `recorded`: no program of the collaborator rewards
    the trigger. `repeated`: the message was counted before.
    """

    status: str
    opportunity_id: int | None
    reason: str | None = None


def record(organization: str, visit: Visit, now: str | None = None, new_id: int | None = None) -> Visited:
    """Record a visit, again from the start if its opportunity changes meanwhile. A retry within a minute writes
    nothing."""
    now, new_id = now or times.now(), new_id or random_id()
    # A clock ahead of ours must not reach later sales.
    return _record(organization, visit, min(visit.occurred_at or now, now), new_id)


@retried("the opportunity", _TRIES)
def _record(organization: str, visit: Visit, now: str, new_id: int) -> Visited:
    seen = _Seen(organization, visit)
    before, merged = seen.opportunities()
    collaborator = seen.collaborator()
    if collaborator is None or collaborator["listed"]["status"] != "active":
        reason = "collaborator_unknown" if collaborator is None else "collaborator_not_active"
        return Visited("not_attributed", before.id if before else None, reason)
    if seen.counted:
        return Visited("repeated", before.id if before else None)
    start = before or Opportunity(new_id, organization, now, now, user_id=visit.user_id)
    if visit.user_id is not None and start.user_id is None:
        start = replace(start, user_id=visit.user_id, modified_at=now)
    if start.user_id is not None and start.user_id == collaborator["listed"]["userId"]:
        if before is None and seen.link and seen.link.held:  # already invalid
            return Visited("not_attributed", seen.link.opportunity_id, "self_referral")
        void = replace(start, status="invalid", engagements=(), modified_at=now)
        opportunities.save(before, void, seen.link, merged)
        return Visited("not_attributed", start.id, "self_referral")
    enrolled = set(collaborator["listed"]["programs"])
    rewarding = [p for p in seen.programs().values() if p.id in enrolled and p.rewards(visit.trigger)]
    after = start.merged(merged, now) if merged else start
    number = int(collaborator["listed"]["id"])
    past = _past_key(after, visit, number) if visit.occurred_at else None
    if past is None or not before or table.get(*past) is None:
        add = after.reported if visit.addressed or past else after.visited
        after = add(number, rewarding, visit.trigger, now)
        after = after.applied(number, now) if visit.trigger == COUPON else after
    else:
        past = None
    once = _once_actions(organization, visit.addressed, number) if visit.addressed else []
    once += [table.put_action(item_header("visit", organization, past))] if past else []
    if after != before or merged or once:
        opportunities.save(before, after, seen.link, merged, once)
    return Visited("attributed" if rewarding else "recorded", after.id, None if rewarding else "no_program_rewards_it")


def _past_key(opportunity: Opportunity, visit: Visit, collaborator_id: int) -> Key:
    """The key that counts a visit of the past once in its opportunity."""
    named = text_digest(visit.trigger, str(collaborator_id), visit.occurred_at or "")
    return engagements.partition(opportunity.organization, opportunity.id), f"visit#{named}"


def _once_key(organization: str, to: Addressed, collaborator_id: int) -> Key:
    return customer_items.pk(organization, to.customer_id), f"message#{collaborator_id}#{text_digest(to.message)}"


def _once_actions(organization: str, to: Addressed, collaborator_id: int) -> list[Item]:
    """Actions that count the message once and fail if its customer was erased."""
    pk, sk = _once_key(organization, to, collaborator_id)
    item = item_header("message", organization, (pk, sk))
    return [table.put_action(item), customers.present_action(organization, to.customer_id)]


class _Seen:
    """The reads of a visit, in two batches: the reported keys, then the records behind them."""

    def __init__(self, organization: str, visit: Visit) -> None:
        self._organization, self._visit = organization, visit
        self._version = programs.version_key(organization)
        keys = [self._version, self._collaborator_key()]
        if visit.opportunity_id is not None:
            keys.append(opportunities.header_key(organization, visit.opportunity_id))
        self.link = self._link()
        if self.link:
            keys.append(self.link.key)
        self._found = table.batch_get(keys)
        if self.link:
            self.link = replace(self.link, held=self._found.get(self.link.key))
        if onward := [key for key in self._onward() if key not in keys]:
            self._found |= table.batch_get(onward)
        if (linked := self._held(self.link.opportunity_id if self.link else None)) and linked.merged_into:
            self._found |= table.batch_get([opportunities.header_key(organization, linked.merged_into)])

    @property
    def counted(self) -> bool:
        """True if the message was reported before."""
        return self._once_key() in self._found

    def _link(self) -> Link | None:
        if self._visit.addressed:
            return opportunity_links.of_customer(self._organization, self._visit.addressed.customer_id)
        if self._visit.user_id is not None:
            return opportunity_links.of_user(self._organization, self._visit.user_id)
        return None

    def _collaborator_key(self) -> Key:
        named = self._visit.collaborator
        if isinstance(named, Alias):
            return collaborators.alias_key(self._organization, named)
        return collaborators.key(self._organization, named)

    def _collaborator_id(self) -> int | None:
        """Id of the named collaborator (need not exist); None for an unknown alias."""
        if not isinstance(self._visit.collaborator, Alias):
            return self._visit.collaborator
        alias = self._found.get(self._collaborator_key())
        return int(alias["collaboratorId"]) if alias else None

    def _once_key(self) -> Key | None:
        number = self._collaborator_id()
        addressed = self._visit.addressed
        return _once_key(self._organization, addressed, number) if addressed and number is not None else None

    def _onward(self) -> list[Key]:
        keys = []
        if (number := self._collaborator_id()) is not None:
            keys.append(collaborators.key(self._organization, number))
        if self.link and (linked := self.link.opportunity_id):
            keys.append(opportunities.header_key(self._organization, linked))
            if once := self._once_key():  # no writer has put it before the link
                keys.append(once)
        if (named := self._held(self._visit.opportunity_id)) and named.merged_into:
            keys.append(opportunities.header_key(self._organization, named.merged_into))
        return keys

    def collaborator(self) -> Item | None:
        number = self._collaborator_id()
        return self._found.get(collaborators.key(self._organization, number)) if number is not None else None

    def opportunities(self) -> tuple[Opportunity | None, Opportunity | None]:
        """The opportunity that the visit continues, and the one to merge into it.

        The first is the user's, else the visitor's unless it is another user's, else None. The second is the visitor's
        if it has no user yet.
        """
        own = self._usable(self.link.opportunity_id if self.link else None)
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
