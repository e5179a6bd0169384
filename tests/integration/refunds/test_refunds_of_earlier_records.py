"""Refunds recorded before sums were kept with their sale: each had the amounts it took, by detail."""

from typing import Any

import pytest

from tests.stack.exchange import ACCOUNT
from tests.stack.house import House
from tributary.ledger.store import table

LATER, NAMED = "2026-11-22T09:00:00.000Z", {"source": "shopify", "externalId": "ORD-1004"}
PLAN, SEAT = {"externalId": "A", "name": "Plan", "amount": 60}, {"externalId": "B", "name": "Seat", "amount": 40}


def given_back(house: House, *taken: tuple[int, dict[str, int]], ended: bool = False) -> None:
    """Report a sale of 100.00 with a refund for each amount taken, and store them as earlier versions did."""
    house.sale(total=100, items=[PLAN, SEAT])
    house.deliver()
    for number in range(len(taken)):
        assert house.refund(refundId=f"R-{number}", amount=10).status == 200
    house.deliver()
    ((sale),) = house.ledger("transaction")
    lines: dict[str, int] = {}
    for number, (amount, of_lines) in enumerate(taken):
        (item,) = (it for it in house.ledger("refund") if it["listed"]["refundId"] == f"R-{number}")
        replace_item(house, item | {"lines": of_lines, "listed": item["listed"] | {"amount": amount}})
        lines |= of_lines
    was = {name: value for name, value in sale.items() if name != "given"} | {"refundedLines": lines}
    was |= {"refunded": 10_000 if ended else sum(amount for amount, _ in taken), "version": sale["version"] + 1}
    if ended:
        was |= {"refundedAt": LATER, "listed": sale["listed"] | {"status": "refunded"}}
    replace_item(house, was)
    house.deliver()


def replace_item(house: House, item: Any) -> None:
    with house._environment("report_sale"):
        table.put(item, "attribute_exists(pk)")


def withdraw(house: House, **members: Any) -> None:
    assert house.post("/event/refund-withdrawn", NAMED | members, key="events").status == 200
    house.deliver()


def shown(house: House) -> tuple[str, int, list[tuple[str, int]]]:
    ((sale),) = house.ledger("transaction")
    return sale["listed"]["status"], sale.get("refunded", 0), [it for it in house.owed() if it[1]]


def test_a_withdrawn_refund_frees_what_it_took(house: House) -> None:
    """The second was cut to what the first had left, and asks for all of its amount again."""
    given_back(house, (6000, {"0": 6000}), (2000, {}))

    withdraw(house, refundId="R-0")

    assert shown(house) == ("complete", 2000, [("pending", 800)])


def test_a_sale_that_its_refunds_had_ended_is_complete_again_without_one(house: House) -> None:
    given_back(house, (6000, {"0": 6000}), (4000, {}), ended=True)
    assert shown(house) == ("refunded", 10_000, [])

    withdraw(house, refundId="R-0")

    assert shown(house) == ("complete", 4000, [("pending", 600)])


def test_a_sale_refunded_as_a_whole_after_a_part_keeps_the_part_when_the_whole_is_withdrawn(house: House) -> None:
    given_back(house, (3000, {}), ended=True)

    withdraw(house, refundId="R-0")
    assert shown(house) == ("refunded", 10_000, [])
    withdraw(house, occurredAt=LATER)

    assert shown(house) == ("complete", 0, [("pending", 1000)])


def test_the_withdrawal_of_the_whole_leaves_the_part_given_back_before(house: House) -> None:
    given_back(house, (3000, {}), ended=True)

    withdraw(house, occurredAt=LATER)

    assert shown(house) == ("complete", 3000, [("pending", 700)])


@pytest.mark.parametrize("report", [{"refundId": "R-9", "amount": 10}, {"refundId": "R-9", "items": [PLAN]}])
def test_a_whole_refund_stands_after_further_refunds_and_withdrawals(house: House, report: dict[str, Any]) -> None:
    assert house.post("/event-sources", {"source": "other.shop", "account": ACCOUNT}).status == 201
    given_back(house, (3000, {}), ended=True)
    items = [{name: item[name] for name in ("externalId", "amount")} for item in report.get("items", ())]

    house.event("RefundTriggered", {"organization": "demo"} | NAMED | report | ({"items": items} if items else {}))
    house.deliver()
    withdraw(house, refundId="R-9")

    assert shown(house) == ("refunded", 10_000, [])
