"""POST /event/site-visited: the visitor's identity and opportunity."""

from typing import Any

import pytest

from tests.stack.exchange import Answer
from tests.stack.house import House
from tributary.domain import times


def visit(house: House, oid: object = None, collaborator: Any = 88, **members: Any) -> Answer:
    headers = {} if oid is None else {"X-Siren-OID": str(oid)}
    return house.post("/event/site-visited", {"collaboratorId": collaborator, **members}, key="events", headers=headers)


def oid(answer: Answer) -> int:
    return int(answer.headers["X-Siren-OID"])


def engagements(house: House, opportunity: int) -> list[dict[str, Any]]:
    (header,) = [it for it in house.ledger("opportunity") if it["listed"]["id"] == opportunity]
    return list(header["engagements"])


def later(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    moment = times.later(times.now(), seconds=seconds)
    monkeypatch.setattr(times, "now", lambda: moment)


def past_sale(house: House, opportunity: int, **members: Any) -> list[tuple[str, int]]:
    house.sale(tracking_id=opportunity, occurredAt="2025-03-01T12:00:00Z", **members)
    house.deliver()
    return house.owed()


@pytest.mark.parametrize("event", ["site-visited", "coupon-applied"])
def test_a_sale_of_the_past_pays_for_a_visit_of_the_past(house: House, event: str):
    triggers = {"siteVisited": {"value": "100"}, "couponUsed": {"value": "50"}}
    house.put(f"/programs/{house.program_id}", {"engagementTypes": triggers})
    body = {"collaboratorId": 88, "code": "DANA10", "occurredAt": "2025-02-27T09:00:00Z"}
    answer = house.post(f"/event/{event}", body, key="events")

    ((engagement),) = engagements(house, oid(answer))
    assert engagement["created_at"] == "2025-02-27T09:00:00.000Z"
    assert past_sale(house, oid(answer)) == [("pending", 500)]


def test_a_visit_of_today_does_not_reach_a_sale_of_the_past(house: House):
    assert past_sale(house, oid(visit(house))) == []


def test_visits_of_the_past_count_once_in_any_order_and_repetition(house: House):
    moments = ["2025-02-27T09:00:00Z", "2025-02-26T09:00:00Z", "2025-02-26T09:00:30Z"]
    first = oid(visit(house, occurredAt=moments[0]))
    for moment in [*moments, *moments[::-1]]:
        assert oid(visit(house, first, occurredAt=moment)) == first

    ((engagement),) = engagements(house, first)
    assert engagement["score"] == 300
    assert (engagement["created_at"], engagement["modified_at"]) == (
        "2025-02-26T09:00:00.000Z",
        "2025-02-27T09:00:00.000Z",
    )


def test_a_visit_of_the_past_joins_one_of_today(house: House):
    today = oid(visit(house))
    visit(house, today, occurredAt="2025-02-27T09:00:00Z")

    assert past_sale(house, today) == [("pending", 500)]


def test_a_visit_of_the_future_is_refused(house: House):
    answer = visit(house, occurredAt="2999-01-01")

    assert (answer.status, answer.failures) == (422, {"occurredAt": "MAX"})


def test_a_visit_creates_an_opportunity_with_an_engagement_and_answers_its_id(house: House):
    answer = visit(house)

    assert (answer.status, answer.text) == (200, "")
    assert answer.headers["Access-Control-Expose-Headers"] == "X-Siren-OID"
    ((engagement),) = engagements(house, oid(answer))
    shown = [engagement[name] for name in ("program_id", "collaborator_id", "score")]
    assert shown == [house.program_id, house.collaborator_id, 100]


@pytest.mark.parametrize(
    "named", [88, "88", "tracking:DEMO", "tracking:demo", "coupon:DANA10", "coupon:dana10", " tracking : Demo "]
)
def test_a_collaborator_is_named_by_id_or_alias(house: House, named: object):
    answer = visit(house, collaborator=named)

    assert engagements(house, oid(answer))[0]["collaborator_id"] == 88


@pytest.mark.parametrize("named", [999, "tracking:nobody", "coupon:\ud800"])
def test_an_unknown_collaborator_writes_nothing_and_gets_a_header_only_for_an_opportunity(house: House, named: object):
    before = house.ledger()

    answers = [visit(house, collaborator=named), visit(house, house.tracking_id, collaborator=named)]

    assert [it.status for it in answers] == [200, 200]
    assert [it.headers.get("X-Siren-OID") for it in answers] == [None, "4218"]
    assert house.ledger() == before


@pytest.mark.parametrize("status", ["inactive", "pending", "rejected"])
def test_a_collaborator_who_is_not_active_writes_nothing(house: House, status: str):
    house.put("/collaborators/88", {"status": status})
    before = house.ledger()

    answer = visit(house)

    assert (answer.status, answer.headers) == (200, {})
    assert house.ledger() == before


@pytest.mark.parametrize("named", [None, 0, -1, 1.5, True, "", "x", ":", "tracking:", ":x", [], {}])
def test_a_visit_without_a_collaborator_is_400(house: House, named: object):
    assert visit(house, collaborator=named).failures.keys() == {"collaboratorId"}


def test_the_header_continues_the_opportunity(house: House, monkeypatch: pytest.MonkeyPatch):
    later(monkeypatch, 61)

    answer = visit(house, house.tracking_id)

    assert oid(answer) == house.tracking_id
    assert engagements(house, house.tracking_id)[0]["score"] == 200


@pytest.mark.parametrize("header", ["x", "", "-1", "0", "1.5", "4218x", "9" * 30, "0" * 5000 + "1", "999", "٤"])
def test_a_header_without_a_valid_opportunity_counts_as_absent(house: House, header: str):
    answer = visit(house, header)

    assert answer.status == 200
    assert oid(answer) != house.tracking_id
    assert len(house.ledger("opportunity")) == 2


def test_another_organizations_opportunity_counts_as_absent(house: House):
    key = house.new_key("event:*", organization="other")

    answer = house.post("/event/site-visited", {"collaboratorId": 88}, key=key, headers={"X-Siren-OID": "4218"})

    assert (answer.status, answer.headers) == (200, {})


def test_the_same_visit_within_a_minute_adds_nothing(house: House, monkeypatch: pytest.MonkeyPatch):
    opportunity = oid(visit(house))
    before = house.ledger()

    later(monkeypatch, 55)
    answer = visit(house, opportunity)

    assert oid(answer) == opportunity
    assert house.ledger() == before


def test_a_user_keeps_the_opportunity_on_every_visit(house: House):
    first = oid(visit(house, userId="u-1"))

    again = oid(visit(house, userId="u-1"))
    other = oid(visit(house, userId="u-2"))

    assert again == first
    assert other != first


def test_a_visitor_who_signs_in_keeps_the_opportunity(house: House):
    anonymous = oid(visit(house))

    signed_in = oid(visit(house, anonymous, userId=7))
    elsewhere = oid(visit(house, userId="7"))

    assert signed_in == elsewhere == anonymous


def test_two_users_keep_separate_opportunities(house: House):
    first, second = oid(visit(house, userId="u-1")), oid(visit(house, userId="u-2"))

    answer = oid(visit(house, first, userId="u-2"))
    third = oid(visit(house, first, userId="u-3"))

    assert answer == second
    assert third not in (first, second)


def test_no_key_contains_the_name_of_a_user(house: House):
    visit(house, userId="ada@example.com")

    keys = [it["pk"] + it["sk"] for it in house.ledger()]

    assert not [key for key in keys if "ada" in key]


def test_a_collaborator_in_no_rewarding_program_is_recorded_as_such(house: House):
    nobody = house.new_collaborator()

    body = {"collaboratorId": nobody}
    answer = house.post("/event/site-visited", body, key="events", headers={"Prefer": "return=representation"})

    shown = (answer.json["status"], answer.json["attributed"], answer.json["reason"])
    assert shown == ("recorded", False, "no_program_rewards_it")
    assert engagements(house, oid(answer)) == []


def test_every_rewarding_program_of_the_collaborator_gets_its_engagement(house: House):
    second, silent = house.new_program(engagementTypes={"siteVisited": 5}), house.new_program(engagementTypes={})
    idle = house.new_program(status="inactive")
    collaborator = house.new_collaborator(house.program_id, second, silent, idle)

    answer = visit(house, collaborator=collaborator)

    scores = {it["program_id"]: it["score"] for it in engagements(house, oid(answer))}
    assert scores == {house.program_id: 100, second: 5}


def test_a_visit_of_a_program_that_just_changed_follows_the_change(house: House):
    visit(house)
    house.put(f"/programs/{house.program_id}", {"engagementTypes": {"siteVisited": {"value": 7}}})

    answer = visit(house)

    assert engagements(house, oid(answer))[0]["score"] == 7
