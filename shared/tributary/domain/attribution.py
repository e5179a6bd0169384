"""Who earned credit for a sale. One pure function; its result is the record that explains each cent.

Reasons of candidates: `won`, `after_sale`, `expired`, `collaborator_not_active`, `program_not_active`,
`conversion_type_not_paid`, `currency_mismatch`, `outranked`, `no_counting_line`, `sale_refunded`.
Reasons of decisions: `awarded`, `not_awarded`, `sale_refunded`, `no_candidate`, `opportunity_unknown`,
`opportunity_invalid`, `visit_consumed`, `no_visit`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tributary.domain import commission, times
from tributary.domain.opportunity import Engagement, Opportunity
from tributary.domain.program import Program
from tributary.domain.transaction import Transaction

#: A visit may seem this much later than its sale, since two clocks took the times.
CLOCK_SKEW_MINUTES = 5


@dataclass(frozen=True)
class Candidate:
    """An engagement that could have earned, and why it did or did not."""

    engagement: Engagement
    reason: str


@dataclass(frozen=True)
class Award:
    """What one collaborator earned in one program, with everything it was worked out from."""

    program: Program
    engagement: Engagement
    base: int
    reward: int
    lines: tuple[int, ...]

    @property
    def status(self) -> str:
        return "approved" if self.program.auto_approve else "pending"


@dataclass(frozen=True)
class Decision:
    """The outcome for one sale; `consumes` says whether the opportunity's epoch moves on with it."""

    reason: str
    candidates: tuple[Candidate, ...] = ()
    awards: tuple[Award, ...] = ()
    consumes: bool = False


def decide(
    transaction: Transaction,
    opportunity: Opportunity | None,
    programs: Mapping[int, Program],
    active_collaborators: Collection[int],
) -> Decision:
    """The decision for a sale, from what is known now. The order of engagements and programs does not matter."""
    if opportunity is None or not opportunity.usable or not opportunity.engagements:
        return Decision(_why_nobody(opportunity))
    out, eligible = [], []
    for engagement in opportunity.engagements:
        reason = _ineligible(engagement, transaction, programs.get(engagement.program_id), active_collaborators)
        if reason:
            out.append(Candidate(engagement, reason))
        else:
            eligible.append(engagement)
    if not eligible:
        return Decision("no_candidate", _ordered(out))
    if transaction.status != "complete":
        refunded = [Candidate(engagement, "sale_refunded") for engagement in eligible]
        return Decision("sale_refunded", _ordered(out + refunded), consumes=True)
    awards: list[Award] = []
    for program_id in sorted({engagement.program_id for engagement in eligible}):
        rivals = [engagement for engagement in eligible if engagement.program_id == program_id]
        decided, award = _decide_program(transaction, programs[program_id], rivals)
        out += decided
        awards += [award] if award else []
    return Decision("awarded" if awards else "not_awarded", _ordered(out), tuple(awards), consumes=True)


def _decide_program(
    transaction: Transaction, program: Program, rivals: list[Engagement]
) -> tuple[list[Candidate], Award | None]:
    if reason := _unpayable(transaction, program):
        return [Candidate(rival, reason) for rival in rivals], None
    winner = _RESOLVERS[program.resolver](rivals)
    outranked = [Candidate(rival, "outranked") for rival in rivals if rival is not winner]
    lines = commission.counting_lines(transaction.sale.details, program)
    if not lines:
        return [*outranked, Candidate(winner, "no_counting_line")], None
    base = commission.base(transaction.sale.details, lines)
    award = Award(program, winner, base, commission.reward(base, program), tuple(lines))
    return [*outranked, Candidate(winner, "won")], award


def _why_nobody(opportunity: Opportunity | None) -> str:
    if opportunity is None:
        return "opportunity_unknown"
    if not opportunity.usable:
        return "opportunity_invalid"
    return "visit_consumed" if opportunity.epoch else "no_visit"


def _ineligible(
    engagement: Engagement, transaction: Transaction, program: Program | None, active_collaborators: Collection[int]
) -> str | None:
    """Why an engagement is no candidate, or None. A program that is gone cannot say when the engagement expires."""
    occurred_at = transaction.sale.occurred_at
    if engagement.created_at > times.later(occurred_at, minutes=CLOCK_SKEW_MINUTES):
        return "after_sale"
    if engagement.collaborator_id not in active_collaborators:
        return "collaborator_not_active"
    if program is None:
        return "program_not_active"
    if occurred_at > times.later(engagement.modified_at, days=program.expiration_days):
        return "expired"
    return None


def _unpayable(transaction: Transaction, program: Program) -> str | None:
    if program.status != "active":
        return "program_not_active"
    if "sale" not in program.conversion_types:
        return "conversion_type_not_paid"
    if program.units != transaction.sale.currency:
        return "currency_mismatch"
    return None


def _newest(rivals: list[Engagement]) -> Engagement:
    """The latest dateModified; ties: earlier dateCreated, then lower id."""
    latest = max(rival.modified_at for rival in rivals)
    return min((rival for rival in rivals if rival.modified_at == latest), key=lambda e: (e.created_at, e.id))


def _oldest(rivals: list[Engagement]) -> Engagement:
    """The earliest dateCreated; ties: lower id."""
    return min(rivals, key=lambda e: (e.created_at, e.id))


_RESOLVERS = {"newestBindingWins": _newest, "oldestBindingWins": _oldest}


def _ordered(candidates: list[Candidate]) -> tuple[Candidate, ...]:
    return tuple(sorted(candidates, key=lambda c: (c.engagement.created_at, c.engagement.id)))
