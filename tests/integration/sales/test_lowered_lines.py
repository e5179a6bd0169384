"""Lines that lower a sale: fees and roundings below zero, and an item's own discount."""

from typing import Any

import pytest

from tests.stack.exchange import ACCOUNT, Answer
from tests.stack.house import House

LAMP = {"externalId": "L", "amount": 50}


def sold(house: House, *items: dict[str, Any], total: Any) -> Answer:
    return house.sale("LOW", total=total, items=list(items))


def values(house: House) -> list[tuple[int, int]]:
    """Value and quantity of each detail of the one sale."""
    (sale,) = house.get("/transactions", key="reader", include="extended").json
    return [(it["value"], it["quantity"]) for it in sale["details"]]


def owed(house: House) -> list[int]:
    house.deliver()
    return [it["value"] for it in house.get("/obligations", key="reader").json]


# fees and roundings below zero


@pytest.mark.parametrize("kind", ["discount", "fee", "rounding"])
def test_a_line_of_the_kinds_that_lower_a_sale_may_be_below_zero(house: House, kind: str) -> None:
    assert sold(house, LAMP, {"type": kind, "amount": "-0.02"}, total="49.98").status == 200

    assert values(house) == [(5000, 1), (-2, 1)]
    assert owed(house) == [500]


@pytest.mark.parametrize("kind", ["fee", "rounding"])
def test_a_fee_or_a_rounding_may_be_above_zero_too(house: House, kind: str) -> None:
    assert sold(house, LAMP, {"type": kind, "amount": "0.02"}, total="50.02").status == 200

    assert values(house) == [(5000, 1), (2, 1)]


@pytest.mark.parametrize("kind", ["product", "subscription", "shipping", "tax", "giftwrap"])
def test_a_line_of_any_other_kind_below_zero_is_refused_over_http_and_by_hand(house: House, kind: str) -> None:
    answer = sold(house, LAMP, {"type": kind, "amount": -1}, total=49)
    by_hand = house.post("/transactions", {"details": [{"name": "x", "type": kind, "value": -1}]})

    assert (answer.failures, by_hand.failures) == ({"items[1].amount": "MIN"}, {"details[0].value": "MIN"})
    assert "discount, fee or rounding" in answer.text


def test_fees_and_roundings_below_zero_lower_a_transaction_made_by_hand(house: House) -> None:
    low = [{"name": "x", "type": kind, "value": -100} for kind in ("fee", "rounding")]

    assert house.post("/transactions", {"details": [{"name": "Lamp", "value": 5000}, *low]}).status == 201

    (sale,) = house.ledger("transaction")
    assert sale["reported"]["total"] == 4800


@pytest.mark.parametrize(("counted", "reward"), [([], 500), (["includeFees"], 480)])
def test_a_fee_below_zero_lowers_the_base_of_a_program_that_counts_fees_and_a_rounding_of_none(
    house: House, counted: list[str], reward: int
) -> None:
    rule = house.new_program(transactionCompilers=["includeLineItems", *counted])
    visit = house.new_visit(house.new_collaborator(rule))
    lines = [LAMP, {"type": "fee", "amount": -2}, {"type": "rounding", "amount": -1}]
    house.sale("LOW", visit, total=47, items=lines)

    assert owed(house) == [reward]


def test_a_sale_lowered_by_a_fee_is_given_back_by_its_item_at_the_listed_price(house: House) -> None:
    sold(house, LAMP, {"externalId": "S", "type": "shipping", "amount": 50}, {"type": "fee", "amount": -20}, total=80)
    assert owed(house) == [500]

    assert house.refund("LOW", refundId="r", items=[{"externalId": "L", "amount": 50}]).status == 200

    assert owed(house) == [0]


# an item's own discount


@pytest.mark.parametrize(
    ("item", "details"),
    [
        ({"amount": 50, "discount": 10}, [(4000, 1)]),
        ({"amount": 50, "discount": "50.00"}, [(0, 1)]),
        ({"amount": 10, "quantity": 3, "discount": "1.00"}, [(966, 1), (967, 2)]),
        ({"amount": "12.50", "quantity": 0.5, "discount": "0.25"}, [(600, 1)]),
        ({"amount": "24.3333333", "quantity": 3, "discount": "73.00"}, [(0, 3)]),
        ({"amount": "8.165", "quantity": 2, "discount": "0.005"}, [(816, 1), (817, 1)]),
        ({"amount": 10, "type": "shipping", "discount": 4}, [(600, 1)]),
        ({"amount": 10, "discount": 0}, [(1000, 1)]),
        ({"amount": 10, "discount": None}, [(1000, 1)]),
        ({"amount": 10, "discount": " "}, [(1000, 1)]),
        ({"amount": -10, "type": "discount", "discount": "0.00"}, [(-1000, 1)]),
    ],
)
def test_an_items_discount_lowers_its_line_which_is_rounded_once(house: House, item: Any, details: Any) -> None:
    answer = sold(house, item, total=100)

    assert answer.status == 200, answer.text
    assert values(house) == details


def test_an_items_discount_is_shown_with_its_details(house: House) -> None:
    sold(house, {"amount": 10, "discount": 1.5}, {"amount": 10}, total="18.50")

    (sale,) = house.get("/transactions", key="reader", include="extended").json
    assert [it["attributes"] for it in sale["details"]] == [{"discount": "1.50"}, {}]


def test_a_commission_is_of_the_lowered_price(house: House) -> None:
    sold(house, LAMP | {"discount": 10}, total=40)

    assert owed(house) == [400]


@pytest.mark.parametrize(
    ("item", "failures"),
    [
        ({"amount": 50, "discount": "50.01"}, {"items[0].discount": "MAX"}),
        ({"amount": 10, "quantity": 0.5, "discount": "5.01"}, {"items[0].discount": "MAX"}),
        ({"amount": -5, "type": "fee", "discount": 1}, {"items[0].discount": "MAX"}),
        ({"amount": 50, "discount": 9 * 10**15}, {"items[0].discount": "MAX"}),
        ({"amount": 50, "discount": -1}, {"items[0].discount": "MIN"}),
        ({"amount": 50, "discount": "much"}, {"items[0].discount": "TYPE"}),
        ({"amount": 50, "discount": [{"amount": 1}]}, {"items[0].discount": "TYPE"}),
        ({"amount": 50, "discountCents": 100}, {"items[0].discountCents": "UNKNOWN"}),
        ({"amount": 50, "totalDiscount": 1}, {"items[0].totalDiscount": "UNKNOWN"}),
    ],
)
def test_a_discount_of_more_than_the_item_or_below_zero_is_refused(house: House, item: Any, failures: Any) -> None:
    assert sold(house, item, total=50).failures == failures
    assert not house.ledger("transaction")


def test_all_discounts_that_are_too_large_are_listed(house: House) -> None:
    answer = sold(house, LAMP | {"discount": 51}, LAMP, LAMP | {"discount": 60}, total=50)

    assert answer.failures == {"items[0].discount": "MAX", "items[2].discount": "MAX"}


def test_items_are_given_back_up_to_the_lowered_line(house: House) -> None:
    sold(house, LAMP | {"discount": 10}, {"externalId": "D", "amount": 60}, total=100)
    assert owed(house) == [1000]

    refused = house.refund("LOW", refundId="listed", items=[{"externalId": "L", "amount": 50}])
    taken = house.refund("LOW", refundId="paid", items=[{"externalId": "L", "amount": 40}])

    assert (refused.status, refused.error["context"]["refundable"], taken.status) == (409, 4000, 200)
    assert owed(house) == [600]


def test_a_lowered_line_of_many_units_is_given_back_unit_by_unit_to_exactly_nothing(house: House) -> None:
    sold(house, {"externalId": "U", "amount": 10, "quantity": 3, "discount": 1}, total=29)
    owed(house)

    for number, amount in enumerate(("9.67", "9.67", "9.66")):
        part = [{"externalId": "U", "amount": amount}]
        assert house.refund("LOW", refundId=f"r{number}", items=part).status == 200

    assert owed(house) == [0]
    assert house.get("/transactions", key="reader").json[0]["status"] == "refunded"


def test_a_repeat_with_another_discount_differs_and_with_another_form_of_it_does_not(house: House) -> None:
    sold(house, LAMP | {"discount": 10}, total=40)

    same = sold(house, LAMP | {"discount": "10.00"}, total=40)
    other = sold(house, LAMP | {"discount": 11}, total=40)

    assert "Idempotency-Differs" not in same.headers
    assert other.headers["Idempotency-Differs"] == "items"


def test_a_row_of_a_batch_and_a_sale_on_the_bus_have_discounts_of_their_own(house: House) -> None:
    assert house.post("/event-sources", {"source": "other.shop", "account": ACCOUNT}).status == 201
    row = {"source": "shopify", "externalId": "B", "total": 40, "trackingId": 4218, "items": [LAMP | {"discount": 10}]}
    wrong = row | {"externalId": "W", "items": [LAMP | {"discount": 51}]}

    answer = house.post("/event/sale/batch", [row, wrong], key="events")
    house.event("SaleTriggered", row | {"organization": "demo", "externalId": "E"})
    house.event("SaleTriggered", wrong | {"organization": "demo"})
    house.deliver()

    assert [it["status"] for it in answer.json["results"]] == [200, 422]
    assert [it["listed"]["totalValue"] for it in house.ledger("transaction")] == [4000, 4000]
    ((code, reason),) = house.dead_letters("receive_event")
    assert (code, reason.partition(" ")[0]) == ("VALIDATION_FAILED", "items[0].discount")


def test_a_free_line_by_its_own_discount_is_no_unit_sold(house: House) -> None:
    rule = house.new_program(incentiveType="saleFixedPerProduct", calculation={"payoutPerProduct": 100})
    visit = house.new_visit(house.new_collaborator(rule))
    house.sale("LOW", visit, total=50, items=[LAMP, LAMP | {"externalId": "G", "discount": 50}])

    assert owed(house) == [100]


# a discount of a detail made by hand


def made(house: House, **detail: Any) -> Answer:
    return house.post("/transactions", {"details": [{"name": "Lamp", "value": 5000, **detail}]})


@pytest.mark.parametrize(
    ("detail", "details"),
    [
        ({"discount": 1000}, [(4000, 1)]),
        ({"discount": 5000}, [(0, 1)]),
        ({"value": 1000, "quantity": 3, "discount": 100}, [(966, 1), (967, 2)]),
        ({"value": 1250, "quantity": 0.5, "discount": 25}, [(600, 1)]),
        ({"type": "shipping", "discount": 400.0}, [(4600, 1)]),
        ({"discount": None}, [(5000, 1)]),
    ],
)
def test_a_details_discount_lowers_its_line_by_hand(house: House, detail: Any, details: Any) -> None:
    answer = made(house, **detail)

    assert answer.status == 201, answer.text
    assert values(house) == details
    ((sale),) = house.ledger("transaction")
    assert sale["reported"]["total"] == sum(value * units for value, units in details)


def test_a_details_discount_is_shown_as_an_items_is(house: House) -> None:
    made(house, discount=150, attributes={"sku": "L"})

    (sale,) = house.get("/transactions", key="reader", include="extended").json
    assert [it["attributes"] for it in sale["details"]] == [{"sku": "L", "discount": "1.50"}]


@pytest.mark.parametrize(
    ("detail", "failures"),
    [
        ({"discount": 5001}, {"details[0].discount": "MAX"}),
        ({"value": -5, "type": "fee", "discount": 1}, {"details[0].discount": "MAX"}),
        ({"discount": -1}, {"details[0].discount": "MIN"}),
        ({"discount": 0.5}, {"details[0].discount": "TYPE"}),
        ({"discountCents": 100}, {"details[0].discountCents": "UNKNOWN"}),
    ],
)
def test_a_details_discount_of_more_than_its_cost_is_refused(house: House, detail: Any, failures: Any) -> None:
    assert made(house, **detail).failures == failures
    assert not house.ledger("transaction")
