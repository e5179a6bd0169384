"""Attribution: the decision which engagements earn credit for a sale. It explains each cent.

Reasons of candidates: `won`, `after_sale`, `expired`, `collaborator_not_active`, `program_not_active`,
`conversion_type_not_paid`, `currency_mismatch`, `not_requalified`, `group_outranked`, `outranked`, `no_score`,
`no_counting_line`, `credited`.
Reasons of decisions: `awarded`, `not_awarded`, `no_candidate`, `opportunity_unknown`, `opportunity_invalid`,
`visit_consumed`, `no_visit`, `not_referred`, `code_without_credit`. Refunds do not matter: an award of a refunded
sale is worth nothing.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tributary.domain import commission, eligibility, resolver
from tributary.domain.codes import Code
from tributary.domain.earning_event import EarningEvent
from tributary.domain.manual_engagements import CLAIM, Carried, manual_opportunity, with_codes
from tributary.domain.opportunity import Engagement, Opportunity
from tributary.domain.program import Catalogue, Program
from tributary.domain.transaction import Claim, Transaction


@dataclass(frozen=True)
class Candidate:
    """An engagement that could have earned, and the reason it did or did not; `codes` are those of the sale that led
    to it."""

    engagement: Engagement
    reason: str
    codes: tuple[Code, ...] = ()


@dataclass(frozen=True)
class Award:
    """Credit of one collaborator in one program, with every input of its value.

    `base` is the sum of the counting lines, `reward` the whole reward, weight / weights the winner's share. `place` is
    the winner's in a pool whose odd units are handed out, `pool` all weights of it unless they are equal. `overridden`
    marks a reward set by the sale's claim instead of the program.

    An award of a sale without lines has no conversion until an edit of the sale adds a line that counts."""

    program: Program
    engagement: Engagement
    lines: tuple[int, ...]
    base: int
    reward: int
    value: int
    weight: int = 1
    weights: int = 1
    overridden: bool = False
    place: int | None = None
    pool: tuple[int, ...] | None = None

    @property
    def status(self) -> str:
        return "approved" if self.program.auto_approve else "pending"

    @property
    def due_at_once(self) -> "Award":
        """The award without a holding period, as given by hand."""
        return replace(self, program=replace(self.program, holding_days=0))


@dataclass(frozen=True)
class Decision:
    """The outcome for one sale; `consumes` advances the opportunity's epoch. `evicted` counts the visits that gave way
    to its codes."""

    reason: str
    candidates: tuple[Candidate, ...] = ()
    awards: tuple[Award, ...] = ()
    consumes: bool = False
    evicted: int = 0

    @property
    def won(self) -> tuple[Award, ...]:
        """The awards of winners that the sale or lead pays as reported."""
        ids = {held.engagement.id for held in self.candidates if held.reason == "won"}
        return tuple(award for award in self.awards if award.engagement.id in ids)


def decide(
    transaction: Transaction,
    opportunity: Opportunity | None,
    catalogue: Catalogue,
    active_collaborators: Collection[int],
    carried: Sequence[Carried] = (),
) -> Decision:
    """The decision for a sale, from present state. The order of engagements and programs does not matter.

    `carried` are the owners of the sale's codes."""
    if transaction.sale.claim is not None:
        return _decide_claim(transaction, transaction.sale.claim, catalogue, active_collaborators)
    if transaction.sale.codes:
        return _decide_with_codes(transaction, opportunity, catalogue, active_collaborators, carried)
    if transaction.sale.tracking_id is None:
        return Decision("not_referred")
    return decide_occasion(EarningEvent.of_sale(transaction), opportunity, catalogue, active_collaborators)


def decide_occasion(
    earning_event: EarningEvent,
    opportunity: Opportunity | None,
    catalogue: Catalogue,
    active_collaborators: Collection[int],
) -> Decision:
    """The decision for a sale or a lead. A sale with candidates consumes the visits.

    A lead leaves them for a later sale; its programs remember the visitors they have paid for."""
    if opportunity is None or not opportunity.usable or not opportunity.engagements:
        return Decision(_why_nobody(opportunity))
    out: list[Candidate] = []
    eligible: dict[int, list[Engagement]] = {}
    for engagement in opportunity.engagements:
        program = catalogue.programs.get(engagement.program_id)
        if reason := eligibility.ineligible(engagement, earning_event, program, active_collaborators):
            out.append(Candidate(engagement, reason))
        else:
            eligible.setdefault(engagement.program_id, []).append(engagement)
    if not eligible:
        return Decision("no_candidate", _ordered(out))
    paying, excluded = _paying(earning_event, opportunity, catalogue, eligible)
    decided = [
        _decide_program(earning_event, catalogue.programs[program_id], paying[program_id])
        for program_id in sorted(paying)
    ]
    out += excluded + [candidate for candidates, _ in decided for candidate in candidates]
    awards = tuple(award for _, awards in decided for award in awards)
    reason = "awarded" if any(candidate.reason == "won" for candidate in out) else "not_awarded"
    return Decision(reason, _ordered(out), awards, consumes=earning_event.is_sale)


def without_already_credited(decision: Decision, credited: Collection[tuple[int, int]]) -> Decision:
    """The decision less winners already credited by hand, given as (program, collaborator) pairs.

    A program never pays a collaborator twice for one sale."""
    kept = tuple(it for it in decision.awards if (it.program.id, it.engagement.collaborator_id) not in credited)
    before = {it.engagement.id for it in decision.awards if it not in kept}
    candidates = (replace(it, reason="credited") if it.engagement.id in before else it for it in decision.candidates)
    left = replace(decision, candidates=tuple(candidates), awards=kept)
    return replace(left, reason="not_awarded") if before and not left.won else left


def _decide_claim(
    transaction: Transaction, claim: Claim, catalogue: Catalogue, active_collaborators: Collection[int]
) -> Decision:
    """The decision for a claimed sale: needs no visit and consumes none."""
    claimed = [catalogue.programs[number] for number in claim.program_ids if number in catalogue.programs]
    opportunity = manual_opportunity(transaction, CLAIM, claim.collaborator_id, claimed, CLAIM)
    decision = decide_occasion(EarningEvent.of_sale(transaction), opportunity, catalogue, active_collaborators)
    awards = decision.awards
    if claim.commission is not None:
        paid = claim.commission
        awards = tuple(
            replace(award, reward=paid, value=paid, overridden=True) if award.lines else replace(award, overridden=True)
            for award in awards
        )
    return replace(decision, awards=awards, consumes=False)


def _decide_with_codes(
    transaction: Transaction,
    opportunity: Opportunity | None,
    catalogue: Catalogue,
    active_collaborators: Collection[int],
    carried: Sequence[Carried],
) -> Decision:
    """The decision for a sale with codes: their owners compete with the visits, which are consumed if there are any."""
    engaged, codes = with_codes(transaction, opportunity, carried)
    if engaged is None and transaction.sale.tracking_id is None:
        return Decision("code_without_credit")
    decision = decide_occasion(EarningEvent.of_sale(transaction), engaged, catalogue, active_collaborators)
    named = (
        replace(it, codes=codes.get((it.engagement.program_id, it.engagement.collaborator_id), ()))
        for it in decision.candidates
    )
    visited = opportunity is not None and opportunity.usable and bool(opportunity.engagements)
    evicted = engaged.evicted - opportunity.evicted if engaged and opportunity else 0
    return replace(decision, candidates=tuple(named), consumes=decision.consumes and visited, evicted=evicted)


def _paying(
    earning_event: EarningEvent,
    opportunity: Opportunity,
    catalogue: Catalogue,
    eligible: Mapping[int, list[Engagement]],
) -> tuple[dict[int, list[Engagement]], list[Candidate]]:
    """The programs that may pay, at most one per group, and the candidates of all others."""
    out: list[Candidate] = []
    groups: dict[tuple[str, int], list[int]] = {}
    for program_id, rivals in eligible.items():
        program = catalogue.programs[program_id]
        if reason := eligibility.unpayable(earning_event, opportunity, program):
            out += _all([rivals], reason)
        else:
            alone = program.group_id is None or program.group_id not in catalogue.sorters
            groups.setdefault(("program", program_id) if alone else ("group", program.group_id or 0), []).append(
                program_id
            )
    paying = {}
    for (_, group_id), members in groups.items():
        kept = members[0]
        if len(members) > 1:
            rivals = [rival for member in members for rival in eligible[member]]
            kept = resolver.preferred(catalogue.sorters[group_id], rivals).program_id
        paying[kept] = eligible[kept]
        out += _all((eligible[member] for member in members if member != kept), "group_outranked")
    return paying, out


def _decide_program(
    earning_event: EarningEvent, program: Program, rivals: Sequence[Engagement]
) -> tuple[list[Candidate], list[Award]]:
    winners = resolver.winners(program, rivals)
    pool, largest = [weight for _, weight in winners], program.pool_remainder == "largest"
    details, weights = earning_event.lines, sum(pool)
    discounts = earning_event.discounts if program.counts_discounts else ()
    odd_units = largest and len(pool) > 1
    differing = tuple(pool) if len(set(pool)) > 1 else None
    winning = {engagement.id for engagement, _ in winners}
    without = "no_score" if program.resolver in ("sharedPool", "weightedPool") else "outranked"
    out = [Candidate(rival, without) for rival in rivals if rival.id not in winning]
    awards = []
    for place, (engagement, weight) in enumerate(winners):
        lines = commission.counting_lines(details, program, engagement.collaborator_id)
        whole = commission.reward(details, lines, program, discounts)
        split = commission.shares(whole, pool, hand_out_remainder=largest)
        base = commission.base(details, lines, discounts)
        award = Award(program, engagement, lines, base, whole, split[place], weight, weights)
        awards.append(replace(award, place=place, pool=differing) if odd_units else award)
        out.append(Candidate(engagement, "won" if lines or not earning_event.is_sale else "no_counting_line"))
    return out, awards


def _why_nobody(opportunity: Opportunity | None) -> str:
    if opportunity is None:
        return "opportunity_unknown"
    if not opportunity.usable:
        return "opportunity_invalid"
    return "visit_consumed" if opportunity.epoch else "no_visit"


def _all(engagements: Iterable[Iterable[Engagement]], reason: str) -> list[Candidate]:
    return [Candidate(engagement, reason) for rivals in engagements for engagement in rivals]


def _ordered(candidates: list[Candidate]) -> tuple[Candidate, ...]:
    return tuple(sorted(candidates, key=lambda c: (c.engagement.created_at, c.engagement.id)))
