"""Holding periods: earnings are due some days after their sale, by the settings frozen in the award."""

import itertools
from typing import Any

import pytest

from tests.stack.exchange import ACCOUNT
from tests.stack.house import House
from tests.stack.scenarios import affiliate_shop
from tests.stack.scenarios.manual_credit import credit, rewards_manual
from tributary.ledger.store import table

SOLD = "2026-11-01T12:00:00.000Z"
TEN_DAYS_LATER = "2026-11-11T12:00:00.000Z"
EDITED = "2026-11-21T09:00:00.000Z"
VISITED = "2026-10-20T12:00:00.000Z"
LINE = {"externalId": "A", "name": "Plan", "amount": 100}


def hold(house: House, days: Any = 10, **settings: Any) -> Any:
    answer = house.put(f"/programs/{house.program_id}", {"holdingDays": days, **settings})
    assert answer.status == 200, answer.text
    return answer.json


def past_visit(house: House) -> int:
    return int(house.visit(occurredAt=VISITED).headers["X-Siren-OID"])


def sell(house: House, *items: Any, external_id: str = "ORD-1004") -> None:
    lines = list(items) or [LINE]
    total = sum(line["amount"] for line in lines)
    visitor = past_visit(house)
    assert house.sale(external_id, visitor, total=total, items=lines, occurredAt=SOLD).status == 200


def due(house: House) -> list[str | None]:
    return [it["dueAt"] for it in house.get("/obligations").json]


def test_a_program_holds_nothing_back_by_default(house: House):
    assert house.get(f"/programs/{house.program_id}").json["holdingDays"] == 0

    sell(house)
    house.deliver()

    assert due(house) == [None]


def test_a_program_stored_before_there_were_holding_periods_has_none(house: House):
    stored = house.ledger("program")[0]
    older = {name: value for name, value in stored["listed"].items() if name != "holdingDays"}
    with house._environment("manage_programs"):
        table.put(stored | {"listed": older}, "")

    assert house.get(f"/programs/{house.program_id}").json["holdingDays"] == 0
    assert house.put(f"/programs/{house.program_id}", {"name": "Renamed"}).json["holdingDays"] == 0


def test_earnings_are_due_when_the_holding_period_of_their_sale_ends(house: House):
    hold(house)

    sell(house)
    house.deliver()

    assert due(house) == [TEN_DAYS_LATER]
    assert house.get("/conversions").json[0]["award"]["holdingDays"] == 10


def test_a_lead_is_due_when_its_holding_period_ends(house: House):
    calculation = {"payoutPerLead": 500, "activeConversionTypes": ["newsletter-signup"]}
    program = house.new_program(incentiveType="leadFixed", calculation=calculation, holdingDays=1)
    house.new_collaborator(program, aliases=[{"code": "LEADS"}])
    visitor = house.new_visit("tracking:LEADS")

    house.post("/event/newsletter-signup", {"trackingId": visitor, "externalId": "L-1"}, key="events")
    house.deliver()

    ((lead),) = house.ledger("lead")
    (obligation,) = house.get("/obligations").json
    assert obligation["dueAt"][:10] > lead["changedAt"][:10]
    assert obligation["dueAt"][11:] == lead["changedAt"][11:]


def test_a_new_holding_period_moves_nothing_that_waits(house: House):
    hold(house, 10)
    sell(house)
    house.deliver()

    hold(house, 90)
    sell(house, external_id="ORD-2")
    house.deliver()

    assert due(house) == ["2027-01-30T12:00:00.000Z", TEN_DAYS_LATER]


def test_a_holding_period_set_before_the_award_counts_from_the_sale(house: House):
    sell(house)
    hold(house)
    house.deliver()

    assert due(house) == [TEN_DAYS_LATER]


def test_a_partial_refund_and_its_withdrawal_restart_nothing(house: House):
    hold(house)
    sell(house)
    house.deliver()

    house.refund(refundId="R", amount=40)
    house.deliver()
    assert (due(house), house.owed()) == ([TEN_DAYS_LATER], [("pending", 600)])

    named = {"source": "shopify", "externalId": "ORD-1004", "refundId": "R"}
    house.post("/event/refund-withdrawn", named, key="events")
    house.deliver()
    assert (due(house), house.owed()) == ([TEN_DAYS_LATER], [("pending", 1000)])


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_edits_and_refunds_leave_the_due_date_in_any_order(house: House, order: tuple[int, ...]):
    hold(house)
    assert house.post("/event-sources", {"source": "other.shop", "account": ACCOUNT}).status == 201
    named = {"organization": "demo", "source": "shopify", "externalId": "ORD-1004"}
    more = {"total": 120, "items": [LINE | {"amount": 120}], "changedAt": EDITED}
    steps = [
        lambda: sell(house),
        lambda: house.event("SaleChanged", named | more),
        lambda: house.event("RefundTriggered", named | {"refundId": "R", "amount": 60}),
    ]
    for place in order:
        steps[place]()
        house.deliver()

    assert (due(house), house.owed()) == ([TEN_DAYS_LATER], [("pending", 600)])


def test_an_edit_that_makes_the_conversion_keeps_the_period_of_the_decision(house: House):
    hold(house)
    sell(house, {"externalId": "P", "name": "Postage", "type": "shipping", "amount": 10})
    house.deliver()
    assert due(house) == []

    hold(house, 90)
    body = {"source": "shopify", "externalId": "ORD-1004", "total": 100, "items": [LINE], "changedAt": EDITED}
    assert house.post("/event/sale-changed", body, key="events").status == 200
    house.deliver()

    assert due(house) == [TEN_DAYS_LATER]


def test_a_due_date_reported_with_an_affiliate_sale_replaces_the_holding_period(house: House):
    hold(house)
    stated = affiliate_shop.made(house, order_id="1", due_at="2099-01-01", occurred_at="2026-11-01T12:00:00Z")
    affiliate_shop.made(house, order_id="2", occurred_at="2026-11-01T12:00:00Z")
    house.deliver()

    dates = {it["transactionId"]: it["dueAt"] for it in house.get("/obligations").json}
    assert dates.pop(stated["id"]) == "2099-01-01T00:00:00.000Z"
    assert list(dates.values()) == [TEN_DAYS_LATER]


def test_a_change_of_an_affiliate_sale_keeps_its_holding_period(house: House):
    hold(house)
    sale = affiliate_shop.made(house, occurred_at="2026-11-01T12:00:00Z")
    house.deliver()
    path = f"/affiliate_sales/{sale['id']}"

    answer = house.call("PATCH", path, {"total": 5000}, base=affiliate_shop.BASE)
    house.deliver()

    assert answer.status == 200, answer.text
    assert (due(house), house.owed()) == ([TEN_DAYS_LATER], [("pending", 500)])


def test_a_credit_by_hand_is_due_at_once(house: House):
    rewards_manual(house)
    hold(house)
    assert house.sale("HAND", None, trackingId=1).status == 200
    (sale,) = house.get("/transactions").json

    assert credit(house, sale["id"]).json["affected"] == 1
    house.deliver()

    assert due(house) == [None]


@pytest.mark.parametrize(("days", "kind"), [(-1, "MIN"), (3651, "MAX"), ("ten", "TYPE"), (1.5, "TYPE"), (True, "TYPE")])
def test_a_holding_period_is_a_number_of_days_up_to_ten_years(house: House, days: Any, kind: str):
    answer = house.put(f"/programs/{house.program_id}", {"holdingDays": days})

    assert (answer.status, answer.failures) == (422, {"holdingDays": kind})


@pytest.mark.parametrize("clawback", ["none", "carryForward"])
def test_the_clawback_of_a_program_is_frozen_in_its_awards(house: House, clawback: str):
    before = house.get(f"/programs/{house.program_id}").json["version"]

    assert hold(house, 0, clawback=clawback)["version"] == before + 1
    sell(house)
    house.deliver()
    hold(house, 0, clawback="none")

    (conversion,) = house.get("/conversions").json
    assert conversion["award"]["clawback"] == clawback
    assert house.decision()["programs"][0]["clawback"] == clawback
