"""A program with two partners, one of them with codes that an order may carry."""

from typing import Any

from tests.stack.exchange import Answer
from tests.stack.house import House

BOTH = {"siteVisited": {"value": "100"}, "couponUsed": {"value": "50"}}


class Partners:
    """One program, and Ann and Bob in it; Ann has the coupon SAVE10 and the alias ANN."""

    def __init__(self, house: House, **settings: Any) -> None:
        self.house = house
        self.program = house.new_program(**{"engagementTypes": BOTH, **settings})
        codes = [{"type": "coupon", "code": "SAVE10"}, {"type": "tracking", "code": "ANN"}]
        self.ann = house.new_collaborator(self.program, aliases=codes)
        self.bob = house.new_collaborator(self.program)

    def sold(self, external_id: str = "ORD-1", **members: Any) -> Answer:
        """Report a sale of 49.99 that names no opportunity unless given."""
        body = {"source": "shopify", "externalId": external_id, "total": 49.99, **members}
        return self.house.post("/event/sale", body, key="events")

    def owed(self) -> dict[int, int]:
        """The value of each collaborator's obligations."""
        listed = [it["listed"] for it in self.house.ledger("obligation")]
        return {it["collaboratorId"]: it["value"] for it in listed if it["status"] != "rejected"}

    def explained(self, external_id: str = "ORD-1") -> Any:
        """The decision about a sale, once everything is delivered."""
        self.house.deliver()
        (number,) = (
            it["listed"]["id"] for it in self.house.ledger("transaction") if it["reported"]["externalId"] == external_id
        )
        return self.house.get(f"/transactions/{number}/attribution", key="reader").json
