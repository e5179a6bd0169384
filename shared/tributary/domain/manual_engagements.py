"""Engagements created on the spot, for credit without a visit: claims and credits given by hand."""

from collections.abc import Iterable

from tributary.domain.ids import cause_id
from tributary.domain.opportunity import Engagement, Opportunity
from tributary.domain.program import Program
from tributary.domain.transaction import Transaction

CREDIT, CLAIM = "credit", "claim"


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
