"""Collaborators ranked by the sum of their affiliate sales, as Growi's clients read them."""

from typing import Any

import pytest

from tests.stack.house import House
from tests.stack.scenarios.affiliate_shop import BASE, made
from tributary.domain.ids import cause_id

PATH = "/stats/top_creators_by_gmv"
DAYS = {"start_date": "01/01/2026", "end_date": "12/31/2099"}


def ranked(house: House, **query: Any) -> Any:
    answer = house.get(PATH, base=BASE, **DAYS | query)
    assert answer.status == 200, answer.text
    return answer.json


def top(house: House, **query: Any) -> list[tuple[str, float]]:
    return [(row["name"], row["total_gmv"]) for row in ranked(house, **query)["data"]["top_creators_by_gmv"]]


def error(house: House, **query: Any) -> tuple[int, str]:
    answer = house.get(PATH, base=BASE, **DAYS | query)
    return answer.status, answer.json["error"]


def creator(house: House, name: str, *programs: int) -> dict[str, Any]:
    """The members that name a new collaborator of these programs."""
    alias = {"type": "tracking", "code": name.upper()}
    house.new_collaborator(*(programs or (house.program_id,)), fullName=name, aliases=[alias])
    return {"campaign_affiliate_id": name.upper()}


def test_creators_are_ranked_by_the_sum_of_their_sales(house: House):
    eve, bo = creator(house, "Eve"), creator(house, "Bo")
    for number, (tag, total) in enumerate([(eve, 10000), (bo, 15001), (eve, 9999)]):
        made(house, order_id=str(number), total=total, **tag)

    assert top(house) == [("Eve", 199.99), ("Bo", 150.01)]


def test_a_row_has_what_the_clients_read(house: House):
    other = house.new_program(name="Winter")
    program_ids = [house.program_id, other]
    house.put(f"/collaborators/{house.collaborator_id}", {"programs": program_ids})
    made(house)
    ids = {"campaign_affiliate_id": ..., "growi_user_id": house.collaborator_id, "growi_campaign_id": other}
    made(house, order_id="2", total=1, **ids)
    profile = house.get(f"/collaborators/{house.collaborator_id}").json

    shown = ranked(house)

    (row,) = shown["data"]["top_creators_by_gmv"]
    assert sorted(row.pop("campaigns"), key=lambda it: it["total_gmv"]) == [
        {"campaign_id": house.program_id, "campaign_name": "Demo: 10 % of line items", "total_gmv": 99.99},
        {"campaign_id": other, "campaign_name": "Winter", "total_gmv": 100},
    ]
    assert row == {
        "id": house.collaborator_id,
        "name": profile["fullName"],
        "email": profile["email"],
        "total_gmv": 100,
        "currency": "usd",
        "brand_name": "demo",
        "brands": ["demo"],
        "social_accounts": [],
    }
    meta = {"current_page": 1, "per_page": 4, "row_count": 1, "page_count": 1, "has_more": False}
    assert (shown["success"], shown["meta"], shown["data"]["meta"]) == (True, meta, meta)


def test_sums_are_written_exactly(house: House):
    made(house, total=2**53 - 1)

    assert '"total_gmv":90071992547409.91' in house.get(PATH, base=BASE, **DAYS).text


def test_cancelled_sales_do_not_count_and_refunded_ones_do(house: House):
    made(house)
    cancelled = made(house, order_id="2", **creator(house, "Eve"))
    house.refund(source="growi", externalId="G-1004")
    house.post("/transactions/bulk", {"action": "cancel", "ids": [cancelled["id"]]})
    house.sale()

    assert [gmv for _, gmv in top(house)] == [99.99]


def test_days_campaign_and_brand_are_filters(house: House):
    other = house.new_program()
    made(house, occurred_at="2026-03-01T23:59:59Z")
    made(house, order_id="2", occurred_at="2026-03-02", **creator(house, "Eve", other))

    assert top(house, campaign_id=other) == top(house, start_date="03/02/2026") == [("Eve", 99.99)]
    assert len(top(house, organization_id=cause_id("demo", "brand"))) == 2
    assert top(house, organization_id=88) == top(house, campaign_id=88) == []
    assert top(house, end_date="02/28/2026") == top(house, start_date="03/03/2026") == []


def test_limit_and_page_take_a_part_of_the_ranking(house: House):
    for number in range(6):
        made(house, order_id=str(number), total=1000 + number, **creator(house, f"C{number}"))

    first, last = ranked(house), ranked(house, limit=5, page=2)

    assert [row["total_gmv"] for row in first["data"]["top_creators_by_gmv"]] == [10.05, 10.04, 10.03, 10.02]
    assert first["meta"] == {"current_page": 1, "per_page": 4, "row_count": 6, "page_count": 2, "has_more": True}
    assert [row["total_gmv"] for row in last["data"]["top_creators_by_gmv"]] == [10]
    assert last["meta"]["has_more"] is False


def test_discord_is_not_kept(house: House):
    made(house)

    (row,) = ranked(house, include_discord="true")["data"]["top_creators_by_gmv"]
    assert (row["discord_id"], row["discord_username"]) == (None, None)


def test_currencies_are_not_compared(house: House):
    made(house)
    made(house, order_id="2", currency="eur", **creator(house, "Eve"))

    assert error(house) == (422, "currency: must be one of eur, usd, which are not compared")
    assert top(house, currency="EUR") == [("Eve", 99.99)]
    assert top(house, currency="jpy") == []


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"start_date": "", "end_date": ""}, "start_date: is required; end_date: is required"),
        ({"start_date": "2026-01-01"}, "start_date: must be a date, MM/DD/YYYY"),
        ({"limit": 21}, "limit: must be at most 20"),
        ({"limit": 0, "page": 0}, "limit: must be at least 1; page: must be at least 1"),
        ({"include_discord": "yes"}, "include_discord: must be true or false"),
        ({"organization_id": "x", "campaign_id": 0}, "organization_id: must be an integer; campaign_id: must be at l"),
        ({"currency": "zzz"}, "currency: must be an ISO 4217 currency code"),
    ],
)
def test_an_invalid_query_is_reported(house: House, query: Any, said: str):
    status, text = error(house, **query)

    assert (status, text[: len(said)]) == (422, said)


def test_more_sales_than_one_request_examines_are_refused(house: House, monkeypatch: pytest.MonkeyPatch):
    for number in range(4):
        made(house, order_id=str(number))
    monkeypatch.setattr("tributary.ledger.store.lists.MAX_EXAMINED", 3)

    assert error(house) == (422, "start_date: must leave at most 3 records to look at; take a later one")


def test_the_ranking_costs_what_the_list_costs_and_its_names(house: House):
    for number in range(4):
        made(house, order_id=str(number))
    ranked(house)

    with house.requests_made() as asked:
        ranked(house)

    # As the list of sales; the version of the programs, the collaborators.
    assert asked.counts == {"Query": 4, "BatchGetItem": 2, "GetItem": 1}


def test_only_admin_keys_read_it(house: House):
    made(house)

    assert house.get(PATH, base=BASE, key="reader", **DAYS).status == 403
    assert house.get(PATH, base=BASE, key=house.new_key("admin", source="growi"), **DAYS).status == 403
    other = house.get(PATH, base=BASE, key=house.new_key("admin", organization="other"), **DAYS)
    assert (other.status, other.json["data"]["top_creators_by_gmv"]) == (200, [])
