"""Filters of each resource's lists."""

from typing import Any

import pytest

from tests.stack.house import House


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
