"""Leads: partition `<organization>#lead#<id>`, item `lead`, with a decision and awards like a sale's.

An external id names its lead. Leads without one get random ids; each program's requalification rule prevents double
pay.
"""

from tributary.domain import times
from tributary.domain.attribution import Decision, decide_occasion
from tributary.domain.earning_event import EarningEvent, Lead
from tributary.domain.ids import cause_id, random_id
from tributary.domain.opportunity import Opportunity, lead_key
from tributary.ledger.earnings import awards, conversions, decisions
from tributary.ledger.opportunities import opportunities
from tributary.ledger.programs import collaborators, programs
from tributary.ledger.store import table
from tributary.ledger.store.records import item_header
from tributary.ledger.store.retries import retried
from tributary.ledger.store.values import Item

SK = "lead"
_TRIES = 25


def record(
    organization: str, slug: str, opportunity_id: int | None, external_id: str | None, now: str | None = None
) -> Lead:
    """Record a lead; with an external id, a repeat returns the first one."""
    now = now or times.now()
    lead_id = random_id() if external_id is None else cause_id(organization, "lead", slug, external_id)
    item = {
        **item_header("lead", organization, (awards.pk(organization, "lead", lead_id), SK), now),
        "leadId": lead_id,
        "type": slug,
        "opportunityId": opportunity_id,
        "externalId": external_id,
    }
    try:
        table.put_new(item)
    except table.ConditionFailed as failure:
        item = failure.item or item
    return _of(item)


@retried("the lead's opportunity", _TRIES)
def reconcile(organization: str, lead_id: int) -> str:
    """Decides a lead once. Returns the outcome: `decided`, `unchanged` or `absent`."""
    partition, version = awards.pk(organization, "lead", lead_id), programs.version_key(organization)
    found = table.batch_get([(partition, SK), (partition, decisions.LEAD), version])
    if (partition, SK) not in found:
        return "absent"
    if (partition, decisions.LEAD) in found:
        return "unchanged"
    lead = _of(found[partition, SK])
    named = opportunities.get(organization, lead.opportunity_id) if lead.opportunity_id else None
    opportunity = opportunities.followed(organization, named)
    catalogue = programs.current(organization, found.get(version))
    engagements = opportunity.engagements if opportunity else ()
    active = collaborators.active(organization, {held.collaborator_id for held in engagements})
    earning_event = EarningEvent.of_lead(lead)
    decision = decide_occasion(earning_event, opportunity, catalogue, active)
    now = times.now()
    record = decisions.item_of(earning_event, lead.opportunity_id, opportunity, decision, catalogue, now)
    given = conversions.new_items(earning_event, None, decision.awards, now)
    guard = [_guard(lead, opportunity, decision, now)] if lead.opportunity_id else []
    table.transact([table.put_action(record), *guard, *map(table.put_action, given)])
    return "decided"


def _guard(lead: Lead, opportunity: Opportunity | None, decision: Decision, now: str) -> Item:
    if opportunity is None or not decision.awards:
        named = opportunity.id if opportunity else lead.opportunity_id or 0
        return opportunities.unchanged_action(lead.organization, named, opportunity)
    paid = {lead_key(award.program.id, lead.type): lead.occurred_at for award in decision.awards}
    return opportunities.remember_action(opportunity, paid, now)


def _of(item: Item) -> Lead:
    return Lead(item["leadId"], item["organization"], item["type"], item["opportunityId"], item["changedAt"])
