"""Programs and their collaborators as Growi's clients read them."""

from typing import Any

import pytest

from local import seed
from tests.stack.house import House
from tests.stack.scenarios.affiliate_shop import BASE
from tributary.domain.ids import cause_id


def read(house: House, path: str, key: str = "admin", **query: Any) -> Any:
    answer = house.get(path, base=BASE, key=key, **query)
    assert answer.status == 200, answer.text
    return answer.json


def affiliates(house: House, **query: Any) -> Any:
    return read(house, "/campaign_affiliates", **query)["affiliates"]


def names(house: House, **query: Any) -> list[str]:
    return [row["affiliate_name"] for row in affiliates(house, **query)]


def error(house: House, path: str, **query: Any) -> tuple[int, str]:
    answer = house.get(path, base=BASE, **query)
    return answer.status, answer.json["error"]


def test_campaigns_are_the_programs(house: House):
    paused = house.new_program(name="Winter", status="inactive")
    drafted = house.new_program(name="Spring", status="draft")

    shown = read(house, "/organizations/campaigns")

    assert shown["success"] is True
    assert {row["id"]: (row["name"], row["status"]) for row in shown["campaigns"]} == {
        house.program_id: ("Demo: 10 % of line items", "Active"),
        paused: ("Winter", "Paused"),
        drafted: ("Spring", "Paused"),
        seed.SPARE_PROGRAM_ID: ("Demo: spare", "Paused"),
    }
    assert {row["campaign_type"] for row in shown["campaigns"]} == {"Ambassador Program"}


def test_a_change_of_a_program_is_seen_at_once(house: House):
    read(house, "/organizations/campaigns")
    house.put(f"/programs/{house.program_id}", {"name": "Creators"})

    names = {row["id"]: row["name"] for row in read(house, "/organizations/campaigns")["campaigns"]}
    assert names[house.program_id] == "Creators"


def test_the_organization_is_the_only_brand(house: House):
    brand = {"id": cause_id("demo", "brand"), "name": "demo"}

    assert read(house, "/organizations/brands") == {"success": True, "brands": [brand]}


def test_an_affiliate_is_a_collaborator_in_a_program(house: House):
    created = house.get(f"/collaborators/{house.collaborator_id}").json

    (row,) = affiliates(house)

    assert row.pop("id") == cause_id("demo", "enrollment", house.collaborator_id, house.program_id)
    assert row.pop("created_at").endswith(created["dateCreated"][:4])
    assert row == {
        "user_id": house.collaborator_id,
        "campaign_id": house.program_id,
        "campaign_name": "Demo: 10 % of line items",
        "status": "active",
        "affiliate_name": created["fullName"],
        "affiliate_email": created["email"],
        "tag": "DEMO",
        "unique_tag": "DEMO",
        "connected_accounts": [],
        **dict.fromkeys(
            (
                "affiliate_phone_number", "affiliate_avatar_url", "affiliate_location", "affiliate_age",
                "affiliate_gender", "discord_id", "affiliate_link", "revenue_generated", "affiliate_amount_earned",
                "order_count",
            )
        ),
    }  # fmt: skip


def test_the_date_is_written_out(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("tributary.domain.times.now", lambda: "2026-01-06T20:15:36.000Z")
    program = house.new_program()
    house.new_collaborator(program)

    assert [row["created_at"] for row in affiliates(house, campaign_id=program)] == ["January 06, 2026"]


def test_one_row_for_each_program_of_a_collaborator(house: House):
    other = house.new_program(name="Winter")
    eve = house.new_collaborator(house.program_id, other, fullName="Eve")

    assert names(house, campaign_id=other) == ["Eve"]
    assert {row["campaign_id"] for row in affiliates(house) if row["user_id"] == eve} == {house.program_id, other}
    assert len(affiliates(house)) == 3
    assert affiliates(house, campaign_id=88) == []


def test_the_status_is_a_filter_and_active_without_it(house: House):
    paused = house.new_program(status="inactive")
    states = {"active": "active", "inactive": "paused", "pending": "pending", "rejected": "removed"}
    for status in states:
        house.new_collaborator(house.program_id, paused, fullName=status, status=status)

    def shown(program: int) -> dict[str, str]:
        rows = [row for status in STATUSES for row in affiliates(house, campaign_id=program, status=status)]
        return {row["affiliate_name"]: row["status"] for row in rows if row["affiliate_name"] in states}

    assert shown(house.program_id) == states
    assert shown(paused) == states | {"active": "paused"}
    assert len(names(house)) == 2


STATUSES = ("active", "paused", "left", "removed", "completed", "archived", "pending")


def test_pages_have_twenty_five_rows(house: House):
    program = house.new_program()
    for number in range(27):
        house.new_collaborator(program, fullName=f"C{number:02}")

    first = read(house, "/campaign_affiliates", campaign_id=program, pagination="true")
    second = read(house, "/campaign_affiliates", campaign_id=program, pagination="True", page=2)

    assert first["meta"] == {"row_count": 27, "page_count": 2, "current_page": 1}
    assert second["meta"] == {"row_count": 27, "page_count": 2, "current_page": 2}
    shown = [row["affiliate_name"] for row in first["affiliates"] + second["affiliates"]]
    assert (len(first["affiliates"]), sorted(shown)) == (25, [f"C{number:02}" for number in range(27)])
    assert len(names(house, campaign_id=program)) == 27
    assert "meta" not in read(house, "/campaign_affiliates", campaign_id=program, pagination="false")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"status": "deleted"}, "status: must be one of "),
        ({"campaign_id": "x"}, "campaign_id: must be an integer"),
        ({"campaign_id[]": "1"}, "campaign_id[]: is not known: send campaign_id with one value"),
        ({"pagination": "2"}, "pagination: must be true or false"),
        ({"page": 0}, "page: must be at least 1"),
        ({"per_page": 100}, "per_page: is not supported: a page has 25 rows"),
        ({"per": 100, "page": "x"}, "page: must be an integer; per: is not supported: a page has 25 rows"),
    ],
)
def test_an_invalid_query_is_reported(house: House, query: Any, said: str):
    status, text = error(house, "/campaign_affiliates", **query)

    assert (status, text[: len(said)]) == (422, said)


def test_more_collaborators_than_one_request_examines_are_refused(house: House, monkeypatch: pytest.MonkeyPatch):
    for _ in range(3):
        house.new_collaborator(house.program_id)
    monkeypatch.setattr("tributary.ledger.store.lists.MAX_EXAMINED", 3)

    said = "page: of more than 3 collaborators there are no pages; read /siren/v1/collaborators by its cursor"
    assert error(house, "/campaign_affiliates", pagination="true") == (422, said)


def test_rows_beyond_an_answer_are_refused(house: House, monkeypatch: pytest.MonkeyPatch):
    house.new_collaborator(house.program_id)
    monkeypatch.setattr("tributary.api.lists.room.MAX_ANSWER", 1000)

    said = "pagination: must be true: of these rows there is room for about 1"
    assert error(house, "/campaign_affiliates") == (422, said)


def test_requests_are_few(house: House):
    affiliates(house)
    with house.requests_made() as asked:
        affiliates(house)
    with house.requests_made() as campaigns:
        read(house, "/organizations/campaigns")

    # A Query per shard, and the version of the programs.
    assert asked.counts == {"Query": 4, "GetItem": 1}
    assert campaigns.counts == {"GetItem": 1}


@pytest.mark.parametrize("path", ["/campaign_affiliates", "/organizations/campaigns", "/organizations/brands"])
def test_only_keys_of_the_whole_organization_read_it(house: House, path: str):
    other = house.new_key("admin", organization="other")

    assert house.get(path, base=BASE, key="reader").status == 403
    assert house.get(path, base=BASE, key=house.new_key("admin", source="growi")).status == 403
    assert house.get(path, base=BASE, key=None).status == 401
    assert str(house.program_id) not in house.get(path, base=BASE, key=other).text
