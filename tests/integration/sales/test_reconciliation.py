"""Reconciliation of a shop's own list with the ledger, over HTTP, through the real functions."""

from typing import Any

import pytest

from tests.stack.house import House
from tributary.ledger.sales import reconciling


def reconcile(house: House, *rows: dict[str, Any], **members: Any) -> Any:
    return house.post("/transactions/reconcile", {"source": "shopify", "rows": list(rows), **members})


def row(name: str, **members: Any) -> dict[str, Any]:
    return {"id": name, "total": "49.99", "currency": "USD", "status": "complete", **members}


def test_a_list_that_agrees_names_nothing(house: House):
    house.sale("ORD-1")

    assert reconcile(house, row("ORD-1")).json == {
        "compared": 1,
        "agreeing": 1,
        "differing": [],
        "missingHere": [],
        "missingThere": [],
        "cursor": None,
    }


def test_a_sale_that_never_arrived_is_missing_here(house: House):
    assert reconcile(house, row("ORD-9")).json["missingHere"] == ["ORD-9"]


def test_a_sale_that_the_shop_does_not_know_is_missing_there(house: House):
    house.sale("ORD-1")
    house.sale("ORD-2")

    (missing,) = reconcile(house, row("ORD-1")).json["missingThere"]

    assert (missing["id"], missing["totalValue"], missing["status"]) == ("ORD-2", 4999, "complete")


def test_each_field_that_differs_is_named_with_both_values(house: House):
    house.sale("ORD-1")
    house.refund("ORD-1")

    (differing,) = reconcile(house, row("ORD-1", total=50)).json["differing"]

    assert differing["fields"] == {
        "total": {"here": 4999, "there": 5000},
        "status": {"here": "refunded", "there": "complete"},
    }


def test_members_that_are_left_out_are_not_compared(house: House):
    house.sale("ORD-1")

    assert reconcile(house, {"id": "ORD-1"}).json["agreeing"] == 1


def test_an_edited_sale_is_compared_as_edited(house: House):
    house.sale("ORD-1")
    edit = {"source": "shopify", "externalId": "ORD-1", "total": 30, "items": [{"amount": 30}]}
    house.post("/event/sale-changed", edit | {"changedAt": "2026-01-01T00:00:00Z"}, key="events")

    assert reconcile(house, row("ORD-1", total=30)).json["agreeing"] == 1


def test_a_long_walk_goes_on_by_its_cursor(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reconciling, "_PAGE", 2)
    for number in range(5):
        house.sale(f"ORD-{number}")

    first = reconcile(house, row("ORD-4")).json
    second = reconcile(house, row("ORD-4"), cursor=first["cursor"]).json

    names = [it["id"] for page in (first, second) for it in page["missingThere"]]
    assert names == ["ORD-3", "ORD-2", "ORD-1", "ORD-0"]
    assert (second["compared"], second["cursor"]) == (0, None)


def test_sales_of_other_sources_and_other_organizations_are_not_compared(house: House):
    house.sale("ORD-1")
    stranger = house.new_key("ledger:transactions:read", organization="stranger")

    other = house.post("/transactions/reconcile", {"source": "woo", "rows": []}).json
    strange = house.post("/transactions/reconcile", {"source": "shopify", "rows": [row("ORD-1")]}, key=stranger).json

    assert other["missingThere"] == []
    assert strange["missingHere"] == ["ORD-1"]


@pytest.mark.parametrize(
    ("rows", "field"),
    [
        ([row("A"), row("A")], "rows[1].id"),
        ([{"id": "A", "total": 5}], "rows[0].currency"),
        ([row("A", status="paid")], "rows[0].status"),
        ([{"total": 5}], "rows[0].id"),
    ],
)
def test_a_wrong_row_is_refused_by_its_field(house: House, rows: list[dict[str, Any]], field: str):
    refused = reconcile(house, *rows)

    assert refused.status == 422
    assert field in [it["field"] for it in refused.error["context"]["failedValidations"]]


def test_more_rows_than_one_call_compares_are_refused(house: House):
    rows = [row(f"ORD-{number}") for number in range(5001)]

    assert reconcile(house, *rows).failures == {"rows": "LENGTH"}
    assert reconcile(house, *rows[:5000]).json["compared"] == 5000
