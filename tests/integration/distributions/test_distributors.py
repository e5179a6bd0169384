"""Distributors and scores over HTTP: what is taken, what is refused, and who may."""

from typing import Any

import pytest

from tests.stack.exchange import Item
from tests.stack.house import House
from tests.stack.scenarios.paid import balances
from tests.stack.scenarios.pools import LAST, close, distribution, months, named, new_distributor, score, sell, tenth
from tributary.domain import times

BODY = {"name": "Authors", "revenuePercentage": "12.50"}


def create(house: House, **members: Any) -> Item:
    answer = house.post("/distributors", BODY | members)
    assert answer.status == 201
    return dict(answer.json)


def test_a_new_distributor_has_defaults_and_is_read_as_it_is_written(house: House):
    made = create(house)

    assert house.get(f"/distributors/{made['id']}").json == made
    assert {name: made[name] for name in made if name not in ("id", "dateCreated", "dateModified")} == {
        "name": "Authors",
        "description": "",
        "status": "active",
        "revenuePercentage": "12.50",
        "units": "USD",
        "transactionCompilers": [],
        "lineItemFilters": {"withTypes": [], "inCategories": [], "withSkus": [], "collaboratorOwned": False},
        "collaborators": [],
        "resolver": "weightedPool",
        "poolRemainder": "drop",
        "period": "monthly",
        "clawback": "carryForward",
        "version": 1,
    }


@pytest.mark.parametrize(
    ("field", "value", "kind"),
    [
        ("name", None, "REQUIRED"),
        ("revenuePercentage", None, "REQUIRED"),
        ("revenuePercentage", 0, "MAX"),
        ("revenuePercentage", 100.000001, "MAX"),
        ("revenuePercentage", "0.1234567", "FORMAT"),
        ("revenuePercentage", "ten", "TYPE"),
        ("revenuePercentage", True, "TYPE"),
        ("resolver", "newestBindingWins", "ENUM"),
        ("poolRemainder", "all", "ENUM"),
        ("period", "hourly", "ENUM"),
        ("units", "XYZ", "ENUM"),
        ("status", "deleted", "ENUM"),
        ("clawback", "always", "ENUM"),
        ("transactionCompilers", ["includeTips"], "ENUM"),
        ("collaborators", [1] * 201, "LENGTH"),
        ("collaborators", [404], "UNKNOWN"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_by_its_name(house: House, field: str, value: Any, kind: str):
    answer = house.post("/distributors", {name: it for name, it in (BODY | {field: value}).items() if it is not None})

    assert answer.status == 422
    assert {(name.partition("[")[0], why) for name, why in answer.failures.items()} == {(field, kind)}
    assert house.get("/distributors").json == []


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_change_leaves_what_it_does_not_name(house: House, method: str):
    made = create(house, lineItemFilters={"withSkus": ["A"]}, transactionCompilers=["includeLineItems"])

    body = {"revenuePercentage": 20, "lineItemFilters": {"withTypes": ["product"]}, "units": "USD"}
    changed = house.call(method, f"/distributors/{made['id']}", body)

    assert changed.status == 200
    filters = {**made["lineItemFilters"], "withTypes": ["product"]}
    assert changed.json == {
        **made,
        "revenuePercentage": "20",
        "lineItemFilters": filters,
        "version": 2,
        "dateModified": changed.json["dateModified"],
    }


@pytest.mark.parametrize(("field", "value"), [("units", "EUR"), ("period", "daily")])
def test_currency_and_period_stay_as_they_are(house: House, field: str, value: str):
    made = create(house)

    refused = house.put(f"/distributors/{made['id']}", {field: value})

    assert (refused.status, refused.error["context"]["field"]) == (409, field)
    assert house.get(f"/distributors/{made['id']}").json == made


def test_a_deleted_distributor_is_shown_once_more_and_then_gone(house: House):
    number = create(house)["id"]

    assert house.delete(f"/distributors/{number}").json["status"] == "deleted"
    assert house.get("/distributors", status="deleted").json[0]["id"] == number
    assert house.put(f"/distributors/{number}", {"name": "Again"}).status == 409
    assert house.delete(f"/distributors/{number}").status == 204
    assert house.get(f"/distributors/{number}").status == house.delete(f"/distributors/{number}").status == 404
    assert house.get("/distributors").json == []


def test_an_organization_has_at_most_twenty_distributors(house: House):
    made = [create(house)["id"] for _ in range(20)]
    refused = house.post("/distributors", BODY)
    assert (refused.status, refused.error["context"]) == (409, {"limit": 20})

    house.delete(f"/distributors/{made[0]}")

    assert house.post("/distributors", BODY).status == 201


def test_lists_are_narrowed_by_status_currency_and_text(house: House):
    euro = create(house, units="EUR", name="Singers")["id"]
    dollar = create(house, status="inactive")["id"]

    assert [it["id"] for it in house.get("/distributors").json] == [euro, dollar]
    assert [it["id"] for it in house.get("/distributors", units="EUR").json] == [euro]
    assert [it["id"] for it in house.get("/distributors", status="inactive").json] == [dollar]
    assert [it["id"] for it in house.get("/distributors", s="sing").json] == [euro]


def test_distributions_are_listed_by_distributor_and_read_with_the_scope_of_obligations(house: House):
    anna = house.new_collaborator()
    first, second = (new_distributor(house, anna, since=LAST.start) for _ in range(2))
    close(house)

    assert sorted(it["distributorId"] for it in house.get("/distributions").json) == sorted([first, second])
    (listed,) = house.get("/distributions", distributorId=first, status="complete", key="reader").json
    assert house.get(f"/distributions/{listed['id']}", key="reader").json == listed
    assert house.get("/distributions", status="processing").json == []
    assert house.get("/distributions", key="events").status == 403
    assert house.get("/distributors", key="reader").status == 403
    bound = house.new_key("ledger:obligations:read", source="shopify")
    assert house.get("/distributions", key=bound).error["code"] == "store_key_not_allowed"


# scores


@pytest.fixture
def anna(house: House) -> int:
    return house.new_collaborator(aliases=[{"type": "coupon", "code": "ANNA"}])


@pytest.mark.parametrize("named", ["by id", "by alias"])
def test_a_score_counts_once_by_its_own_id(house: House, anna: int, named: str):
    number = create(house, collaborators=[anna])["id"]
    who = anna if named == "by id" else "coupon:anna"

    first = score(house, number, who, 5, metricId="M-1")
    again = score(house, number, who, 7, metricId="M-1")

    assert (first.status, again.status) == (201, 200)
    assert again.json == first.json
    assert (first.json["collaboratorId"], first.json["score"], first.json["metricId"]) == (anna, 5, "M-1")
    assert "Idempotency-Hit" not in first.headers
    assert again.headers["Idempotency-Hit"] == "true"
    assert again.headers["Idempotency-Differs"] == "score"
    assert [it["score"] for it in house.ledger("metric-score")] == [5]


def test_scores_without_an_id_count_each(house: House, anna: int):
    number = create(house, collaborators=[anna])["id"]

    assert {score(house, number, anna, 5).status for _ in range(2)} == {201}

    assert [it["score"] for it in house.ledger("metric-score")] == [5, 5]


def test_the_same_id_of_another_distributor_is_another_score(house: House, anna: int):
    for _ in range(2):
        number = create(house, collaborators=[anna])["id"]
        assert score(house, number, anna, 5, metricId=1004).status == 201


@pytest.mark.parametrize("points", [0, -1, 1.5, "5", True, 10**9 + 1, None])
def test_a_score_that_is_no_whole_number_above_zero_is_refused(house: House, anna: int, points: Any):
    number = create(house, collaborators=[anna])["id"]

    answer = score(house, number, anna, points)

    assert (answer.status, list(answer.failures)) == (422, ["score"])


def test_a_score_of_nobody_or_for_nothing_is_not_found(house: House, anna: int):
    number = create(house, collaborators=[anna])["id"]

    unknown = score(house, number, 404, 5)
    nowhere = score(house, 404, anna, 5)

    assert (unknown.status, unknown.error["context"]) == (404, {"collaboratorId": "404"})
    assert (nowhere.status, nowhere.error["context"]) == (404, {"distributorId": 404})
    house.delete(f"/distributors/{number}")
    assert score(house, number, anna, 5).status == 404


def test_a_score_of_another_collaborator_or_of_before_the_first_period_is_refused(house: House, anna: int):
    number = create(house)["id"]

    answer = score(house, number, anna, 5, "2020-01-01T00:00:00Z")

    assert (answer.status, answer.failures) == (422, {"collaboratorId": "UNKNOWN", "occurredAt": "MIN"})
    assert score(house, number, anna, 5, times.later(times.now(), hours=1)).failures.keys() == {"occurredAt"}


def test_a_score_in_a_closed_period_is_refused_and_its_repeat_still_found(house: House, anna: int):
    number = new_distributor(house, anna, since=LAST.start)
    assert score(house, number, anna, 5, tenth(LAST), metricId="M-1").status == 201
    close(house)

    late = score(house, number, anna, 5, tenth(LAST), metricId="M-2")
    again = score(house, number, anna, 5, tenth(LAST), metricId="M-1")

    assert (late.status, late.error["context"]["field"]) == (409, "occurredAt")
    assert (again.status, again.headers["Idempotency-Hit"]) == (200, "true")


def test_a_score_credited_while_its_period_is_closed_is_refused_or_counts(house: House, anna: int):
    number = new_distributor(house, anna, since=LAST.start)
    sell(house, "ORD-1", 100, tenth(LAST))
    house.deliver()

    with house.meanwhile("TransactWriteItems", lambda: close(house)):
        answer = score(house, number, anna, 5, tenth(LAST))

    assert answer.status == 409
    assert balances(house) == {}
    assert distribution(house, named(LAST))["allocations"] == []


def test_two_creations_at_once_do_not_pass_the_limit(house: House):
    for _ in range(19):
        create(house)

    with house.meanwhile("TransactWriteItems", lambda: create(house)):
        refused = house.post("/distributors", BODY)

    assert refused.status == 409
    assert len(house.get("/distributors", number=200).json) == 20


def test_two_changes_at_once_are_not_mixed(house: House):
    number = create(house)["id"]

    with house.meanwhile("TransactWriteItems", lambda: house.put(f"/distributors/{number}", {"name": "First"})):
        refused = house.put(f"/distributors/{number}", {"name": "Second"})

    assert refused.status == 409
    assert house.get(f"/distributors/{number}").json["name"] == "First"


def test_a_change_announces_the_distributor_and_a_night_does_not(house: House, anna: int):
    number = new_distributor(house, anna, since=LAST.start)
    house.put(f"/distributors/{number}", {"name": "Singers"})
    close(house)

    told = [it["detail-type"] for it in house.on_the_bus if "istribut" in it["detail-type"]]
    assert told == ["DistributorCreated", "DistributorUpdated", "DistributionClosed"]
    assert months(house) == [named(LAST)]
