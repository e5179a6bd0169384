"""Engagements created on the spot, for credit without a visit: claims, codes of an order, credits given by hand."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tributary.domain.ids import cause_id
from tributary.domain.opportunity import Engagement, Opportunity
from tributary.domain.program import Program
from tributary.domain.transaction import Code, Transaction

CREDIT, CLAIM, CODE = "credit", "claim", "code"
#: The trigger of an engagement by a code, by its type.
_TRIGGERS = {"coupon": "couponUsed", "tracking": "siteVisited"}


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


def with_codes(transaction: Transaction, visited: Opportunity | None, carried: Iterable[Carried]) -> Opportunity | None:
    """The opportunity of a sale with the owners of its codes engaged as of the sale.

    One that is invalid stays so; owners who had engagements already are scored for both."""
    held = {(it.program_id, it.collaborator_id): it for it in visited.engagements} if visited else {}
    if visited is not None and not visited.usable:
        return visited
    organization, at = transaction.organization, transaction.sale.occurred_at
    for owner in carried:
        trigger = _TRIGGERS[owner.code.type]
        for program in (it for it in owner.programs if it.rewards(trigger)):
            key = (program.id, owner.collaborator_id)
            number = cause_id(organization, "engagement", CODE, transaction.id, *key)
            made = Engagement(number, *key, program.triggers[trigger], at, at)
            held[key] = held[key].joined(made) if key in held else made
    if visited is None:
        return Opportunity(0, organization, at, at, engagements=tuple(held.values())) if held else None
    return replace(visited, engagements=tuple(held.values()))
