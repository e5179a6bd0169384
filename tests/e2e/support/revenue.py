"""Revenue that is shared: a month of the past with its sale, scores, refunds and payout, over HTTP and the bus."""

from typing import Any

from tests.stack.journey import Item, Journey, eventually, ledger_of
from tributary.api.siren.requests.owed.distributors import DistributorBody
from tributary.domain.ids import random_id
from tributary.ledger.distributions import distributors

MONTH = "2026-10-10T12:00:00.000Z"
NIGHT = {"id": "a night", "detail-type": "Scheduled Event", "detail": {}}


def revenue_is_shared(journey: Journey) -> None:
    """A month is closed, its payout comes back after a refund, and the distributor is deleted."""
    person = journey.collaborator()
    number = _begun(journey, person)
    sale = _sold(journey, number, person)
    journey.put_message("ClosePeriods", NIGHT)
    closed = eventually(lambda: _shared(journey, number, 1000))
    assert [it["score"] for it in closed["allocations"]] == [5]
    (owed,) = eventually(lambda: journey.listed("obligations", collaboratorId=person))
    with journey.held_up("SettlePayouts"):
        batch = journey.ok("POST", "/fulfillments/generate", {"collaboratorIds": [person]})["id"]
    _refund(journey, sale)
    eventually(lambda: _shared(journey, number, 600))
    (payout,) = journey.listed("payouts", fulfillmentId=batch)
    rows = [{"payoutId": payout["id"], "status": "failed"}]
    assert journey.ok("POST", "/payouts/results", {"rows": rows})["affected"] == 1
    eventually(lambda: journey.ok("GET", f"/obligations/{owed['id']}")["value"] == 600)
    assert "Share: 5 of 5" in journey.ok("GET", f"/obligations/{owed['id']}/explanation")["explanation"]
    for action in ("reject", "markPending"):
        assert journey.ok("POST", "/obligations/bulk", {"action": action, "ids": [owed["id"]]})["affected"] == 1
    _deleted(journey)


def _begun(journey: Journey, person: int) -> int:
    """A distributor of 10 % since before the month."""
    body: dict[str, Any] = {"name": "Authors", "revenuePercentage": 10, "transactionCompilers": ["includeLineItems"]}
    given = DistributorBody.model_validate(body | {"collaborators": [person]}).settings()
    number = random_id()
    with ledger_of(journey.stack):
        distributors.create(journey.organization, number, given, "2026-10-01T00:00:00.000Z")
    return number


def _sold(journey: Journey, number: int, person: int) -> Item:
    """The sale of the month, once it counts, and the score."""
    sale = journey.sale(1, total=100, occurredAt=MONTH)
    journey.post_sale(sale)
    metric = {"distributorId": number, "collaboratorId": person, "score": 5, "occurredAt": MONTH, "metricId": "M-1"}
    assert journey.ok("POST", "/distributors/credit-metric", metric)["score"] == 5
    assert journey.ok("POST", "/distributors/credit-metric", metric)["score"] == 5
    return sale


def _refund(journey: Journey, sale: Item) -> None:
    named = {name: sale[name] for name in ("source", "externalId")}
    journey.ok("POST", "/event/refund", named | {"refundId": "R", "amount": 40})


def _shared(journey: Journey, number: int, allocated: int) -> Item | None:
    """The month's distribution, once it shares so much."""
    found = journey.listed("distributions", distributorId=number, status="complete")
    matching = [it for it in found if it["allocated"] == allocated]
    return dict(journey.ok("GET", f"/distributions/{matching[0]['id']}")) if matching else None


def _deleted(journey: Journey) -> None:
    made = journey.ok("POST", "/distributors", {"name": "Singers", "revenuePercentage": "2.5"})
    assert journey.ok("PATCH", f"/distributors/{made['id']}", {"description": "changed"})["version"] == 2
    assert journey.ok("PUT", f"/distributors/{made['id']}", {"status": "inactive"})["version"] == 3
    assert len(journey.listed("distributors")) == 2
    assert journey.ok("DELETE", f"/distributors/{made['id']}")["status"] == "deleted"
    assert journey.call("DELETE", f"/distributors/{made['id']}").status_code == 204
