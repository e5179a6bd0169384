"""Messages that campaigns sent to customers, each counted once as a trigger."""

from dataclasses import dataclass

from tributary.domain.errors import NotFound
from tributary.ledger.customers import profiles
from tributary.ledger.opportunities import visits
from tributary.ledger.opportunities.visits import Addressed, Visit, Visited
from tributary.ledger.programs.collaborators import Alias
from tributary.ledger.store import table


@dataclass(frozen=True)
class Message:
    """`profile` is a customer's own id or an external id; `campaign` is a collaborator.

    `name` distinguishes the message from the campaign's others to the customer.
    """

    profile: str
    campaign: int | Alias
    sent_at: str
    name: str


def record(organization: str, message: Message) -> Visited:
    """Add the message to the customer's opportunity, once.

    An unknown external id makes a customer. ValidationFailed for an unknown own id as `profile`; NotFound for an
    unknown campaign, which may still arrive.
    """
    place = profiles.key(organization, message.profile)
    found = table.get(*place) if place else None
    addressed = Addressed(profiles.customer_id(organization, message.profile, found, "profile"), message.name)
    visit = Visit(message.campaign, trigger="messageSent", addressed=addressed)
    visited = visits.record(organization, visit, message.sent_at)
    if visited.reason == "collaborator_unknown":
        raise NotFound("There is no such campaign.", {"reason": visited.reason})
    return visited
