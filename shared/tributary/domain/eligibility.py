"""Eligibility of engagements and programs. Each reason is shown to candidates."""

from collections.abc import Collection

from tributary.domain import times
from tributary.domain.earning_event import EarningEvent
from tributary.domain.opportunity import Engagement, Opportunity, lead_key
from tributary.domain.program import Program

#: Allowed lead of a visit over its sale, since two clocks took the times.
CLOCK_SKEW_MINUTES = 5


def ineligible(
    engagement: Engagement, earning_event: EarningEvent, program: Program | None, active_collaborators: Collection[int]
) -> str | None:
    """The reason an engagement is not a candidate, or None. A missing program has no expiry to check."""
    occurred_at = earning_event.occurred_at
    if engagement.created_at > times.later(occurred_at, minutes=CLOCK_SKEW_MINUTES):
        return "after_sale"
    if engagement.collaborator_id not in active_collaborators:
        return "collaborator_not_active"
    if program is None:
        return "program_not_active"
    if (earning_event.referred_at or occurred_at) > times.later(engagement.modified_at, days=program.expiration_days):
        return "expired"
    return None


def unpayable(earning_event: EarningEvent, opportunity: Opportunity, program: Program) -> str | None:
    """The reason a program pays no one, or None."""
    if program.status != "active":
        return "program_not_active"
    if not program.pays(earning_event.type):
        return "conversion_type_not_paid"
    if earning_event.currency not in (None, program.units):
        return "currency_mismatch"
    if not earning_event.is_sale and not _qualifies(
        earning_event, opportunity.leads.get(lead_key(program.id, earning_event.type)), program
    ):
        return "not_requalified"
    return None


def _qualifies(earning_event: EarningEvent, last: str | None, program: Program) -> bool:
    """A program pays a visitor's lead of one type once, and again after its requalification days."""
    if last is None:
        return True
    days = program.requalification_days
    return days is not None and earning_event.occurred_at >= times.later(last, days=days)
