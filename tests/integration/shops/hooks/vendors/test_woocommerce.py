"""WooCommerce's webhooks: the order as it is when sent, and bodies that have no order."""

import json
from typing import Any

import pytest

from tests.stack.house import House, in_process
from tests.stack.scenarios.hooks.hook_shop import Facts, HookShop, clicked, connect, earned, ledger, lines, partner

CASH, SHIPPED = "9310", "9320"


@pytest.fixture
def shop(house: House) -> HookShop:
    return connect(house, "woocommerce")


def test_a_paid_order_is_in_the_ledger_to_the_cent(shop: HookShop) -> None:
    assert shop.tells("order_updated_coupon_tax_shipping_fee") == ["recorded"]

    assert ledger(shop.house) == {SHIPPED: Facts("EUR", 12399, 0)}
    assert lines(shop.house, SHIPPED) == {"3911": 7487, "3912": 2523, "tax": 1726, "shipping": 495, "fee": 168}


def test_the_click_in_the_meta_data_earns_for_its_partner(shop: HookShop) -> None:
    dana = clicked(shop.house)

    shop.tells("order_updated_paid")

    assert earned(shop.house) == {dana: 275}


def test_the_alias_in_the_first_page_of_the_order_attribution_earns(shop: HookShop) -> None:
    anna = partner(shop.house, "tracking", "OSLO-7")
    entry = {"id": 1, "key": "_wc_order_attribution_session_entry", "value": "https://shop.example.com/?ref=oslo-7"}

    shop.tells(shop.changed("order_updated_paid", meta_data=[entry]))

    assert earned(shop.house) == {anna: 275}


def test_the_coupon_that_woocommerce_writes_in_lower_case_earns(shop: HookShop) -> None:
    anna = partner(shop.house, "coupon", "HarvestTEN", "EUR")

    shop.tells("order_updated_coupon_tax_shipping_fee")

    assert earned(shop.house) == {anna: 1001}


def test_an_order_created_unpaid_is_a_sale_once_it_is_paid(shop: HookShop) -> None:
    clicked(shop.house)
    assert shop.tells("order_created_unpaid") == ["ignored: not paid yet"]
    assert ledger(shop.house) == {}

    assert shop.tells("order_updated_paid", "order_created_unpaid") == ["recorded", "ignored: not paid yet"]

    assert ledger(shop.house) == {CASH: Facts("USD", 2750, 0)}


def test_cash_on_delivery_is_no_sale_though_its_order_is_processing(shop: HookShop) -> None:
    assert shop.tells("order_updated_cash_on_delivery") == ["ignored: not paid yet"]

    assert ledger(shop.house) == {}


@pytest.mark.parametrize(
    ("sample", "order", "facts"),
    [
        ("order_updated_paid_yen", "9340", Facts("JPY", 4440, 0)),
        ("order_created_already_completed_dinar", "9330", Facts("KWD", 21750, 0)),
    ],
)
def test_currencies_of_no_and_of_three_decimals(shop: HookShop, sample: str, order: str, facts: Facts) -> None:
    """The second order was created completed: the body is of the moment of sending."""
    shop.tells(sample)

    assert ledger(shop.house) == {order: facts}


def test_an_edit_and_an_older_snapshot_leave_the_newest(shop: HookShop) -> None:
    dana = clicked(shop.house)

    told = shop.tells("order_updated_paid", "order_updated_after_edit", "order_updated_paid")

    assert told == ["recorded", "recorded", "repeat"]
    assert ledger(shop.house) == {CASH: Facts("USD", 8250, 0)}
    assert earned(shop.house) == {dana: 825}


def test_a_cancelled_order_keeps_its_money_until_a_refund(shop: HookShop) -> None:
    dana = clicked(shop.house)

    shop.tells("order_updated_paid", "order_updated_cancelled_money_kept")

    assert ledger(shop.house) == {CASH: Facts("USD", 8250, 0)}
    assert earned(shop.house) == {dana: 825}


def test_the_ping_at_its_creation_is_unsigned_and_answered_200(shop: HookShop) -> None:
    before = shop.house.ledger()

    answer = shop.send("ping")

    assert (answer.status, answer.text) == (200, "")
    assert shop.house.ledger() == before
    assert [(it["topic"], it["outcome"]) for it in shop.log()] == [("ping", "ignored: ping")]


@pytest.mark.parametrize(
    ("body", "headers"),
    [(b"webhook_id=23&x=1", {}), (b"webhook_id=x", {}), (b"webhook_id=23", {"x-wc-webhook-topic": "order.updated"})],
)
def test_nothing_else_unsigned_is_a_ping(shop: HookShop, body: bytes, headers: dict[str, str]) -> None:
    assert shop.send(body, headers=headers).status == 401


@pytest.mark.parametrize(
    ("sample", "reason"),
    [("order_updated_error_body", "no order in the body"), ("order_deleted_id_only", "deleted: money unknown")],
)
def test_bodies_without_an_order_change_nothing(shop: HookShop, sample: str, reason: str) -> None:
    """The first is signed like any other: the webhook's user was deleted."""
    shop.tells("order_updated_coupon_tax_shipping_fee")
    before = shop.house.ledger()

    assert shop.tells(sample) == [f"ignored: {reason}"]

    assert shop.house.ledger() == before


def test_delivery_ids_that_collide_within_a_second_lose_no_order(shop: HookShop) -> None:
    same = {"x-wc-webhook-delivery-id": "00ff00ff"}

    shop.tells("order_updated_paid", "order_updated_paid_yen", headers=same)

    assert set(ledger(shop.house)) == {CASH, "9340"}


def test_a_secret_pasted_with_html_entities_signs_as_woocommerce_decodes_it(house: House) -> None:
    shop = connect(house, "woocommerce", secret="a&amp;b&lt;c-1234")

    assert shop.tells("order_updated_paid", secret="a&b<c-1234") == ["recorded"]


def version(number: int, second: int, dollars: int) -> bytes:
    at = f"2026-11-01T09:31:{second:02}"
    line = {"id": 1, "name": "Mug", "quantity": 1, "total": f"{dollars}.00"}
    body = {"id": number, "currency": "USD", "total": f"{dollars}.00", "line_items": [line], "refunds": []}
    return json.dumps(
        {**body, **dict.fromkeys(("date_created_gmt", "date_paid_gmt", "date_modified_gmt"), at)}
    ).encode()


@pytest.mark.parametrize("dollars", range(21, 31))
def test_an_edit_that_leaves_the_time_of_change_holds_as_the_last_one_heard(dollars: int) -> None:
    """Lines of an order in the older storage are saved without the order."""
    with in_process() as house:
        shop, first, second = connect(house, "woocommerce"), version(501, 0, 20), version(501, 0, dollars)

        assert shop.tells(first, first, second) == ["recorded", "repeat", "recorded"]
        assert shop.tells(first, second, first) == ["repeat"] * 3

        assert ledger(house) == {"501": Facts("USD", 100 * dollars, 0)}


def test_every_version_of_a_second_counts_once_and_a_later_second_beats_them(shop: HookShop) -> None:
    within, after = [version(501, 0, dollars) for dollars in (40, 50, 30)], version(501, 1, 20)

    assert shop.tells(*within, *within) == ["recorded"] * 3 + ["repeat"] * 3
    assert ledger(shop.house) == {"501": Facts("USD", 3000, 0)}

    assert shop.tells(after, *within, version(501, 0, 60)) == ["recorded", *["repeat"] * 4]
    assert ledger(shop.house) == {"501": Facts("USD", 2000, 0)}


def test_an_edit_of_a_second_costs_one_query_more_than_another(shop: HookShop) -> None:
    shop.tells(version(501, 0, 20))
    counts = []
    for sent in (version(501, 0, 30), version(501, 1, 40)):
        with shop.house.requests_made() as made:
            shop.send(sent)
        counts.append(made.counts)

    assert counts[0] == counts[1] | {"Query": 1}


# orders without money


def emptied(shop: HookShop, **members: Any) -> bytes:
    return shop.changed("order_updated_paid", date_modified_gmt="2026-10-06T08:00:00", **members)


FREE, UNPAID = {"total": "0.00"}, {"date_paid_gmt": None}


@pytest.mark.parametrize("turned", [False, True])
def test_an_order_edited_to_nothing_is_worth_nothing_in_any_order_of_deliveries(turned: bool) -> None:
    with in_process() as house:
        shop, dana = connect(house, "woocommerce"), clicked(house)
        told = ["order_updated_paid", emptied(shop, **FREE)]

        shop.tells(*(reversed(told) if turned else told), *told)

        assert (ledger(house), earned(house)) == ({CASH: Facts("USD", 0, 0)}, {})
        shop.tells(shop.changed("order_updated_paid", date_modified_gmt="2026-10-07T08:00:00"))
        assert (ledger(house), earned(house)) == ({CASH: Facts("USD", 2750, 0)}, {dana: 275})


def test_a_payment_that_is_undone_takes_the_money_back(shop: HookShop) -> None:
    clicked(shop.house)

    assert shop.tells("order_updated_paid", emptied(shop, **UNPAID)) == ["recorded", "recorded"]

    assert (ledger(shop.house), earned(shop.house)) == ({CASH: Facts("USD", 0, 0)}, {})


@pytest.mark.parametrize("second", ["12:41", "13:03"])
def test_an_unpaid_order_of_before_the_payment_or_of_its_second_changes_nothing(shop: HookShop, second: str) -> None:
    unpaid = shop.changed("order_updated_paid", date_modified_gmt=f"2026-10-05T06:{second}", **UNPAID)

    assert shop.tells("order_updated_paid", unpaid) == ["recorded", "ignored: not paid yet"]

    assert ledger(shop.house) == {CASH: Facts("USD", 2750, 0)}


def test_a_free_order_is_no_sale(shop: HookShop) -> None:
    assert shop.tells(emptied(shop, **FREE), emptied(shop, **FREE)) == ["ignored: no money"] * 2
    assert ledger(shop.house) == {}


def test_an_order_created_unpaid_costs_its_entry_in_the_log(shop: HookShop) -> None:
    shop.tells("order_created_unpaid")

    with shop.house.requests_made() as made:
        shop.send("order_created_unpaid")

    assert made.counts == {"PutItem": 1}


# bodies of plugins


def test_the_refunds_of_an_order_that_cannot_be_read_count_if_it_is_known(shop: HookShop) -> None:
    odd = shop.changed("order_updated_first_refund", total="1.00")
    refused = "refused: total and its parts do not add up"
    assert (shop.tells(odd), ledger(shop.house)) == ([refused], {})

    assert shop.tells("order_updated_coupon_tax_shipping_fee", odd) == ["recorded", refused]

    assert ledger(shop.house) == {SHIPPED: Facts("EUR", 12399, 3000)}


def test_a_gift_card_beyond_the_goods_pays_the_shipping_too(shop: HookShop) -> None:
    dana = clicked(shop.house)
    members = {"shipping_total": "10.00", "gift_cards": [{"id": 1, "code": "G", "amount": "32.50"}], "total": "5.00"}

    assert shop.tells("order_updated_paid", emptied(shop, **members)) == ["recorded"] * 2

    assert ledger(shop.house) == {CASH: Facts("USD", 500, 0)}
    assert (lines(shop.house, CASH)["shipping"], earned(shop.house).get(dana, 0)) == (500, 0)


def test_the_parts_of_an_order_for_its_sellers_are_not_counted_again(shop: HookShop) -> None:
    part = shop.changed("order_updated_paid", id=9311, parent_id=9310)

    assert shop.tells("order_updated_paid", part) == ["recorded", "ignored: part of order 9310"]

    assert ledger(shop.house) == {CASH: Facts("USD", 2750, 0)}
