"""Filters of each resource's lists."""

from typing import Any

import pytest

from tests.stack.house import House
from tributary.ledger.store import lists


@pytest.mark.parametrize("path", ["programs", "collaborators"])
def test_programs_and_collaborators_are_listed_oldest_first(house: House, path: str):
    makers = {"programs": house.new_program, "collaborators": house.new_collaborator}
    made = [makers[path]() for _ in range(3)]

    listed = [it["id"] for it in house.get(f"/{path}").json]

    assert [it for it in listed if it in made] == sorted(made, key=listed.index)
    dates = [it["dateCreated"] for it in house.get(f"/{path}").json]
    assert dates == sorted(dates)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"programId": 1001}, 2),
        ({"programId": 5}, 0),
        ({"s": "EXAMPLE.com"}, 1),
        ({"s": "another"}, 1),
        ({"email": "dana@example.com"}, 1),
        ({"email": "Dana@Example.com"}, 1),
        ({"email": "dana"}, 0),
        ({"fullName": "Dana"}, 0),
        ({"status": "active", "nickname": "dana"}, 1),
    ],
)
def test_collaborators_are_found_by_their_fields(house: House, query: dict[str, Any], count: int):
    house.new_collaborator(house.program_id)

    assert len(house.get("/collaborators", **query).json) == count


@pytest.mark.parametrize(
    ("path", "query", "count"),
    [
        ("conversions", {"programId": 1001, "collaboratorId": 88, "type": "sale"}, 1),
        ("conversions", {"transactionId": 5}, 0),
        ("conversions", {"status": "rejected"}, 0),
        ("obligations", {"collaboratorId": 88, "awardType": "commission"}, 1),
        ("obligations", {"status": "fulfilled"}, 0),
        ("obligations", {"payoutId": 7}, 0),
    ],
)
def test_conversions_and_obligations_are_found_by_their_fields(
    house: House, path: str, query: dict[str, Any], count: int
):
    house.sale()
    house.deliver()

    assert len(house.get(f"/{path}", key="reader", **query).json) == count


@pytest.mark.parametrize(("path", "name"), [("opportunities", "userId"), ("programs", "programGroupId")])
def test_no_text_matches_null(house: House, path: str, name: str):
    assert None in [it[name] for it in house.get(f"/{path}").json]

    assert house.get(f"/{path}", **{name: "None"}).json == []


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["Demo: 10 % of line items", "Euros", "Leads", "Shared"]),
        ({"units": "EUR"}, ["Euros"]),
        ({"incentiveType": "leadFixed"}, ["Leads"]),
        ({"incentiveResolverType": "sharedPool"}, ["Shared"]),
        ({"s": "euro"}, ["Euros"]),
        ({"s": "nothing of this"}, []),
        ({"units": "USD", "incentiveType": "leadFixed"}, ["Leads"]),
    ],
)
def test_programs_are_found_by_their_fields(house: House, query: dict[str, str], names: list[str]):
    house.new_program(name="Euros", units="EUR")
    house.new_program(name="Leads", incentiveType="leadFixed", calculation={"payoutPerLead": 1})
    house.new_program(name="Shared", incentiveResolverType="sharedPool")

    listed = [it["name"] for it in house.get("/programs", **query).json if it["status"] == "active"]

    assert sorted(set(listed) & {"Demo: 10 % of line items", "Euros", "Leads", "Shared"}) == names


@pytest.fixture
def earned(house: House) -> House:
    """Two programs whose collaborators each earned on a sale, and a credit by hand."""
    for number in (1, 2):
        anna = house.new_collaborator(house.new_program())
        house.sale(f"ORD-{number}", house.new_visit(anna), total=number, items=[{"amount": number}])
    house.deliver()
    house.post("/obligations", {"collaboratorId": 88, "value": 5})
    return house


@pytest.mark.parametrize("name", ["programId", "collaboratorId", "transactionId"])
def test_a_filter_leaves_out_the_conversions_of_others(earned: House, name: str):
    first, second = earned.get("/conversions").json

    assert earned.get("/conversions", **{name: first[name]}).json == [first]
    assert earned.get("/conversions", type="lead").json == []
    assert earned.get("/conversions", type="sale").json == [first, second]


@pytest.mark.parametrize(("award", "count"), [("commission", 2), ("credit", 1), ("adjustment", 0)])
def test_obligations_are_found_by_their_award_type(earned: House, award: str, count: int):
    assert len(earned.get("/obligations", awardType=award).json) == count


@pytest.mark.parametrize(("order", "values"), [("ASC", [5, 10, 20]), ("DESC", [20, 10, 5]), (None, [20, 10, 5])])
def test_a_list_is_sorted_by_a_column_in_either_direction_across_pages(
    earned: House, order: str | None, values: list[int]
):
    asked = {"orderBy": "value", "number": 2} | ({"order": order} if order else {})

    pages = [earned.get("/obligations", **asked, offset=offset).json for offset in (0, 2)]

    assert [it["value"] for page in pages for it in page] == values


def test_more_records_than_can_be_sorted_are_refused_with_the_way_out(earned: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lists, "MAX_EXAMINED", 2)

    refused = earned.get("/obligations", orderBy="value")

    assert (refused.status, refused.failures) == (422, {"orderBy": "MAX"})
    assert "dateFrom" in refused.text
