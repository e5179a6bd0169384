"""Prices finer than the minor unit and quantities with decimals: each line is rounded once."""

from typing import Any

import pytest

from tests.stack.house import House
from tests.stack.scenarios import affiliate_shop
from tests.stack.scenarios.point_of_sale import event, issues, line, store
from tests.stack.scenarios.point_of_sale import push as push_event
from tests.stack.scenarios.shop import announced, push


def details(house: House, *items: dict, total: float = 0, **members: object) -> list[tuple[int, int]]:
    """Value and quantity of each detail of a sale with these items."""
    assert house.sale("FINE", total=total, items=list(items), **members).status == 200
    (sale,) = house.get("/transactions", key="reader", include="extended").json
    return [(it["value"], it["quantity"]) for it in sale["details"]]


@pytest.mark.parametrize(
    ("amount", "quantity", "expected"),
    [
        (8.165, 2, [(816, 1), (817, 1)]),
        ("0.826446", 250, [(82, 89), (83, 161)]),
        ("24.3333333", 3, [(2433, 2), (2434, 1)]),
        ("2.50", "1.25", [(313, 1)]),
        ("10", "2.0", [(1000, 2)]),
        ("10", "2", [(1000, 2)]),
        ("1.50", 0.5, [(75, 1)]),
    ],
)
def test_a_line_is_rounded_once_after_multiplying(house: House, amount, quantity, expected):
    assert details(house, {"name": "Fine", "amount": amount, "quantity": quantity}) == expected


def test_a_decimal_quantity_is_one_detail_that_keeps_quantity_and_price(house: House):
    house.sale("KILO", total=1.25, items=[{"name": "Flour", "amount": "2.50", "quantity": "0.5", "sku": "F"}])

    (sale,) = house.get("/transactions", key="reader", include="extended").json

    (detail,) = sale["details"]
    assert (detail["value"], detail["quantity"]) == (125, 1)
    assert detail["attributes"] == {"quantity": "0.5", "unitAmount": "2.50", "sku": "F"}


@pytest.mark.parametrize(
    ("quantity", "failure"),
    [(0, "MIN"), (-1, "MIN"), ("0.0000001", "FORMAT"), (1_000_001, "MAX"), ("two", "TYPE"), (True, "TYPE")],
)
def test_a_quantity_that_is_none_is_refused(house: House, quantity, failure):
    answer = house.sale("NONE", items=[{"name": "Fine", "amount": 1, "quantity": quantity}])

    assert answer.failures == {"items[0].quantity": failure}


def test_units_of_a_fine_price_given_back_one_by_one_end_at_exactly_nothing(house: House):
    """2 × 8.165 at 10 %: 1.63 earned, 0.82 of it left after one unit."""
    house.sale("FINE", total=16.33, items=[{"externalId": "A", "amount": 8.165, "quantity": 2}])
    house.deliver()

    owed = []
    for refund_id in ("one", "other"):
        answer = house.refund("FINE", refundId=refund_id, items=[{"externalId": "A", "amount": 8.165}])
        assert answer.status == 200, answer.text
        house.deliver()
        owed += [it["value"] for it in house.get("/obligations", key="reader").json]

    assert owed == [82, 0]
    (sale,) = house.get("/transactions", key="reader").json
    assert sale["status"] == "refunded"


def test_a_refunded_item_is_priced_per_unit(house: House):
    house.sale("UNIT", total=98, items=[{"externalId": "A", "amount": 24.5, "quantity": 4}])
    house.deliver()

    answer = house.refund("UNIT", refundId="two", items=[{"externalId": "A", "amount": 24.5, "quantity": 2}])

    assert answer.status == 200
    (sale,) = house.ledger("transaction")
    assert sale["refunded"] == 4900


# prices in minor units

STICKERS = {"productId": "s", "title": "Sticker", "quantity": 250, "priceCents": 82.6446}


def sold(house: House) -> list[tuple[int, int]]:
    """Value and quantity of each detail of the one sale."""
    (sale,) = house.get("/transactions", key="reader", include="extended").json
    return [(it["value"], it["quantity"]) for it in sale["details"]]


@pytest.mark.parametrize(
    ("price", "quantity", "total", "expected"),
    [
        (82.6446, 250, 20661, [(82, 89), (83, 161)]),
        ("816.5", 2, 1633, [(816, 1), (817, 1)]),
        (2433.33333, 3, 7300, [(2433, 2), (2434, 1)]),
        (1998.9999999999998, 1, 1999, [(1999, 1)]),
        (250.5, 0.5, 125, [(125, 1)]),
    ],
)
def test_an_orders_price_finer_than_the_minor_unit_is_rounded_once_a_line(
    house: House, price: Any, quantity: Any, total: int, expected: Any
) -> None:
    assert push(house, items=[STICKERS | {"priceCents": price, "quantity": quantity}], totalCents=total).status == 202
    house.deliver()

    assert sold(house) == expected


def test_an_orders_fine_prices_that_make_the_total_are_its_lines(house: House) -> None:
    """20661 and 1240: no cent moves from one line to the other."""
    cheese = {"productId": "c", "title": "Cheese, kg", "quantity": "0.75", "priceCents": 1652.8926}
    push(house, items=[STICKERS, cheese], totalCents=21901)
    house.deliver()

    assert sold(house) == [(82, 89), (83, 161), (1240, 1)]
    (sale,) = house.get("/transactions", key="reader", include="extended").json
    assert sale["details"][2]["attributes"]["unitAmount"] == "16.528926"


def test_an_orders_event_and_its_repeat_have_the_fine_price(house: House) -> None:
    first, again, other = (
        push(house, items=[STICKERS | {"priceCents": fine}, STICKERS | {"priceCents": whole}], totalCents=20661)
        for fine, whole in [(82.6446, 1999.0), ("82.64460", 1999), (82.6447, 1999)]
    )
    house.deliver()

    (placed,) = announced(house)
    assert [it["priceCents"] for it in placed["detail"]["data"]["lineItems"]] == [82.6446, 1999]
    assert [it.headers.get("Idempotency-Hit") for it in (first, again)] == [None, "true"]
    assert ("Idempotency-Differs" in again.headers, other.headers["Idempotency-Differs"]) == (False, "items")


def test_a_purchases_fine_price_is_kept_to_the_digit(house: House) -> None:
    store(house)
    lines = [line("0.750", 1240, unit_price_cents=1652.8926), line(2, 1633, unit_price_cents=816.5)]

    answer = push_event(house, event(line_items=lines, total_amount_cents=2873))

    assert answer.status == 201, answer.text
    assert [it["unit_price_cents"] for it in answer.json["line_items"]] == [1652.8926, 816.5]
    (sale,) = house.get("/transactions", key="reader", include="extended").json
    assert [it["attributes"].get("unitAmount") for it in sale["details"]] == ["16.528926", None, None]
    assert sold(house) == [(1240, 1), (816, 1), (817, 1)]


@pytest.mark.parametrize("price", [-0.5, "much", True, 2**53])
def test_a_fine_price_that_is_none_is_refused(house: House, price: Any) -> None:
    store(house)

    of_an_order = push(house, items=[STICKERS | {"priceCents": price}])
    of_an_event = push_event(house, event(line_items=[line(unit_price_cents=price)]))

    assert of_an_order.json["issues"][0]["path"] == "items[0].priceCents"
    assert list(issues(of_an_event)) == ["line_items[0].unit_price_cents"]


@pytest.mark.parametrize(("amount", "taken"), [(1999.0, True), (1999.5, False), ("1999", False)])
def test_a_sum_in_minor_units_is_whole_however_it_is_written(house: House, amount: Any, taken: bool) -> None:
    store(house)
    answers = [
        push(house, totalCents=amount),
        push_event(house, event(total_amount_cents=amount, line_items=[line(1, 1999)])),
        affiliate_shop.post(house, total=amount),
        house.post("/transactions", {"details": [{"name": "Lamp", "value": amount}]}),
    ]

    assert [it.status < 300 for it in answers] == [taken] * 4
    named = ("totalCents", "total_amount_cents", "total", "details[0].value")
    assert all(taken or name in it.text for it, name in zip(answers, named, strict=True))
