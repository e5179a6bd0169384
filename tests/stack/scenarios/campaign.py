"""A campaign that sends messages to the profiles of points of sale: 10 % of line items in EUR, 30 days."""

from dataclasses import dataclass
from typing import Any

from tests.stack.exchange import ACCOUNT, Message
from tests.stack.house import House
from tests.stack.scenarios.point_of_sale import BUYER, event, push

SENDER, CODE = "other.shop", "SPRING"
#: The day before the documented purchase, which happened on 2026-04-25 at 12:32 UTC.
DAY_BEFORE = "2026-04-24T09:00:00.000Z"


@dataclass(frozen=True)
class Campaign:
    """A collaborator in a program that rewards messages, and a source that may report them."""

    house: House
    program_id: int
    id: int

    def report(self, **members: Any) -> Message:
        """The event of a message to the documented buyer, as it arrives in the queue; a member given as `...` is
        omitted."""
        detail = {"organization": "demo", "profile": BUYER, "campaign": self.id, "sentAt": DAY_BEFORE} | members
        self.house.publish()
        self.house.event("MessageSent", {name: it for name, it in detail.items() if it is not ...})
        (message,) = (it for it in self.house.arrived() if it.function == "receive_event")
        return message

    def send(self, **members: Any) -> None:
        assert self.house.consume(self.report(**members))
        assert self.house.dead_letters("receive_event") == []

    def purchase(self, external_id: str = "T-1", **members: Any) -> dict[str, Any]:
        """Report a purchase of 125.00 and have it decided; return its explanation."""
        push(self.house, event(external_id=external_id, **members))
        self.house.deliver()
        return self.explained(external_id)

    def explained(self, external_id: str = "T-1") -> dict[str, Any]:
        path = f"/transactions/{self.sale(external_id)['listed']['id']}/attribution"
        return dict(self.house.get(path, key="reader").json)

    def sale(self, external_id: str = "T-1") -> dict[str, Any]:
        (sold,) = (it for it in self.house.ledger("transaction") if it["reported"]["externalId"] == external_id)
        return sold

    def live(self) -> list[tuple[Any, ...]]:
        """Score, creation time and latest message of each live engagement of the campaign."""
        engagements = [held for it in self.house.ledger("opportunity") for held in it["engagements"]]
        own = [held for held in engagements if held["collaborator_id"] == self.id]
        return [(held["score"], held["created_at"], held["modified_at"]) for held in own]


def begun(house: House, **settings: Any) -> Campaign:
    """Create the campaign; the settings are its program's."""
    assert house.post("/event-sources", {"source": SENDER, "account": ACCOUNT}).status == 201
    named = {"units": "EUR", "engagementTypes": {"messageSent": 100}, **settings}
    program = house.new_program(**named)
    aliases = [{"type": "tracking", "code": CODE}]
    return Campaign(house, program, house.new_collaborator(program, aliases=aliases))
