"""Exact requests of deliveries to DynamoDB: an order by webhook costs one more than by API, its entry in the log."""

from typing import Any

import pytest

from tests.stack.house import House
from tests.stack.scenarios.hooks.hook_shop import HookShop, connect

ORDER = {
    "shopify": "orders_paid_guest_click",
    "woocommerce": "order_updated_paid",
    "paddle": "transaction_completed_first",
    "lemonsqueezy": "order_created_paid",
    "gumroad": "sale_click",
}
#: A delivery that no sale follows, to have the connection read.
WARMS = {
    "shopify": "orders_paid_test",
    "woocommerce": "order_created_unpaid",
    "stripe": "checkout_session_completed_unpaid",
    "paddle": "transaction_completed_simulated",
    "lemonsqueezy": "order_created_pending",
    "gumroad": "test_ping",
}


def warm(house: House, vendor: str) -> HookShop:
    """A shop whose connection this process has read."""
    shop = connect(house, vendor)
    shop.tells(WARMS[vendor])
    return shop


def requests(shop: HookShop, sent: str | bytes) -> dict[str, int]:
    with shop.house.requests_made() as made:
        assert shop.send(sent).status == 200
    return made.counts


@pytest.mark.parametrize("vendor", ORDER)
def test_an_order_costs_one_request_more_than_by_api(house: House, vendor: str) -> None:
    house.sale("warms the key")
    with house.requests_made() as by_api:
        house.sale("ORD-1")

    by_webhook = requests(warm(house, vendor), ORDER[vendor])

    assert by_api.counts == {"PutItem": 1}
    assert by_webhook == {"PutItem": 2}


@pytest.mark.parametrize("vendor", ORDER)
def test_so_it_does_in_a_new_process(house: House, vendor: str) -> None:
    with house.requests_made() as by_api:
        house.sale("ORD-1")

    by_webhook = requests(connect(house, vendor), ORDER[vendor])

    assert by_api.counts == {"GetItem": 1, "PutItem": 1}
    assert by_webhook == {"GetItem": 1, "PutItem": 2}


def test_a_session_of_stripe_is_written_with_the_tie_of_its_payment(house: House) -> None:
    """So that refunds, which know the payment only, find their order."""
    shop = warm(house, "stripe")

    assert requests(shop, "checkout_session_completed_paid") == {"TransactWriteItems": 1, "PutItem": 1}
    assert requests(shop, "checkout_session_completed_paid") == {"TransactWriteItems": 1, "UpdateItem": 1, "PutItem": 1}


def test_a_payment_told_apart_costs_one_update(house: House) -> None:
    assert requests(warm(house, "stripe"), "invoice_payment_paid") == {"UpdateItem": 1, "PutItem": 1}


def test_a_refund_before_its_payment_waits_by_one_update(house: House) -> None:
    shop = warm(house, "stripe")

    assert requests(shop, "refund_created_partial") == {"GetItem": 1, "UpdateItem": 1, "PutItem": 1}


def test_an_invoice_costs_as_much_as_any_order(house: House) -> None:
    assert requests(warm(house, "stripe"), "invoice_paid_renewal") == {"PutItem": 2}


@pytest.mark.parametrize(
    ("vendor", "before", "sample", "counts"),
    [
        # A repeat: a failed put, and the log.
        ("shopify", "orders_paid_guest_click", "orders_paid_guest_click", {"PutItem": 2}),
        # An edit: a failed put, the sale, one transaction, and the log.
        (
            "shopify", "orders_paid_guest_click", "orders_updated_line_added",
            {"PutItem": 2, "GetItem": 1, "TransactWriteItems": 1},
        ),
        # A refund: the sale, one transaction, and the log.
        (
            "shopify", "orders_paid_discount_tax_shipping_tip", "refunds_create_first_part",
            {"PutItem": 1, "GetItem": 1, "TransactWriteItems": 1},
        ),
        # And by its payment: the tie as well.
        (
            "stripe", "checkout_session_completed_paid", "refund_created_partial",
            {"PutItem": 1, "GetItem": 2, "TransactWriteItems": 1},
        ),
    ],
)  # fmt: skip
def test_other_deliveries(house: House, vendor: str, before: str, sample: str, counts: dict[str, int]) -> None:
    shop = warm(house, vendor)
    shop.tells(before)

    assert requests(shop, sample) == counts


@pytest.mark.parametrize("vendor", ["shopify", "stripe", "gumroad"])
def test_what_is_ignored_costs_its_entry_in_the_log(house: House, vendor: str) -> None:
    assert requests(warm(house, vendor), WARMS[vendor]) == {"PutItem": 1}


def test_an_unknown_connection_costs_one_read_and_a_name_of_no_form_none(house: House) -> None:
    shop = connect(house, "shopify")
    sent: dict[str, Any] = {"1": {"GetItem": 1}, "x": {}}

    for named, counts in sent.items():
        with house.requests_made() as made:
            assert shop.send("orders_paid_guest_click", path=f"/hooks/{named}").status == 401
        assert made.counts == counts


def test_a_wrong_signature_costs_a_read_and_its_entry(house: House) -> None:
    shop = warm(house, "shopify")

    with house.requests_made() as made:
        assert shop.send("orders_paid_guest_click", secret="wrong-secret-1").status == 401

    assert made.counts == {"GetItem": 1, "PutItem": 1}


def test_a_list_of_known_orders_costs_one_read_per_hundred(house: House) -> None:
    shop = connect(house, "woocommerce")
    rows = [f"{number},9.99,2026-10-05 10:00:00" for number in range(150)]
    body = {"csv": "\n".join(["id,total,paid", *rows]), "currency": "USD"}
    body |= {"columns": {"order": "id", "total": "total", "paidAt": "paid"}}
    path = f"/connections/{shop.id}/reconcile"
    assert len(house.post(path, body).json["recorded"]) == 150

    with house.requests_made() as made:
        assert house.post(path, body).json["known"] == 150

    assert made.counts == {"GetItem": 1, "BatchGetItem": 2}
