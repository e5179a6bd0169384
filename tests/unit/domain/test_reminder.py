"""Reminders of an order, and the end of an order."""

from dataclasses import replace
from typing import Any

import pytest

from tributary.domain.order import OrderItem, OrderUpdate
from tributary.domain.reminder import PENDING, SILENT, Place, due_at, has_ended, places, status

NOW = "2026-11-21T12:00:00.000Z"
LATER, EARLIER = "2026-11-21T12:00:00.001Z", "2026-11-21T11:59:59.999Z"
PLACED = OrderUpdate("acme", "job", NOW, "shop", "1001", "1001", "placed", NOW, 5000, "USD")
CANCELLED, FULFILLED = (replace(PLACED, status=status) for status in ("cancelled", "fulfilled"))


def item(product: str, variant: str | None = None) -> OrderItem:
    return OrderItem(product, "Tea", 1, attributes={"variantId": variant} if variant else {"sku": "s"})


def product(days: int, match: str = "product") -> dict[str, Any]:
    return {"replenishment": {"days": days, "match": match}}


def refund(amount: int | None) -> OrderUpdate:
    return replace(PLACED, status="refunded", refund_amount=amount)


def test_a_product_is_reminded_of_as_a_whole_and_ends_reminders_of_its_variants():
    assert places([item("p", "v"), item("p", "w")], {"p": product(30)}) == {
        Place("p"): 30,
        Place("p", "v"): None,
        Place("p", "w"): None,
    }


def test_variants_are_reminded_of_separately_if_the_product_says_so():
    assert places([item("p", "v"), item("p", "w")], {"p": product(30, "variant")}) == {
        Place("p"): None,
        Place("p", "v"): 30,
        Place("p", "w"): 30,
    }


def test_an_item_without_a_variant_means_the_product():
    assert places([item("p"), item("p", "v")], {"p": product(7, "variant")}) == {Place("p"): 7, Place("p", "v"): 7}


@pytest.mark.parametrize("catalogue", [{}, {"p": {"replenishment": None}}, {"other": product(30)}])
def test_a_product_without_a_setting_only_ends_older_reminders(catalogue: dict[str, Any]):
    assert places([item("p")], catalogue) == {Place("p"): None}


def test_a_reminder_is_due_a_number_of_days_after_the_order():
    assert due_at("2026-02-27T23:00:00.000Z", 2) == "2026-03-01T23:00:00.000Z"
    assert due_at(NOW, None) is None


@pytest.mark.parametrize(
    ("members", "due", "ended", "becomes"),
    [
        ({}, LATER, False, PENDING),
        ({"automations": True}, LATER, False, PENDING),
        ({"automations": False}, LATER, False, SILENT),
        ({}, NOW, False, SILENT),
        ({}, EARLIER, False, SILENT),
        ({}, None, False, SILENT),
        ({}, LATER, True, SILENT),
        ({}, None, True, SILENT),
    ],
)
def test_past_days_imports_and_returned_orders_have_no_reminder(
    members: dict[str, Any], due: str | None, ended: bool, becomes: str
):
    assert status(replace(PLACED, **members), due, ended, NOW) == becomes


@pytest.mark.parametrize(
    ("others", "ended"),
    [
        ([], False),
        ([FULFILLED], False),
        ([refund(4999)], False),
        ([refund(5000)], True),
        ([refund(2500), refund(2500)], True),
        ([refund(None)], True),
        ([refund(1), refund(None)], True),
        ([CANCELLED], True),
    ],
)
def test_an_order_cancelled_or_fully_refunded_has_ended(others: list[OrderUpdate], ended: bool):
    assert has_ended(PLACED, [PLACED, *others]) is ended


def test_a_free_order_has_not_ended_by_its_zero_total():
    free = replace(PLACED, total=0)

    assert has_ended(free, [free]) is False
