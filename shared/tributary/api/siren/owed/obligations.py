"""Calls that change obligations by hand, as the Siren surface words them."""

from tributary.api.siren.requests.owed.obligations import ObligationBody, ObligationChange
from tributary.domain import bulk
from tributary.domain.errors import Conflict, Failure, NotFound, ValidationFailed
from tributary.domain.ids import random_id
from tributary.domain.obligation import FINAL, SPOKEN
from tributary.ledger.earnings import obligations_by_hand
from tributary.ledger.earnings.credit_items import Credit
from tributary.ledger.programs import collaborators
from tributary.ledger.store.values import Item

#: The action that leads to a status.
_ACTIONS = {
    "draft": None,
    "pending": "markPending",
    "complete": "markComplete",
    "rejected": "reject",
    "cancelled": "cancel",
    "deleted": "delete",
}


def create(organization: str, body: ObligationBody) -> Item:
    """A new credit or debit. ValidationFailed for an unknown collaborator."""
    found = collaborators.named(organization, body.collaborator_id)
    if found is None:
        sentence = "collaboratorId is not a collaborator."
        raise ValidationFailed([Failure("collaboratorId", sentence, "UNKNOWN")])
    credit = Credit(
        organization,
        random_id(),
        found["listed"]["id"],
        body.value,
        body.currency,
        body.award_type,
        body.status,
        body.due_at,
        reason=body.reason,
    )
    return obligations_by_hand.create(credit)


def change(organization: str, obligation_id: int, body: ObligationChange) -> Item:
    """An obligation with other members. Conflict for what its state or its conversion does not allow."""
    target = SPOKEN[body.status] if body.status is not None else None
    if body.given:
        reason = obligations_by_hand.change(organization, obligation_id, body.given, target)
    elif target is not None:
        action = _ACTIONS[target]
        reason = obligations_by_hand.act(organization, action, obligation_id) if action else "draft"
    else:
        reason = None
    if reason not in (None, bulk.ALREADY_SO, bulk.NOT_FOUND):
        raise _refused(reason)
    return found(organization, obligation_id)


def delete(organization: str, obligation_id: int) -> Item | None:
    """Cancel an obligation, or delete a cancelled one for good; the item, None once it is gone."""
    item = found(organization, obligation_id)
    final = item["listed"]["status"] in FINAL
    action = obligations_by_hand.PERMANENT if final else "cancel"
    if (reason := obligations_by_hand.act(organization, action, obligation_id)) is not None:
        raise _refused(reason)
    return None if final else found(organization, obligation_id)


def found(organization: str, obligation_id: int) -> Item:
    """The stored obligation; NotFound if there is none."""
    item = obligations_by_hand.find(organization, obligation_id)
    if item is None:
        raise NotFound("There is no such record.", {"id": obligation_id})
    return item


def _refused(reason: str) -> Conflict:
    sentence = {
        "in_payout": "The obligation is in a payout.",
        obligations_by_hand.ADJUSTS: "The obligation adjusts what was paid; a credit or debit by hand corrects it.",
        "follows_conversion": "The obligation follows its conversion; only its status can be changed.",
        "follows_distribution": "The obligation follows its distribution; only its status can be changed.",
        "nothing_allocated": "The distribution leaves nothing of the obligation.",
    }.get(reason, f"The obligation or its sale is {reason}.")
    return Conflict(sentence, {"reason": reason})
