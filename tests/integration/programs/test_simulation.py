"""Other settings of a program, played over past sales over HTTP, through the real functions."""

from typing import Any

import pytest

from tests.stack.house import House
from tests.stack.scenarios import affiliate_shop
from tributary.domain import times
from tributary.workflows import simulation

HALF = {"incentiveCalculation": {"transactionPercent": 5}}


def simulate(house: House, program_id: int | None = None, **draft: Any) -> Any:
    answer = house.post(f"/programs/{program_id or house.program_id}/simulate", draft)
    assert answer.status == 200, answer.text
    return answer.json


def by_collaborator(answer: Any) -> dict[int, tuple[int, int, int]]:
    return {it["collaboratorId"]: (it["before"], it["after"], it["difference"]) for it in answer["collaborators"]}


def sold(house: House, external_id: str = "ORD-1004", tracking_id: int | None = None, **members: Any) -> int:
    """Report a sale, have it decided, and return its id."""
    answer = house.sale(external_id, tracking_id, **members)
    assert answer.status == 200, answer.text
    house.deliver()
    (found,) = house.get("/transactions", source="shopify", sourceId=external_id).json
    return int(found["id"])


def test_another_rate_shows_the_difference_in_cents(house: House):
    sold(house)

    answer = simulate(house, **HALF)

    assert by_collaborator(answer) == {house.collaborator_id: (500, 250, -250)}
    assert (answer["programId"], answer["sales"], answer["left"]) == (house.program_id, 1, {})
    assert (answer["changed"], answer["changedCount"], answer["cursor"]) == ([], 0, None)


def test_a_simulation_writes_nothing(house: House):
    sold(house)
    simulate(house)  # notes the day of the key's use, as any call does
    before = house.changes()

    with house.requests_made() as requests:
        simulate(house, **HALF, expirationDays=1)

    assert house.changes() == before
    assert {name for name, _ in requests.made} == {"BatchGetItem", "GetItem", "Query"}


def test_a_sale_that_changes_hands_is_named_with_both_earners(house: House):
    other = house.new_collaborator(house.program_id)
    visit = house.new_visit()
    house.visit(other, headers={"X-Siren-OID": str(visit)})
    number = sold(house, tracking_id=visit)

    answer = simulate(house, incentiveResolverType="oldestBindingWins")

    earned = {"programId": house.program_id, "value": 500}
    assert answer["changedCount"] == 1
    assert answer["changed"] == [
        {
            "transactionId": number,
            "currency": "USD",
            "before": [{"collaboratorId": other, **earned}],
            "after": [{"collaboratorId": house.collaborator_id, **earned}],
        }
    ]


def test_both_sides_are_after_refunds(house: House):
    sold(house)
    assert house.refund(amount=24.99, refundId="R-1").status == 200
    house.deliver()

    (row,) = simulate(house, **HALF)["collaborators"]

    assert [("approved", row["before"])] == house.conversions()
    assert (row["before"], row["after"]) == (251, 126)


def test_the_span_is_of_the_sales_creation(house: House):
    sold(house)

    assert simulate(house, **HALF, to="2020-01-01T00:00:00Z")["sales"] == 0
    assert simulate(house, **HALF, **{"from": "2020-01-01T00:00:00Z"})["sales"] == 1
    assert simulate(house, **HALF, **{"from": "2999-01-01T00:00:00Z"})["sales"] == 0


def test_another_trigger_cannot_be_known_and_is_left_out_by_name(house: House):
    sold(house)

    answer = simulate(house, engagementTypes={"siteVisited": {"value": "100"}, "messageSent": {"value": "1"}})

    assert (answer["sales"], answer["left"], answer["collaborators"]) == (0, {"triggers_differ": 1}, [])


def test_a_program_that_is_off_pays_nothing(house: House):
    sold(house)

    assert by_collaborator(simulate(house, status="inactive")) == {house.collaborator_id: (500, 0, -500)}


def test_a_deleted_sale_is_not_in_the_span(house: House):
    number = sold(house)
    assert house.post("/transactions/bulk", {"action": "delete", "ids": [number]}).json["affected"] == 1

    answer = simulate(house, **HALF)

    assert (answer["sales"], answer["left"], answer["collaborators"]) == (0, {}, [])


def test_a_sale_without_a_decision_is_left_out(house: House):
    house.sale()

    assert simulate(house, **HALF)["left"] == {"not_decided": 1}


def test_a_winner_that_was_credited_by_hand_is_no_winner(house: House):
    manual = {"siteVisited": {"value": "100"}, "manual": {"value": "1"}}
    house.put(f"/programs/{house.program_id}", {"engagementTypes": manual})
    other = house.new_collaborator(house.program_id)
    visit = house.new_visit()
    house.visit(other, headers={"X-Siren-OID": str(visit)})
    number = sold(house, tracking_id=visit)
    credit = {"transactionIds": [number], "collaboratorId": house.collaborator_id}
    assert house.post("/transactions/credit-collaborator", credit).json["affected"] == 1
    house.deliver()
    start = house.get(f"/programs/{house.program_id}").json["dateModified"]

    draft = {"incentiveResolverType": "oldestBindingWins", "from": start}

    assert simulate(house, **draft)["left"] == {"credited_by_hand": 1}


def test_a_claimed_sale_is_decided_again(house: House):
    affiliate_shop.made(house)
    house.deliver()

    assert by_collaborator(simulate(house, **HALF)) == {house.collaborator_id: (1000, 500, -500)}


def test_an_amended_sale_is_left_out(house: House):
    sale = affiliate_shop.made(house)
    house.deliver()
    path = f"{affiliate_shop.PATH}/{sale['id']}"
    assert house.call("PATCH", path, {"total": 5000}, base=affiliate_shop.BASE, key="admin").status == 200
    house.deliver()

    assert simulate(house, **HALF)["left"] == {"amended": 1}


def test_a_group_that_has_changed_since_is_not_known(house: House):
    rival = house.new_program()
    house.put(f"/collaborators/{house.collaborator_id}", {"programs": [house.program_id, rival]})
    group = {"name": "G", "programs": [house.program_id, rival]}
    group_id = house.post("/program-groups", group).json["id"]
    sold(house, tracking_id=house.new_visit())
    assert simulate(house, **HALF)["left"] == {}

    house.put(f"/program-groups/{group_id}", {"sorter": "oldestBindingWins"})

    assert simulate(house, **HALF)["left"] == {"group_changed": 1}


def test_other_points_matter_to_scores_only(house: House):
    sold(house)
    points = {"engagementTypes": {"siteVisited": {"value": "7"}}}

    assert simulate(house, **points)["left"] == {}
    assert simulate(house, **points, incentiveResolverType="weightedPool")["left"] == {"points_differ": 1}


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        ({"expiryDays": 5}, "expiryDays"),
        ({"incentiveCalculation": {"percentage": 5}}, "incentiveCalculation.percentage"),
        ({"incentiveCalculation": {"autoAprove": True}}, "incentiveCalculation.autoAprove"),
        ({"lineItemFilters": {"skus": ["A"]}}, "lineItemFilters.skus"),
        ({"expirationDays": 0}, "expirationDays"),
        ({"from": "yesterday"}, "from"),
        ({"cursor": "e30"}, "cursor"),
        ({"incentiveType": "leadFixed"}, "incentiveCalculation.payoutPerLead"),
    ],
)
def test_what_no_program_has_is_refused_by_name(house: House, draft: dict[str, Any], field: str):
    answer = house.post(f"/programs/{house.program_id}/simulate", draft)

    assert answer.status == 422
    assert field in {it["field"] for it in answer.json["error"]["context"]["failedValidations"]}, answer.text


def test_a_program_may_be_sent_back_as_read(house: House):
    sold(house)
    program = house.get(f"/programs/{house.program_id}").json

    assert by_collaborator(simulate(house, **program)) == {house.collaborator_id: (500, 500, 0)}


def test_pages_add_up_to_the_whole(house: House, monkeypatch: pytest.MonkeyPatch):
    for number in range(5):
        sold(house, f"ORD-{number}", house.new_visit())
    whole = simulate(house, **HALF)
    monkeypatch.setattr(simulation, "PAGE", 2)
    pages = [simulate(house, **HALF)]
    while pages[-1]["cursor"]:
        pages.append(simulate(house, **HALF, cursor=pages[-1]["cursor"]))

    assert [page["sales"] for page in pages] == [2, 2, 1]
    assert sum(row["difference"] for page in pages for row in page["collaborators"]) == -1250
    assert by_collaborator(whole) == {house.collaborator_id: (2500, 1250, -1250)}


def test_a_page_of_much_work_ends_earlier(house: House, monkeypatch: pytest.MonkeyPatch):
    for number in range(3):
        sold(house, f"ORD-{number}", house.new_visit())
    monkeypatch.setattr(simulation, "MOST_WORK", 1)
    monkeypatch.setattr(simulation, "BATCH", 2)

    first = simulate(house, **HALF)

    assert first["sales"] == 2
    last = simulate(house, **HALF, cursor=first["cursor"])
    assert (last["sales"], last["cursor"]) == (1, None)


def test_a_cursor_is_of_one_draft(house: House, monkeypatch: pytest.MonkeyPatch):
    for number in range(2):
        sold(house, f"ORD-{number}", house.new_visit())
    monkeypatch.setattr(simulation, "PAGE", 1)
    cursor = simulate(house, **HALF)["cursor"]

    answer = house.post(f"/programs/{house.program_id}/simulate", {"expirationDays": 5, "cursor": cursor})

    assert answer.status == 422


def test_the_visits_of_an_earlier_sale_are_remembered_from_page_to_page(house: House, monkeypatch: pytest.MonkeyPatch):
    """With a longer expiry the first sale would have used up the visits by which the second one earned."""
    house.put(f"/programs/{house.program_id}", {"expirationDays": 1})
    start = house.get(f"/programs/{house.program_id}").json["dateModified"]
    visit = house.new_visit()
    in_two_days = times.later(times.now(), days=2)
    with monkeypatch.context() as later:
        later.setattr(times, "now", lambda: in_two_days)
        sold(house, "ORD-1", visit)
        house.visit(headers={"X-Siren-OID": str(visit)})
        sold(house, "ORD-2", visit)
    draft = {"expirationDays": 30, "from": start}
    whole = simulate(house, **draft)
    monkeypatch.setattr(simulation, "PAGE", 1)
    first = simulate(house, **draft)
    second = simulate(house, **draft, cursor=first["cursor"])

    assert by_collaborator(first) == {house.collaborator_id: (0, 500, 500)}
    assert (second["sales"], second["left"]) == (0, {"earlier_sale": 1})
    assert (whole["sales"], whole["left"]) == (1, {"earlier_sale": 1})
    monkeypatch.setattr(simulation, "MOST_VISITORS", 0)
    first = simulate(house, **draft)
    assert simulate(house, **draft, cursor=first["cursor"])["left"] == {"earlier_sale": 1}


@pytest.mark.parametrize(("scopes", "status"), [(["ledger:transactions:read"], 200), (["ledger:payouts:read"], 403)])
def test_who_reads_transactions_may_simulate(house: House, scopes: list[str], status: int):
    key = house.new_key(*scopes)

    assert house.post(f"/programs/{house.program_id}/simulate", HALF, key=key).status == status


def test_a_key_of_one_source_may_not(house: House):
    key = house.new_key("ledger:transactions:read", source="shopify")

    assert house.post(f"/programs/{house.program_id}/simulate", HALF, key=key).status == 403


def test_an_unknown_program_is_not_found(house: House):
    assert house.post("/programs/1/simulate", HALF).status == 404


def test_the_requests_of_a_page_are_few(house: House):
    for number in range(60):
        assert house.sale(f"ORD-{number}", house.new_visit()).status == 200
    house.deliver()
    simulate(house)

    with house.requests_made() as requests:
        assert simulate(house, **HALF)["sales"] == 60

    names = [name for name, _ in requests.made]
    assert {name: names.count(name) for name in names} == {"GetItem": 1, "Query": 6, "BatchGetItem": 2}
