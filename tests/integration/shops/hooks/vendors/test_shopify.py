"""Shopify's webhooks: orders as snapshots, refunds by their money, and deliveries that carry no order."""

import json
from typing import Any

import pytest

from local import deliveries
from tests.stack.house import House, in_process
from tests.stack.scenarios.hooks.hook_shop import (
    SECRET,
    Facts,
    HookShop,
    clicked,
    connect,
    earned,
    ledger,
    lines,
    partner,
    refunds,
)

GUEST, SHIPPED, TAXED = "6200000000401", "6200000000402", "6200000000403"
PARTS = ("refunds_create_first_part", "refunds_create_shipping_only", "refunds_create_the_rest")


@pytest.fixture
def shop(house: House) -> HookShop:
    return connect(house, "shopify")


def test_a_paid_order_is_in_the_ledger_to_the_cent(shop: HookShop) -> None:
    assert shop.tells("orders_paid_discount_tax_shipping_tip") == ["recorded"]

    assert ledger(shop.house) == {SHIPPED: Facts("USD", 14142, 0)}
    assert lines(shop.house, SHIPPED) == {
        "15200000000421": 7200,
        "15200000000422": 4410,
        "tax": 1032,
        "shipping": 900,
        "fee": 600,
    }


def test_the_click_in_the_notes_earns_for_its_partner(shop: HookShop) -> None:
    dana = clicked(shop.house)

    shop.tells("orders_paid_guest_click")

    assert earned(shop.house) == {dana: 1290}


@pytest.mark.parametrize("landing", ["/lamps?ref=oslo-7&utm_source=x", "https://shop.example.com/?utm=1&ref=Oslo-7"])
def test_the_alias_in_the_path_or_url_of_the_landing_page_earns(shop: HookShop, landing: str) -> None:
    anna = partner(shop.house, "tracking", "OSLO-7")

    shop.tells(shop.changed("orders_paid_guest_click", note_attributes=[], landing_site=landing))

    assert earned(shop.house) == {anna: 1290}


def test_a_discount_code_in_any_case_earns_for_its_partner(shop: HookShop) -> None:
    anna = partner(shop.house, "coupon", "HARVESTTEN")

    shop.tells("orders_paid_discount_tax_shipping_tip")

    assert earned(shop.house) == {anna: 1161}


def test_the_names_of_click_and_alias_are_the_connections(house: House) -> None:
    dana = clicked(house)
    shop = connect(house, "shopify", settings={"clickNames": ["partner_click"], "aliasNames": ["via"]})

    shop.tells("orders_paid_guest_click")
    assert earned(house) == {}
    notes = [{"name": "partner_click", "value": "70419"}]
    shop.tells(shop.changed("orders_paid_guest_click", id=5, note_attributes=notes))

    assert earned(house) == {dana: 1290}


def test_partial_refunds_and_the_rest_give_back_the_whole_order(shop: HookShop) -> None:
    anna = partner(shop.house, "coupon", "HARVESTTEN")
    shop.tells("orders_paid_discount_tax_shipping_tip")

    shown = []
    for part in PARTS:
        assert shop.tells(part) == ["recorded"]
        shown.append((ledger(shop.house)[SHIPPED].refunded, earned(shop.house).get(anna)))

    # The first part is of a line that earned, the second of shipping, which earned nothing.
    assert shown == [(2387, 941), (3361, 941), (14142, None)]


def test_the_money_of_a_refund_is_that_of_its_transactions_and_not_of_its_lines(shop: HookShop) -> None:
    """Lines of 77.94 with tax came back, and 40.00 was paid."""
    shop.tells("orders_paid_discount_tax_shipping_tip", "refunds_create_less_money_than_lines")

    assert ledger(shop.house)[SHIPPED].refunded == 4000


def test_a_refund_before_its_order_waits_for_it(shop: HookShop) -> None:
    assert shop.tells(*PARTS[:2]) == ["recorded: waits for its order"] * 2
    assert ledger(shop.house) == {}

    shop.tells("orders_paid_discount_tax_shipping_tip")

    assert ledger(shop.house) == {SHIPPED: Facts("USD", 14142, 3361)}


def test_a_refund_in_the_buyers_currency_counts_in_the_shops(shop: HookShop) -> None:
    shop.tells("orders_paid_tax_included_two_currencies")
    assert lines(shop.house, TAXED) == {
        "15200000000431": 6000,
        "15200000000432": 3000,
        "15200000000433": 0,
        "tax": 1426,
        "shipping": 400,
    }

    shop.tells("refunds_create_in_buyers_currency", "refunds_create_tax_inside")

    assert ledger(shop.house) == {TAXED: Facts("EUR", 10826, 7140 + 1605)}


@pytest.mark.parametrize(
    ("sample", "order", "facts"),
    [
        ("orders_paid_yen", "6200000000405", Facts("JPY", 4440, 0)),
        ("orders_paid_dinar", "6200000000406", Facts("KWD", 24750, 0)),
    ],
)
def test_currencies_of_no_and_of_three_decimals(shop: HookShop, sample: str, order: str, facts: Facts) -> None:
    shop.tells(sample)

    assert ledger(shop.house) == {order: facts}


def test_a_changed_order_holds_as_it_is_then_and_an_older_snapshot_changes_nothing(shop: HookShop) -> None:
    dana = clicked(shop.house)

    told = shop.tells("orders_paid_guest_click", "orders_updated_line_added", "orders_paid_guest_click")

    assert told == ["recorded", "recorded", "repeat"]
    assert ledger(shop.house) == {GUEST: Facts("USD", 14800, 0)}
    assert earned(shop.house) == {dana: 1480}


def test_an_order_that_is_first_heard_when_it_is_changed_keeps_the_click(shop: HookShop) -> None:
    dana = clicked(shop.house)

    shop.tells("orders_updated_line_added", "orders_paid_guest_click")

    assert ledger(shop.house) == {GUEST: Facts("USD", 14800, 0)}
    assert earned(shop.house) == {dana: 1480}


def test_a_cancelled_order_gives_back_the_refund_inside_it_once(shop: HookShop) -> None:
    clicked(shop.house)
    shop.tells("orders_paid_guest_click", *["orders_cancelled_refund_inside"] * 2)

    assert ledger(shop.house) == {GUEST: Facts("USD", 14800, 14800)}
    assert refunds(shop.house) == {"940000000901": ("applied", 14800)}
    assert earned(shop.house) == {}


def test_lines_removed_before_payment_were_never_sold(shop: HookShop) -> None:
    shop.tells("orders_paid_lines_removed_before")

    assert ledger(shop.house) == {"6200000000404": Facts("USD", 5250, 0)}


@pytest.mark.parametrize(
    ("sample", "reason"),
    [
        ("orders_create_pending", "not paid yet"),
        ("orders_edited_no_order", "no order in the body; orders/updated follows"),
        ("orders_paid_test", "test"),
        ("refunds_create_test", "refund without a currency"),
    ],
)
def test_deliveries_that_are_no_money_of_the_shop_change_nothing(shop: HookShop, sample: str, reason: str) -> None:
    before = shop.house.ledger()

    assert shop.tells(sample) == [f"ignored: {reason}"]

    assert shop.house.ledger() == before


def test_deliveries_of_one_event_count_once_whatever_their_headers(shop: HookShop) -> None:
    """Several subscriptions of a topic, and a retry, have ids of their own."""
    ids = ({"x-shopify-webhook-id": f"w-{number}", "x-shopify-event-id": f"e-{number}"} for number in range(3))

    told = [shop.tells("orders_paid_guest_click", headers=headers)[0] for headers in ids]

    assert told == ["recorded", "repeat", "repeat"]
    assert ledger(shop.house) == {GUEST: Facts("USD", 12900, 0)}


def test_ids_beyond_the_exact_numbers_of_a_double_are_kept_apart(shop: HookShop) -> None:
    ids = (820982911946154508, 820982911946154509)

    shop.tells(*(shop.changed("orders_paid_guest_click", id=number) for number in ids))

    assert ledger(shop.house) == {str(number): Facts("USD", 12900, 0) for number in ids}


def test_the_newer_events_api_has_the_same_headers_without_the_x(shop: HookShop) -> None:
    body = shop.body("orders_paid_guest_click")
    right = deliveries.headers("shopify", body, SECRET, "orders_paid")
    sent = {name.removeprefix("x-"): value for name, value in right.items()} | {"x-shopify-hmac-sha256": None}

    assert shop.tells(body, headers={**sent, "x-shopify-topic": "orders/updated"}) == ["recorded"]

    assert shop.log()[0]["topic"] == "orders/paid"


# refunds of an amount without lines, in the buyer's currency

EURO, FRANC = "EUR", "CHF"


def both(euros: str, francs: str) -> dict[str, Any]:
    sides = {"shop_money": (euros, EURO), "presentment_money": (francs, FRANC)}
    return {name: {"amount": amount, "currency_code": code} for name, (amount, code) in sides.items()}


def custom_amount(shop: HookShop, **members: Any) -> dict[str, Any]:
    """A refund of 9.50 francs, worth 10.00 euros by its only adjustment."""
    refund = json.loads(shop.body("refunds_create_in_buyers_currency"))
    refund |= {"refund_line_items": [], "order_adjustments": [{"kind": "refund_discrepancy", "amount": "-10.00"}]}
    refund["order_adjustments"][0] |= {"amount_set": both("-10.00", "-9.50"), "tax_amount_set": both("0.00", "0.00")}
    refund["transactions"] = [refund["transactions"][0] | {"amount": "9.50"}]
    return {**refund, **members}


def with_refunds(shop: HookShop, *inside: dict[str, Any], **members: Any) -> bytes:
    return shop.changed("orders_paid_tax_included_two_currencies", refunds=list(inside), **members)


@pytest.mark.parametrize("inside", [False, True])
def test_a_custom_amount_in_the_buyers_currency_is_taken_at_the_rate_of_its_adjustment(
    shop: HookShop, inside: bool
) -> None:
    refund = custom_amount(shop)
    shop.tells("orders_paid_tax_included_two_currencies")

    told = shop.tells(with_refunds(shop, refund) if inside else json.dumps(refund).encode())

    assert (told, ledger(shop.house)[TAXED].refunded) == (["recorded"], 1000)


def test_without_an_adjustment_the_rate_is_that_of_the_order(shop: HookShop) -> None:
    refund = custom_amount(shop, order_adjustments=[])

    told = shop.tells(with_refunds(shop, refund, total_price_set=both("100.00", "95.00")))

    assert (told, ledger(shop.house)[TAXED].refunded) == (["recorded"], 1000)


def test_a_refund_that_cannot_be_read_keeps_neither_the_order_nor_another_refund_from_counting(shop: HookShop) -> None:
    odd = custom_amount(shop, id=77, order_adjustments=[])
    body = with_refunds(shop, odd, custom_amount(shop), total_price_set=None)

    assert shop.tells(body) == ["refused: refunds: amount is in another currency than the shop's"]

    assert ledger(shop.house)[TAXED].refunded == 1000
    assert shop.log()[0]["orderId"] == TAXED


# orders edited down to nothing


@pytest.mark.parametrize("turned", [False, True])
def test_an_order_edited_to_nothing_is_worth_nothing_in_any_order_of_deliveries(turned: bool) -> None:
    with in_process() as house:
        shop, dana = connect(house, "shopify"), clicked(house)
        free = shop.changed("orders_paid_guest_click", total_price="0.00", updated_at="2026-10-20T09:00:00Z")

        shop.tells(*([free, "orders_paid_guest_click"] if turned else ["orders_paid_guest_click", free]), free)

        assert (ledger(house), earned(house)) == ({GUEST: Facts("USD", 0, 0)}, {})
        shop.tells(shop.changed("orders_paid_guest_click", updated_at="2026-10-21T09:00:00Z"))
        assert (ledger(house), earned(house)) == ({GUEST: Facts("USD", 12900, 0)}, {dana: 1290})


def test_a_free_order_is_no_sale(shop: HookShop) -> None:
    assert shop.tells(shop.changed("orders_paid_guest_click", total_price="0.00")) == ["ignored: no money"]
    assert ledger(shop.house) == {}


def test_a_gift_card_is_no_product_and_earns_for_no_program_of_products(shop: HookShop) -> None:
    clicked(shop.house)
    shop.tells(shop.changed("orders_paid_guest_click", line_items__0__gift_card=True))

    assert (ledger(shop.house), earned(shop.house)) == ({GUEST: Facts("USD", 12900, 0)}, {})
