"""Messages that campaigns sent to customers: each is counted once, as a trigger of the customer's opportunity."""

from dataclasses import dataclass

from tributary.domain.errors import NotFound
from tributary.ledger.customers import profiles
from tributary.ledger.opportunities import visits
from tributary.ledger.opportunities.visits import Addressed, Visit, Visited
from tributary.ledger.programs.collaborators import Alias
from tributary.ledger.store import table


@dataclass(frozen=True)
class Message:
    """`profile` is a customer's spelled id or an external id; `campaign` a collaborator. `name` tells the message from
    others of the campaign to this customer."""

    profile: str
    campaign: int | Alias
    sent_at: str
    name: str


def record(organization: str, message: Message) -> Visited:
    """Has the customer's opportunity tell of the message, once.

    ValidationFailed for an unknown id of Tributary's own as `profile`; an unknown external id makes a customer.
    NotFound for an unknown campaign, which may still be on its way."""
    place = profiles.key(organization, message.profile)
    found = table.get(*place) if place else None
    addressed = Addressed(profiles.customer_id(organization, message.profile, found, "profile"), message.name)
    visit = Visit(message.campaign, trigger="messageSent", addressed=addressed)
    visited = visits.record(organization, visit, message.sent_at)
    if visited.reason == "collaborator_unknown":
        raise NotFound("There is no such campaign.", {"reason": visited.reason})
    return visited
