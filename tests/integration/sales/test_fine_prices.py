"""Prices finer than the minor unit and quantities with decimals: each line is rounded once."""

import pytest

from tests.stack.house import House


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
