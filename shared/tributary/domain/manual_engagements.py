"""Engagements created on the spot, for credit without a visit: claims, codes of an order, credits given by hand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from tributary.domain.codes import COUPON, TRACKING, Code
from tributary.domain.ids import cause_id
from tributary.domain.opportunity import Engagement, Opportunity
from tributary.domain.program import Program
from tributary.domain.transaction import Transaction

CREDIT, CLAIM, CODE = "credit", "claim", "code"
#: The trigger of an engagement by a code, by its type.
_TRIGGERS = {COUPON: "couponUsed", TRACKING: "siteVisited"}
#: The most engagements by codes, and the room for all in the one transaction of a decision: a winner by a code needs
#: two of its actions, another one.
MAX_BY_CODES, _ROOM = 30, 96

#: Program and collaborator.
Pair = tuple[int, int]


@dataclass(frozen=True)
class Carried:
    """The owner of a code that a sale carries, and the programs in which they are enrolled."""

    code: Code
    collaborator_id: int
    programs: tuple[Program, ...]


def manual_opportunity(
    transaction: Transaction, by: str, collaborator_id: int, rewarding: Iterable[Program], points: str
) -> Opportunity:
    """An opportunity with one engagement per program, dated at the sale; `points` names the trigger to score by."""
    made, organization = transaction.sale.occurred_at, transaction.organization
    held = (
        Engagement(
            cause_id(organization, "engagement", by, transaction.id, program.id, collaborator_id),
            program.id,
            collaborator_id,
            program.triggers.get(points, 1),
            made,
            made,
        )
        for program in rewarding
    )
    return Opportunity(transaction.sale.tracking_id or 0, organization, made, made, engagements=tuple(held))


def counting(codes: Sequence[Code], visited: Opportunity | None) -> list[Code]:
    """The codes that count beside the visits of a sale, if it has any."""
    has_visits = visited is not None and visited.usable and bool(visited.engagements)
    return [code for code in codes if not (code.yields and has_visits)]


def with_codes(
    transaction: Transaction, visited: Opportunity | None, carried: Sequence[Carried]
) -> tuple[Opportunity | None, Mapping[Pair, tuple[Code, ...]]]:
    """The opportunity of a sale with the owners of its codes engaged as of the sale, and the codes that engaged them.

    One that is invalid stays so; owners who had engagements already are scored for both. Beyond the room of one
    decision, the visits seen longest ago are dropped."""
    if visited is not None and not visited.usable:
        return visited, {}
    engaged = _begun(transaction, carried)
    codes = {pair: tuple(code for code, _ in held) for pair, held in engaged.items()}
    begun = {pair: reduce(Engagement.joined, (made for _, made in held)) for pair, held in engaged.items()}
    if visited is None:
        organization, at = transaction.organization, transaction.sale.occurred_at
        made = tuple(begun.values())
        return (Opportunity(0, organization, at, at, engagements=made) if made else None), codes
    before = {(held.program_id, held.collaborator_id): held for held in visited.engagements}
    ours = [before[pair].joined(made) if pair in before else made for pair, made in begun.items()]
    others = sorted(
        (held for pair, held in before.items() if pair not in begun),
        key=lambda held: (held.modified_at, held.id),
        reverse=True,
    )[: _ROOM - 2 * len(ours)]
    evicted = visited.evicted + len({*before} - {*begun}) - len(others)
    return replace(visited, engagements=(*ours, *others), evicted=evicted), codes


def _begun(transaction: Transaction, carried: Sequence[Carried]) -> dict[Pair, list[tuple[Code, Engagement]]]:
    """The engagements by codes, at most MAX_BY_CODES, those of the first codes first."""
    organization, at = transaction.organization, transaction.sale.occurred_at
    begun: dict[Pair, list[tuple[Code, Engagement]]] = {}
    for owner in carried:
        trigger = _TRIGGERS[owner.code.type]
        for program in (it for it in owner.programs if it.rewards(trigger)):
            pair = (program.id, owner.collaborator_id)
            if pair in begun or len(begun) < MAX_BY_CODES:
                number = cause_id(organization, "engagement", CODE, transaction.id, *pair)
                made = Engagement(number, *pair, program.triggers[trigger], at, at)
                begun.setdefault(pair, []).append((owner.code, made))
    return begun
