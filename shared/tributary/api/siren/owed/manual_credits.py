"""Manual credits."""

from tributary.api.siren.requests.transactions import CreditBody
from tributary.domain import bulk
from tributary.domain.bulk import Bulk
from tributary.domain.errors import NotFound
from tributary.ledger.earnings import manual_credits
from tributary.ledger.programs import collaborators
from tributary.ledger.programs.collaborators import Alias


def credit(organization: str, asked: CreditBody) -> Bulk:
    """Credits the sales; skips unknown, ended and already credited ones. NotFound for an unknown collaborator."""
    collaborator = collaborators.named(organization, asked.collaborator_id)
    if collaborator is None:
        named = asked.collaborator_id
        spelled = f"{named.type}:{named.code}" if isinstance(named, Alias) else str(named)
        raise NotFound("There is no such collaborator.", {"collaboratorId": spelled[:64]})
    return bulk.each(
        asked.transaction_ids,
        lambda transaction_id: manual_credits.credit(organization, transaction_id, collaborator, asked.type),
    )
