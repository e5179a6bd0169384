"""Goods sold by weight or length, in each dialect and in batches: a quantity with decimals is one detail."""

import json
from typing import Any

import pytest

from tests.stack.exchange import Answer
from tests.stack.house import House
from tests.stack.scenarios.point_of_sale import event, issues, line, store
from tests.stack.scenarios.point_of_sale import push as push_event
from tests.stack.scenarios.shop import BASE, announced, order, push, read, subscriber

#: Half a kilogram at 12.50, and two whole loaves.
CHEESE = {"productId": "cheese", "title": "Cheese, kg", "quantity": 0.5, "priceCents": 1250}
BREAD = {"productId": "bread", "title": "Bread", "quantity": "2.0", "priceCents": 300}


def sold(house: House) -> list[tuple[int, int, str | None, str | None]]:
    """Value, quantity and the attributes of the price of each detail of the one sale."""
    (sale,) = house.get("/transactions", key="reader", include="extended").json
    held = [(it["value"], it["quantity"], it["attributes"]) for it in sale["details"]]
    return [(value, units, more.get("quantity"), more.get("unitAmount")) for value, units, more in held]


# orders of a shop


def test_an_order_of_half_a_kilogram_is_one_detail_worth_what_it_cost(house: House) -> None:
    assert push(house, items=[CHEESE, BREAD], totalCents=1225).status == 202
    house.deliver()

    assert sold(house) == [(625, 1, "0.5", "12.50"), (300, 2, None, None)]


@pytest.mark.parametrize(
    ("quantity", "price", "total", "details"),
    [
        ("1.50", 333, 500, [(500, 1, "1.50", "3.33")]),
        (0.333333, 1000, 333, [(333, 1, "0.333333", "10.00")]),
        (2.5, 1, 3, [(3, 1, "2.5", "0.01")]),
        (0.5, 1000, 450, [(450, 1, "0.5", "10.00")]),
        (0.25, None, 450, [(450, 1, "0.25", None)]),
        ("3", 100, 300, [(100, 3, None, None)]),
    ],
)
def test_an_orders_line_is_rounded_once_and_a_discount_lowers_it(
    house: House, quantity: Any, price: int | None, total: int, details: list[Any]
) -> None:
    push(house, items=[CHEESE | {"quantity": quantity, "priceCents": price}], totalCents=total)
    house.deliver()

    assert sold(house) == details


def test_items_by_weight_without_a_price_share_the_rest_by_quantity(house: House) -> None:
    weights = [CHEESE | {"quantity": it, "priceCents": None} for it in (0.5, 1.5)]
    push(house, items=weights, totalCents=400)
    house.deliver()

    assert [value for value, *_ in sold(house)] == [100, 300]


def test_an_orders_event_has_the_quantity_as_a_number(house: House) -> None:
    push(house, items=[CHEESE, BREAD], totalCents=1225)
    house.deliver()

    (placed,) = announced(house)
    assert [it["quantity"] for it in placed["detail"]["data"]["lineItems"]] == [0.5, 2]


def test_an_order_by_weight_pays_its_affiliate_is_refunded_and_counts_for_its_buyer(house: House) -> None:
    push(house, items=[CHEESE], totalCents=625, orderedAt=..., trackingId=house.tracking_id)
    push(house, "o-1", "refunded", refundAmountCents=125, refundId="r", totalCents=625)
    house.deliver()

    (row,) = subscriber(house)["totals"]
    assert house.owed() == [("pending", 51)]
    assert read(house)["transaction"]["refundableCents"] == 500
    assert (row["ordersCount"], row["totalSpent"], row["refundedTotal"]) == (1, 625, 125)


def test_a_product_bought_by_weight_is_reminded_of(house: House) -> None:
    product = {"productId": "cheese", "title": "Cheese", "replenishment": {"days": 30}}
    house.post("/products", {"products": [product]}, base=BASE)
    push(house, items=[CHEESE], totalCents=625, orderedAt=...)
    house.deliver()

    (waiting,) = house.ledger("reminder")
    assert (waiting["productId"], waiting["status"]) == ("cheese", "pending")


def test_the_same_quantity_in_another_form_is_no_difference(house: House) -> None:
    push(house, items=[CHEESE])

    again = push(house, items=[CHEESE | {"quantity": "0.50"}])
    other = push(house, items=[CHEESE | {"quantity": 0.51}])

    assert "Idempotency-Differs" not in again.headers
    assert other.headers["Idempotency-Differs"] == "items"


def test_a_repeated_sale_or_edit_in_another_form_of_its_numbers_is_no_difference(house: House) -> None:
    item = {"name": "Cheese, kg", "amount": 12.5, "quantity": 0.5}
    same = {**item, "amount": "12.50", "quantity": "0.500"}
    edited = {"source": "shopify", "externalId": "ORD-1004", "total": 7, "changedAt": "2026-11-21T09:00:00Z"}
    house.sale(total=6.25, items=[item])

    again, other = (house.sale(total=6.25, items=[it]) for it in (same, {**item, "quantity": 0.51}))
    edits = [house.post("/event/sale-changed", {**edited, "items": [it]}, key="events") for it in (item, same)]

    assert "Idempotency-Differs" not in again.headers
    assert other.headers["Idempotency-Differs"] == "items"
    assert [it.headers.get("Idempotency-Hit") for it in edits] == [None, "true"]


def test_a_row_of_an_order_batch_may_be_by_weight(house: House) -> None:
    rows = [order("1", items=[CHEESE]), order("2", items=[CHEESE | {"quantity": 0}])]

    answer = house.post("/orders/batch", rows, base=BASE)

    assert [it["status"] for it in answer.json["results"]] == [202, 422]


def test_a_checkout_of_goods_by_weight_is_announced_and_its_repeat_is_one(house: House) -> None:
    body = {"checkoutId": "c", "customer": {"email": "ada@example.com"}, "items": [CHEESE], "startedAt": "2026-11-02"}
    repeat = body | {"items": [CHEESE | {"quantity": "0.50"}]}

    answers = [house.post("/checkouts", it, base=BASE) for it in (body, repeat)]
    house.publish()

    (begun,) = [it for it in house.on_the_bus if it["detail-type"] == "ecommerce.checkout_started"]
    assert [it["quantity"] for it in begun["detail"]["data"]["lineItems"]] == [0.5]
    assert "Idempotency-Differs" not in answers[1].headers


# points of sale


def test_a_purchase_of_goods_by_weight_is_one_detail_of_its_line_total(house: House) -> None:
    store(house)
    lines = [line("0.750", 940, unit_price_cents=1253), line(1.5, 301), line("2.0", 301)]

    answer = push_event(house, event(line_items=lines, total_amount_cents=1542))

    assert answer.status == 201, answer.text
    assert sold(house) == [
        (940, 1, "0.750", "12.53"), (301, 1, "1.5", None), (150, 1, None, None), (151, 1, None, None),
    ]  # fmt: skip


def test_a_purchase_shows_its_quantities_to_the_digit(house: House) -> None:
    store(house)
    lines = [line(quantity, 100) for quantity in ("0.750", 1.5, 2, "2.0")]

    answer = push_event(house, event(line_items=lines, total_amount_cents=400))
    again = push_event(house, event(line_items=lines, total_amount_cents=400))

    shown = json.loads(answer.text, parse_float=str)["line_items"]
    assert [it["quantity"] for it in shown] == ["0.750", "1.5", 2, "2.0"]
    assert (again.status, again.text, "Idempotency-Differs" in again.headers) == (200, answer.text, False)


def test_a_return_and_a_row_of_an_event_batch_may_be_by_weight(house: House) -> None:
    store(house)
    back = event(type="RETURN", external_id="back", line_items=[line(0.25, 100)])
    sale = event(line_items=[line("0.25", 100)])

    answer = house.post("/sales-events/batch", [back, sale], base="/v1")

    assert [it["status"] for it in answer.json["results"]] == [201, 201]


# transactions made by hand


def made(house: House, *details: dict[str, Any]) -> Answer:
    return house.post("/transactions", {"details": [{"name": "Fabric, m", **it} for it in details]})


def test_a_transaction_made_by_hand_of_a_length_is_rounded_once(house: House) -> None:
    details = [
        {"value": 333, "quantity": "1.50", "attributes": {"sku": "F"}},
        {"value": -333, "quantity": 1.5, "type": "discount"},
        {"value": 5000, "quantity": 2.5, "units": "USD"},
        {"value": 10, "quantity": "2.0"},
    ]

    assert made(house, *details).status == 201

    assert sold(house) == [
        (500, 1, "1.50", "3.33"), (-500, 1, "1.5", "-3.33"), (12500, 1, "2.5", "50.00"), (10, 2, None, None),
    ]  # fmt: skip
    (sale,) = house.ledger("transaction")
    assert sale["reported"]["total"] == 12520


def test_a_price_of_yen_has_no_decimals(house: House) -> None:
    made(house, {"value": 5000, "quantity": 0.5, "units": "JPY"})

    assert sold(house) == [(2500, 1, "0.5", "5000")]


# refusals


@pytest.mark.parametrize("quantity", [0, -0.5, "0.0000001", 1_000_000.5, "two", True, None])
def test_a_quantity_that_is_none_is_refused_in_every_dialect(house: House, quantity: Any) -> None:
    store(house)

    of_an_order = push(house, items=[CHEESE | {"quantity": quantity}])
    of_an_event = push_event(house, event(line_items=[line(1) | {"quantity": quantity}]))

    assert of_an_order.json["issues"][0]["path"] == "items[0].quantity"
    assert list(issues(of_an_event)) == ["line_items[0].quantity"]
    if quantity is not None:
        assert list(made(house, {"value": 1, "quantity": quantity}).failures) == ["details[0].quantity"]
    assert not house.ledger("transaction")


def test_amounts_too_large_times_a_decimal_quantity_are_refused(house: House) -> None:
    large = {"value": 10**12, "quantity": 9999.5}

    assert made(house, large).failures == {"details": "MAX"}
