"""Messages, as their sender reports each on the bus."""

from tributary.api.http.bodies import RequestBody
from tributary.api.http.collaborator_field import CollaboratorReference
from tributary.api.http.fields import NameOrNumber, PastMoment, Text
from tributary.ledger.opportunities.messages import Message


class MessageReport(RequestBody):
    """A message of a campaign, which is a collaborator, to a profile."""

    names = frozenset({"message_id"})

    profile: Text
    campaign: CollaboratorReference
    sent_at: PastMoment
    message_id: NameOrNumber | None = None

    def to_message(self, now: str) -> Message:
        """Without its own id, a message is identified by its moment. A clock ahead of ours must not reach later
        purchases."""
        name = f"at {self.sent_at}" if self.message_id is None else f"id {self.message_id}"
        return Message(self.profile, self.campaign, min(self.sent_at, now), name)
