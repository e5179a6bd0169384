"""Events that an organization has registered itself: engagements that earn as their own trigger, and leads."""

from typing import Any

import pytest

from tests.stack.exchange import Answer
from tests.stack.house import House


def register(house: House, slug: str, action: str) -> Answer:
    return house.post("/event-types", {"slug": slug, "action": action, "name": "Own"})


def report(house: House, slug: str, body: Any = None, **options: Any) -> Answer:
    return house.post(f"/event/{slug}", {} if body is None else body, key="events", **options)


def earning(house: House, **settings: Any) -> int:
    """A collaborator whose program rewards the trigger `booked` only."""
    return house.new_collaborator(house.new_program(engagementTypes={"booked": {"value": 70}}, **settings))


def test_a_slug_is_registered_once_and_a_repeat_changes_nothing(house: House):
    made, again = register(house, "booked", "engagement"), register(house, "booked", "lead")

    assert (made.status, again.status) == (201, 200)
    assert again.json == made.json
    assert made.json["action"] == "engagement"


@pytest.mark.parametrize("slug", ["sale", "refund", "site-visited"])
def test_a_slug_of_a_built_in_event_is_taken(house: House, slug: str):
    assert register(house, slug, "lead").failures == {"slug": "ENUM"}


def test_an_engagement_earns_by_its_own_trigger(house: House):
    register(house, "booked", "engagement")
    anna = earning(house)

    visit = report(house, "booked", {"collaboratorId": anna, "userId": "u-1"}).headers["X-Siren-OID"]
    house.sale("ORD-1", int(visit))
    house.deliver()

    (engagement,) = house.get("/engagements", opportunityId=visit).json
    assert (engagement["collaboratorId"], engagement["score"]) == (anna, 70)
    assert [it["collaboratorId"] for it in house.get("/conversions").json] == [anna]


@pytest.mark.parametrize(
    ("body", "failures"),
    [({"points": 120}, {"collaboratorId": "REQUIRED"}), ([], {"collaboratorId": "REQUIRED"})],
)
def test_an_engagement_names_its_collaborator(house: House, body: Any, failures: dict[str, str]):
    register(house, "booked", "engagement")
    before = house.ledger("opportunity")

    refused = report(house, "booked", body)

    assert (refused.status, refused.failures) == (422, failures)
    assert house.ledger("opportunity") == before


@pytest.mark.parametrize("by_header", [False, True])
def test_a_lead_belongs_to_its_visit_and_counts_once(house: House, by_header: bool):
    register(house, "signup", "lead")
    lead = {"payoutPerLead": 300, "activeConversionTypes": ["signup"]}
    anna = house.new_collaborator(house.new_program(incentiveType="leadFixed", calculation=lead))
    visit = house.new_visit(anna)
    headers = {"x-siren-oid": str(visit)} if by_header else {}
    body = {"externalId": "L-1"} | ({} if by_header else {"trackingId": visit})

    answers = [report(house, "signup", body, headers=headers) for _ in range(2)]
    house.deliver()

    assert [(it.status, it.text, it.headers["X-Siren-OID"]) for it in answers] == [(200, "", str(visit))] * 2
    assert [(it["collaboratorId"], it["value"]) for it in house.get("/conversions").json] == [(anna, 300)]


def test_a_lead_without_a_visit_is_recorded_and_earns_nothing(house: House):
    register(house, "signup", "lead")

    answer = report(house, "signup", [])
    house.deliver()

    assert (answer.status, answer.headers.get("X-Siren-OID")) == (200, None)
    assert house.conversions() == []


def test_an_event_that_is_not_registered_is_not_found(house: House):
    assert report(house, "unknown").status == 404
