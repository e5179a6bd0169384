"""Whole journeys of money, as the people in them would tell them."""

import csv
import io
import logging
from typing import Any

import pytest

from tests.stack.exchange import Item
from tests.stack.house import House
from tests.stack.scenarios.paid import balances, generate, payouts, require_agreement
from tests.stack.scenarios.past import FEBRUARY, MARCH, line, sold, visited
from tributary.domain import times

IBAN = "DE89370400440532013000"


def values(house: House) -> dict[int, int]:
    """The value of each live payout, by collaborator."""
    live = [it for it in payouts(house) if it["status"] in ("unpaid", "paid")]
    return {it["collaboratorId"]: it["value"] for it in live}


def came_back(house: House, payout: Item, **members: Any) -> None:
    rows = [{"payoutId": payout["id"], "status": "failed", **members}]
    assert house.post("/payouts/results", {"rows": rows}).json["affected"] == 1
    house.deliver()


def test_an_affiliate_and_a_royalty_author_are_paid_from_one_order(house: House):
    royalties = house.new_program(
        calculation={"transactionPercent": 30},
        lineItemFilters={"collaboratorOwned": True},
        engagementTypes={"siteVisited": {"value": 1}, "manual": {"value": 1}},
    )
    affiliate, author = house.new_collaborator(house.new_program()), house.new_collaborator(royalties)
    visitor = visited(house, author, FEBRUARY)
    visited(house, affiliate, "2025-02-11T12:00:00.000Z", visitor)

    book, mug = line(20, name="Book", collaborators=[author]), line(30, name="Mug")
    sold(house, visitor, book, mug, occurredAt=MARCH)
    generate(house)

    assert values(house) == {affiliate: 500, author: 600}
    require_agreement(house)


def test_a_reward_split_among_three_is_paid_to_the_cent(house: House):
    program = house.new_program(
        incentiveType="saleFixedPerTransaction",
        incentiveResolverType="sharedPool",
        poolRemainder="largest",
        calculation={"payoutPerTransaction": 10000},
    )
    sharers = [house.new_collaborator(program) for _ in range(3)]
    visitor = visited(house, sharers[0], FEBRUARY)
    for sharer in sharers[1:]:
        visited(house, sharer, "2025-02-11T12:00:00.000Z", visitor)

    sold(house, visitor, line(500), occurredAt=MARCH)
    generate(house)

    assert sorted(values(house).values()) == [3333, 3333, 3334]
    assert values(house).keys() == set(sharers)
    require_agreement(house)


@pytest.mark.parametrize(("clawback", "after"), [("carryForward", 0), ("none", 600)])
def test_a_part_is_given_back_before_the_payout_and_the_rest_after_it(house: House, clawback: str, after: int):
    anna = house.new_collaborator(house.new_program(clawback=clawback))
    sold(house, house.new_visit(anna), line(100))
    house.refund("ORD-1", refundId="R-1", amount=40)
    house.deliver()
    generate(house)
    assert values(house) == {anna: 600}

    house.refund("ORD-1", refundId="R-2", amount=60)
    house.deliver()

    assert balances(house) == {anna: after}
    assert house.get("/transactions").json[0]["status"] == "refunded"
    require_agreement(house)


def test_a_month_becomes_a_paid_and_exported_batch_that_reconciles_to_the_cent(house: House):
    program = house.new_program(clawback="carryForward")
    affiliates = [house.new_collaborator(program, email=f"a{number}@example.com") for number in range(3)]
    rows = []
    for day in range(1, 13):
        amount = 10 + day * 1.37
        visit = house.new_visit(affiliates[day % 3])
        sold(house, visit, line(round(amount, 2)), external_id=f"ORD-{day}")
        rows.append({"id": f"ORD-{day}", "total": str(round(amount, 2)), "currency": "USD", "status": "complete"})
    house.refund("ORD-4")
    house.deliver()
    rows[3]["status"] = "refunded"

    batch = generate(house).json
    ids = [it["id"] for it in payouts(house)]
    told = house.post("/payouts/export", {"ids": ids}).json
    listed = list(csv.DictReader(io.StringIO(told["csv"])))
    house.put(f"/fulfillments/{batch['id']}", {"status": "complete"})

    assert told["marked"] == 3
    assert sum(round(float(row["Value"]) * 100) for row in listed) == batch["totalValue"]
    for affiliate in affiliates:
        (balance,) = house.get(f"/collaborators/{affiliate}/statement").json["balances"]
        assert (balance["closing"], balance["paid"]) == (0, values(house)[affiliate])
    agreed = house.post("/transactions/reconcile", {"source": "shopify", "rows": rows}).json
    assert (agreed["agreeing"], agreed["missingThere"], agreed["missingHere"]) == (12, [], [])
    require_agreement(house)


def test_a_payment_refused_by_the_bank_is_paid_by_the_next_batch(house: House):
    anna = house.new_collaborator(house.new_program())
    sold(house, house.new_visit(anna), line(100))
    generate(house)
    (payout,) = payouts(house)
    house.post("/payouts/bulk", {"action": "markPaid", "ids": [payout["id"]], "reference": "TR-1"})

    came_back(house, payout, reason="account closed")
    sold(house, house.new_visit(anna), line(50), external_id="ORD-2")
    generate(house)

    assert values(house) == {anna: 1500}
    (balance,) = house.get(f"/collaborators/{anna}/statement").json["balances"]
    assert (balance["earned"], balance["paid"], balance["closing"]) == (1500, 1500, 0)
    require_agreement(house)


def test_a_collaborator_below_the_minimum_for_two_months_is_paid_in_the_third(house: House):
    house.put("/settings", {"minimumPayout": {"USD": 2500}})
    anna = house.new_collaborator(house.new_program())
    paid = []
    for month in range(3):
        sold(house, house.new_visit(anna), line(90), external_id=f"ORD-{month}")
        paid.append(generate(house).status)

    assert paid == [409, 409, 201]
    assert values(house) == {anna: 2700}
    require_agreement(house)


def test_bank_data_is_in_no_line_of_the_log(house: House, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    anna = house.new_collaborator(house.new_program(units="EUR"))
    method = {"type": "sepa", "iban": IBAN, "accountHolder": "Wilhelmina Überall"}
    assert house.put(f"/collaborators/{anna}/payout-settings", {"method": method}).status == 200
    house.put(f"/collaborators/{anna}/payout-settings", {"method": method | {"iban": IBAN[:-1] + "1"}})
    house.put("/payer", {"sepa": {"name": "Shop", "iban": "NL91ABNA0417164300"}})
    sold(house, house.new_visit(anna), line(100), currency="EUR")
    batch = generate(house).json["id"]
    (file,) = house.post(f"/fulfillments/{batch}/files", {"executionDate": times.now()[:10]}).json["files"]
    assert IBAN in house.get(f"/fulfillments/{batch}/files/{file['name']}").text

    lines = [f"{record.getMessage()} {record.__dict__}" for record in caplog.records if "botocore" not in record.name]

    assert lines
    for secret in (IBAN, IBAN[:-1], "NL91ABNA0417164300", "Wilhelmina"):
        assert [it for it in lines if secret in it] == []
