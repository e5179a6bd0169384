"""History for the in-process stack: visits at chosen moments, sales at that time, and the amounts owed for them."""

from typing import Any

from local.seed import ORGANIZATION
from tests.stack.exchange import Item
from tests.stack.house import House
from tributary.domain.ids import random_id
from tributary.ledger.opportunities import visits
from tributary.ledger.programs.collaborators import Alias

JANUARY, FEBRUARY, MARCH, APRIL = (f"2025-{month:02}-10T12:00:00.000Z" for month in (1, 2, 3, 4))


def visited(
    house: House, collaborator: int | Alias, when: str, visitor: int | None = None, user_id: str | None = None
) -> int:
    """Report a visit at that moment, or a coupon if the collaborator is named by one; return the visitor's
    trackingId."""
    trigger = "couponUsed" if isinstance(collaborator, Alias) else "siteVisited"
    visit = visits.Visit(collaborator, user_id, visitor, trigger)
    with house._environment("report_visit"):
        recorded = visits.record(ORGANIZATION, visit, when, random_id())
    assert recorded.opportunity_id is not None
    return recorded.opportunity_id


def sold(house: House, visitor: int, *items: Item, external_id: str = "ORD-1", **members: Any) -> None:
    """Report a sale of these items and deliver everything that follows."""
    total = sum(max(0, item["amount"]) * item.get("quantity", 1) for item in items)
    assert house.sale(external_id, visitor, total=round(total, 4), items=list(items), **members).status == 200
    house.deliver()


def line(amount: float, **members: Any) -> Item:
    return {"amount": amount, **members}


def owed(house: House) -> dict[int, int]:
    """Amount owed to each collaborator, in minor units."""
    owed: dict[int, int] = {}
    for item in house.ledger("obligation"):
        listed = item["listed"]
        if listed["status"] in ("draft", "pending", "complete"):
            owed[listed["collaboratorId"]] = owed.get(listed["collaboratorId"], 0) + listed["value"]
    return owed


def reasons(house: House) -> dict[int, str]:
    """Reason for each collaborator of the only sale."""
    return {held["collaboratorId"]: held["reason"] for held in house.decision()["candidates"]}
