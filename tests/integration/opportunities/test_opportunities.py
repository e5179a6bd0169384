"""One visitor, identified by cookie, account and coupon: ownership of the engagements and their states."""

import pytest

from tests.stack.house import House
from tests.stack.scenarios.past import FEBRUARY, JANUARY, MARCH, line, owed, sold, visited
from tributary.domain.events import events_of
from tributary.ledger.programs.collaborators import Alias
from tributary.ledger.store.values import decode_item


@pytest.fixture
def long(house: House) -> int:
    """A program with an attribution window of a year."""
    return house.new_program(expirationDays=365)


def shown(house: House, opportunity: int) -> dict[str, object]:
    return dict(house.get(f"/opportunities/{opportunity}", key="reader").json)


def states(house: House, **filters: object) -> dict[int, str]:
    """State of each collaborator's engagement, as the list shows it."""
    return {it["collaboratorId"]: it["status"] for it in house.get("/engagements", key="reader", **filters).json}


def events(house: House) -> list[str]:
    """Types of all announced events."""
    images = [change["dynamodb"] for change in house.publish()]
    read = [[decode_item(it[name]) if name in it else None for name in ("OldImage", "NewImage")] for it in images]
    return [event.detail_type for old, new in read for event in events_of(old, new)]


def test_the_visitors_engagements_move_to_the_user_after_login(house: House, long: int):
    first, second, third = (house.new_collaborator(long) for _ in range(3))
    users = visited(house, first, JANUARY, user_id="u-1")
    visitors = visited(house, second, FEBRUARY)

    assert visited(house, third, MARCH, visitors, user_id="u-1") == users

    assert (shown(house, users)["status"], shown(house, users)["userId"]) == ("active", "u-1")
    assert shown(house, visitors)["status"] == "inactive"
    house.deliver()
    assert states(house, opportunityId=users) == {first: "active", second: "active", third: "active"}
    assert states(house, opportunityId=visitors) == {second: "invalid"}


def test_a_sale_with_the_old_id_is_attributed_to_the_one_it_was_merged_into(house: House, long: int):
    first, second = house.new_collaborator(long), house.new_collaborator(long)
    users, visitors = visited(house, first, JANUARY, user_id="u-1"), visited(house, second, FEBRUARY)
    visited(house, first, MARCH, visitors, user_id="u-1")

    sold(house, visitors, line(100), occurredAt="2025-03-11T00:00:00Z")
    sold(house, users, line(100), external_id="ORD-2", occurredAt="2025-03-11T00:00:00Z")

    assert owed(house) == {first: 1000}
    assert sorted((it["opportunity"]["id"], it["reason"]) for it in house.ledger("decision")) == [
        (users, "awarded"),
        (users, "visit_consumed"),
    ]


def test_a_visit_with_the_old_id_continues_the_merged_one(house: House, long: int):
    affiliate = house.new_collaborator(long)
    users, visitors = visited(house, affiliate, JANUARY, user_id="u-1"), visited(house, affiliate, FEBRUARY)
    visited(house, affiliate, MARCH, visitors, user_id="u-1")

    answer = house.visit(affiliate, headers={"X-Siren-OID": str(visitors)})

    assert answer.headers["X-Siren-OID"] == str(users)


def test_a_collaborators_scores_add_up_when_visitor_and_user_are_merged(house: House, long: int):
    affiliate = house.new_collaborator(long)
    users, visitors = visited(house, affiliate, JANUARY, user_id="u-1"), visited(house, affiliate, FEBRUARY)

    visited(house, affiliate, MARCH, visitors, user_id="u-1")

    (engagement,) = house.get("/engagements", key="reader", opportunityId=users).json
    assert (engagement["score"], engagement["dateCreated"], engagement["dateModified"]) == (300, JANUARY, MARCH)


def test_a_merge_costs_six_requests_at_most(house: House, long: int):
    affiliate = house.new_collaborator(long, aliases=[{"type": "tracking", "code": "REF"}])
    visited(house, affiliate, JANUARY, user_id="u-1")
    visitors = visited(house, affiliate, FEBRUARY)
    house.visit(affiliate)  # the key is cached
    with house.requests_made() as made:
        body = {"collaboratorId": "tracking:REF", "userId": "u-1"}
        house.post("/event/site-visited", body, key="events", headers={"X-Siren-OID": str(visitors)})

    assert sum(made.counts.values()) <= 6
    assert made.counts["TransactWriteItems"] == 1
    assert shown(house, visitors)["status"] == "inactive"


def test_two_users_stay_apart_on_one_device(house: House, long: int):
    affiliate = house.new_collaborator(long)
    first, second = (visited(house, affiliate, JANUARY, user_id=user) for user in ("u-1", "u-2"))

    assert visited(house, affiliate, FEBRUARY, first, user_id="u-2") == second
    assert visited(house, affiliate, FEBRUARY, first, user_id="u-3") not in (first, second)

    assert [shown(house, it)["userId"] for it in (first, second)] == ["u-1", "u-2"]
    assert [shown(house, it)["status"] for it in (first, second)] == ["active", "active"]


def test_a_visitor_that_logs_in_keeps_its_opportunity(house: House, long: int):
    affiliate = house.new_collaborator(long)
    visitors = visited(house, affiliate, JANUARY)

    assert visited(house, affiliate, FEBRUARY, visitors, user_id="u-1") == visitors
    assert visited(house, affiliate, MARCH, user_id="u-1") == visitors

    assert shown(house, visitors)["userId"] == "u-1"


def test_invalidating_is_final_and_idempotent(house: House):
    answer = house.post(f"/opportunities/{house.tracking_id}/invalidate")
    again = house.post(f"/opportunities/{house.tracking_id}/invalidate")

    assert (answer.status, answer.json["status"]) == (200, "invalid")
    assert again.json == answer.json
    assert house.new_visit() != house.tracking_id
    assert house.visit(headers={"X-Siren-OID": str(house.tracking_id)}).headers["X-Siren-OID"] != str(house.tracking_id)
    assert shown(house, house.tracking_id)["status"] == "invalid"


def test_a_sale_of_an_invalid_opportunity_is_recorded_and_earns_nothing(house: House):
    house.post(f"/opportunities/{house.tracking_id}/invalidate")

    sold(house, house.tracking_id, line(100))

    assert house.decision()["reason"] == "opportunity_invalid"
    assert house.conversions() == []
    assert states(house) == {house.collaborator_id: "invalid"}


def test_an_engagement_that_earned_is_complete_even_if_invalidated_before_the_event(house: House):
    house.sale()
    house.publish()
    for message in house.arrived():
        house.consume(message)

    house.post(f"/opportunities/{house.tracking_id}/invalidate")
    reported = [it.detail_type for it in house.deliver()]

    assert (states(house), reported.count("OpportunitySettled")) == ({house.collaborator_id: "complete"}, 1)
    assert house.owed() == [("pending", 500)]


def test_an_unknown_opportunity_cannot_be_invalidated(house: House):
    assert house.post("/opportunities/999/invalidate").status == 404
    assert house.post("/opportunities/4218/invalidate", key="reader").status == 403
    assert house.get("/opportunities/999", key="reader").status == 404


def test_invalidating_the_old_id_invalidates_what_it_was_merged_into(house: House, long: int):
    affiliate = house.new_collaborator(long)
    users, visitors = visited(house, affiliate, JANUARY, user_id="u-1"), visited(house, affiliate, FEBRUARY)
    visited(house, affiliate, MARCH, visitors, user_id="u-1")

    house.post(f"/opportunities/{visitors}/invalidate")
    sold(house, visitors, line(100), occurredAt="2025-03-11T00:00:00Z")

    assert shown(house, users)["status"] == "invalid"
    assert owed(house) == {}


def test_a_self_referral_earns_nothing(house: House, long: int):
    own = house.new_collaborator(long, userId="u-1")
    visitors = visited(house, own, JANUARY)

    answer = house.post(
        "/event/site-visited",
        {"collaboratorId": own, "userId": "u-1"},
        key="events",
        headers={"X-Siren-OID": str(visitors), "Prefer": "return=representation"},
    )
    sold(house, visitors, line(100), occurredAt=FEBRUARY)

    assert (answer.json["status"], answer.json["reason"]) == ("not_attributed", "self_referral")
    assert shown(house, visitors)["status"] == "invalid"
    assert (owed(house), house.decision()["reason"]) == ({}, "opportunity_invalid")
    assert states(house) == {own: "invalid", house.collaborator_id: "active"}


def test_a_visitor_who_logs_in_as_the_referrer_earns_nothing(house: House, long: int):
    own, other = house.new_collaborator(long, userId="u-1"), house.new_collaborator(long)
    visited(house, other, JANUARY, user_id="u-1")
    visitors = visited(house, own, FEBRUARY)

    visited(house, own, MARCH, visitors, user_id="u-1")
    sold(house, visitors, line(100), occurredAt=MARCH)

    assert owed(house) == {}


def test_a_repeated_self_referral_writes_nothing(house: House, long: int):
    own = house.new_collaborator(long, userId="u-1")
    first = visited(house, own, JANUARY, user_id="u-1")

    with house.requests_made() as made:
        again = visited(house, own, FEBRUARY, user_id="u-1")

    assert again == first
    assert made.writes == 0


def test_a_coupon_is_matched_to_its_owner_in_any_spelling(house: House):
    coupons = house.new_program(engagementTypes={"couponUsed": {"value": "50"}})
    owner = house.new_collaborator(coupons, aliases=[{"type": "coupon", "code": "Spring-10"}])

    answer = house.post("/event/coupon-applied", {"code": " sPRING-10 "}, key="events")
    sold(house, int(answer.headers["X-Siren-OID"]), line(100))

    assert (answer.status, answer.text) == (200, "")
    assert owed(house) == {owner: 1000}
    assert house.decision()["candidates"][0]["score"] == 50


def test_a_coupon_continues_the_visitors_opportunity_without_a_visit(house: House):
    coupons = house.new_program(engagementTypes={"couponUsed": {"value": "50"}})
    owner = house.new_collaborator(house.program_id, coupons, aliases=[{"type": "coupon", "code": "SPRING"}])

    headers = {"X-Siren-OID": str(house.tracking_id)}
    answer = house.post("/event/coupon-applied", {"code": "spring"}, key="events", headers=headers)

    assert answer.headers["X-Siren-OID"] == str(house.tracking_id)
    listed = house.get("/engagements", key="reader", opportunityId=house.tracking_id).json
    assert {it["programId"]: it["collaboratorId"] for it in listed} == {
        house.program_id: house.collaborator_id,
        coupons: owner,
    }


@pytest.mark.parametrize(("body", "status"), [({}, 422), ({"code": ""}, 422), ({"code": "NOBODYS"}, 200)])
def test_an_unknown_coupon_writes_nothing(house: House, body: object, status: int):
    before = house.ledger()

    answer = house.post("/event/coupon-applied", body, key="events")

    assert (answer.status, "X-Siren-OID" in answer.headers) == (status, False)
    assert house.ledger() == before


def test_the_list_shows_winners_the_outranked_and_losers_within_the_group(house: House):
    kept, outdone = house.new_program(expirationDays=90), house.new_program(expirationDays=90)
    house.post("/program-groups", {"name": "One pays", "programs": [kept, outdone]})
    winner, outranked, loser = (house.new_collaborator(it) for it in (kept, kept, outdone))
    visitor = visited(house, loser, JANUARY)
    visited(house, winner, MARCH, visited(house, outranked, FEBRUARY, visitor))

    sold(house, visitor, line(100), occurredAt=MARCH)

    assert states(house, opportunityId=visitor) == {winner: "complete", outranked: "complete", loser: "invalid"}
    assert states(house, status="complete", programId=kept) == {winner: "complete", outranked: "complete"}
    assert states(house, status="active") == {house.collaborator_id: "active"}


def test_a_group_loser_stays_invalid_if_a_visit_precedes_the_settlement(house: House):
    kept, outdone = house.new_program(expirationDays=90), house.new_program(expirationDays=90)
    house.post("/program-groups", {"name": "One pays", "programs": [kept, outdone]})
    winner, loser = house.new_collaborator(kept), house.new_collaborator(outdone)
    visitor = visited(house, winner, MARCH, visited(house, loser, JANUARY))
    house.sale("ORD-1", visitor, occurredAt=MARCH)
    house.publish()
    (sale,) = [it for it in house.arrived() if it.function == "attribute_sale"]

    assert house.consume(sale)
    visited(house, winner, "2025-03-11T12:00:00.000Z", visitor)
    house.deliver()

    listed = house.get("/engagements", key="reader", opportunityId=visitor).json
    assert sorted((it["collaboratorId"] == winner, it["status"]) for it in listed) == [
        (False, "invalid"),
        (True, "active"),
        (True, "complete"),
    ]


def test_after_a_decision_the_next_visit_starts_a_new_engagement(house: House):
    sold(house, house.tracking_id, line(100))

    house.visit(headers={"X-Siren-OID": str(house.tracking_id)})

    listed = house.get("/engagements", key="reader", opportunityId=house.tracking_id).json
    assert sorted(it["status"] for it in listed) == ["active", "complete"]
    assert len({it["id"] for it in listed}) == 2


def test_each_final_state_of_an_engagement_is_announced(house: House):
    house.sale()
    house.deliver()
    assert [it.detail_type for it in house.handled if it.function == "settle_engagements"] == ["OpportunitySettled"]
    house.publish()

    house.post(f"/opportunities/{house.new_visit()}/invalidate")

    assert events(house)[-1] == "OpportunityInvalidated"


def test_a_completed_engagement_is_announced_once(house: House):
    house.sale()
    house.publish()
    sale, *_ = (it for it in house.arrived() if it.function == "attribute_sale")
    house.consume(sale)
    house.publish()
    (settled,) = (it for it in house.arrived() if it.function == "settle_engagements")

    house.consume(settled)
    first = events(house)
    house.consume(settled)

    assert first == ["EngagementCompleted"]
    assert events(house) == []


@pytest.mark.parametrize("turned", [False, True])
def test_a_completed_engagement_names_the_sale_that_consumed_it_however_late_it_is_settled(house: House, turned: bool):
    settling, sales = [], []
    for order in ("A-1", "A-2"):
        house.visit(headers={"X-Siren-OID": str(house.tracking_id)})
        house.sale(order)
        house.publish()
        house.consume(next(it for it in house.arrived() if it.function == "attribute_sale"))
        house.publish()
        settling += [it for it in house.arrived() if it.function == "settle_engagements"]
        sales.append(house.get("/transactions", sourceId=order).json[0]["id"])

    for message in settling[:: -1 if turned else 1]:
        house.consume(message)
    house.publish()

    told = [it["detail"]["data"] for it in house.on_the_bus if it["detail-type"] == "EngagementCompleted"]
    assert len(settling) == 2
    assert sorted(it["transactionId"] for it in told) == sorted(sales)
    of_first = min(told, key=lambda it: house.get(f"/engagements/{it['engagementId']}").json["dateCreated"])
    assert of_first["transactionId"] == sales[0]


def test_opportunities_are_listed_by_state_and_user(house: House, long: int):
    affiliate = house.new_collaborator(long)
    mine = visited(house, affiliate, JANUARY, user_id="u-1")
    house.post(f"/opportunities/{house.tracking_id}/invalidate")

    def listed(**filters: object) -> list[int]:
        return [it["id"] for it in house.get("/opportunities", key="reader", **filters).json]

    assert sorted(listed()) == sorted([mine, house.tracking_id])
    assert (listed(status="invalid"), listed(userId="u-1"), listed(status="odd")) == ([house.tracking_id], [mine], [])


def test_one_engagement_is_read_by_its_id(house: House):
    (listed,) = house.get("/engagements", key="reader").json

    assert house.get(f"/engagements/{listed['id']}", key="reader").json == listed
    assert house.get("/engagements/999", key="reader").status == 404
    assert house.get(f"/engagements/{listed['id']}", key="events").status == 403


def test_a_coupon_does_not_match_aliases_of_another_kind(house: House):
    house.new_collaborator(house.program_id, aliases=[{"type": "tracking", "code": "REF"}])

    assert house.post("/event/coupon-applied", {"code": "REF"}, key="events").headers.get("X-Siren-OID") is None
    assert visited(house, Alias("coupon", "DANA10"), JANUARY) > 0
