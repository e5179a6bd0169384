"""WooCommerce: snapshots of orders with the refunds that they have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.shops import shop_bodies
from tests.unit.shops.shop_bodies import order_of, parts_of, reason_of
from tributary.shops.adapter import Names, Unreadable
from tributary.shops.told import Referral, Refund, Refused
from tributary.shops.woocommerce import ADAPTER

FILES = sorted(path.name for path in (shop_bodies.HOOKS / "woocommerce").glob("*.json"))
FULL = "order_updated_coupon_tax_shipping_fee"


def document(name):
    return shop_bodies.document("woocommerce", f"{name}.json")


def read(sent):
    return shop_bodies.read(ADAPTER, document(sent) if isinstance(sent, str) else sent)


def lines_of(order):
    return [(line.id, line.name, line.quantity, line.value) for line in order.lines]


def test_a_paid_order_is_brought_by_the_click_in_its_meta_data():
    order = order_of(read("order_updated_paid"))

    assert (order.id, order.currency, order.total, order.refunds) == ("9310", "USD", 2750, ())
    assert lines_of(order) == [("3901", "Garden Trowel", 1, 2750)]
    assert order.referral == Referral(70419, "OSLO-7")


def test_times_are_utc_without_saying_so():
    order = order_of(read("order_updated_paid"))

    assert (order.occurred_at, order.as_of) == ("2026-10-05T06:12:40.000Z", "2026-10-05T06:13:03.000Z")


def test_an_alias_in_the_first_page_brings_an_order_without_a_click():
    body = document("order_updated_paid")
    body["meta_data"] = [entry for entry in body["meta_data"] if entry["key"] != "siren_oid"]

    assert order_of(read(body)).referral == Referral(alias="OSLO-7")


def test_totals_are_without_tax_and_names_have_html_entities():
    order = order_of(read(FULL))

    assert lines_of(order) == [
        ("3911", "Rain Jacket – S", 1, 7487),  # 74.873950 as `price`, which is no total
        ("3912", "Bird & Beast Atlas", 3, 2523),
    ]
    assert (order.total, order.tax, order.shipping, order.fee) == (12399, 1726, 495, 168)
    assert (order.discount, order.referral.coupons) == (1113, ("harvestten",))


@pytest.mark.parametrize(
    ("name", "currency", "total", "value", "shipping"),
    [("created_already_completed_dinar", "KWD", 21750, 19500, 2250), ("updated_paid_yen", "JPY", 4440, 3840, 600)],
)
def test_amounts_are_in_major_units_of_any_currency(name, currency, total, value, shipping):
    order = order_of(read(f"order_{name}"))

    assert (order.currency, order.total, order.lines[0].value, order.shipping) == (currency, total, value, shipping)


def test_a_shop_that_shows_no_decimals_rounds_each_part():
    body = document("order_updated_paid_yen") | {"currency": "USD", "total": "45", "shipping_total": "6"}
    body["line_items"][0] |= {"total": "38", "subtotal": "38"}  # 38.45 and 6.05 are 44.50 in all

    order = order_of(read(body))

    assert (order.total, order.lines[0].value, parts_of(order)) == (4500, 3900, 4500)


def test_an_unpaid_order_is_not_told():
    assert reason_of(read("order_created_unpaid")) == "not paid yet"


def test_cash_on_delivery_is_not_paid_though_its_order_is_processing():
    assert reason_of(read("order_updated_cash_on_delivery")) == "not paid yet"


def test_an_order_may_be_created_paid():
    assert order_of(read("order_created_already_completed_dinar")).id == "9330"


def test_a_free_order_is_no_sale():
    assert reason_of(read(document("order_updated_paid") | {"total": "0.00"})) == "no money"


def test_a_changed_order_is_a_newer_snapshot():
    before, after = (order_of(read(f"order_updated_{name}")) for name in ("paid", "after_edit"))

    assert (after.id, after.total, after.lines[0].quantity) == (before.id, 8250, 3)
    assert after.as_of > before.as_of


def test_each_snapshot_tells_all_refunds_that_the_order_has():
    one, two, deleted, whole = (
        order_of(read(f"order_updated_{name}"))
        for name in ("first_refund", "second_refund", "refund_deleted", "refunded_whole")
    )

    first = Refund("9401", 3000, "EUR", "9320")
    second = Refund("9402", 1849, "EUR", "9320")
    assert one.refunds == (first,)
    assert set(two.refunds) == {first, second}
    assert deleted.refunds == (second,)
    assert sum(refund.amount for refund in whole.refunds) == whole.total == 12399
    assert one.as_of < two.as_of < deleted.as_of < whole.as_of


def test_a_refund_of_goods_without_money_is_none():
    assert order_of(read(document(FULL) | {"refunds": [{"id": 1, "total": "-0.00"}]})).refunds == ()


def test_a_cancelled_order_keeps_its_money_until_a_refund():
    order = order_of(read("order_updated_cancelled_money_kept"))

    assert (order.total, order.refunds) == (8250, ())


def test_an_error_body_is_signed_and_has_no_order():
    assert reason_of(read("order_updated_error_body")) == "no order in the body"


def test_a_deleted_order_is_not_money_given_back():
    assert reason_of(read("order_deleted_id_only")) == "deleted: money unknown"


@pytest.mark.parametrize("body", [{"id": 3, "name": "Product"}, {"id": 3, "line_items": [], "billing_period": "month"}])
def test_products_and_subscriptions_are_no_orders(body):
    assert reason_of(read(body)) == "no order in the body"


def test_a_renewal_names_its_subscription():
    body = document("order_updated_paid") | {"created_via": "subscription"}
    body["meta_data"].append({"id": 1, "key": "_subscription_renewal", "value": "9299"})

    order = order_of(read(body))

    assert (order.renewal, order.subscription) == (True, "9299")


def test_a_fee_below_zero_is_a_discount():
    body = document("order_updated_after_edit") | {"total": "62.50"}
    body["fee_lines"] = [{"id": 1, "name": "Store credit", "total": "-20.00"}]

    order = order_of(read(body))

    assert (order.fee, order.discount, order.lines[0].value) == (0, 2000, 6250)


def test_a_gift_card_lowers_the_total_and_the_lines():
    body = document("order_updated_after_edit") | {"total": "72.50", "gift_cards": [{"id": 4, "amount": 10}]}

    order = order_of(read(body))

    assert (order.total, order.lines[0].value) == (7250, 7250)


def test_parts_that_do_not_add_up_are_refused_and_the_refunds_beside_them_are_told():
    stated, refused = read(document("order_updated_first_refund") | {"total": "120.00"})

    assert (stated.order, [it.amount for it in stated.refunds]) == ("9320", [3000])
    assert refused == Refused("total and its parts do not add up")


def test_refunds_that_cannot_be_read_either_leave_the_reason_of_the_order():
    told = read(document(FULL) | {"total": "120.00", "refunds": [{"id": 1, "total": "x"}]})

    assert told == (Refused("total and its parts do not add up"),)


GOODS, SHIPPED = {"id": 1, "name": "Mug", "quantity": 1, "total": "20.00"}, {"shipping_total": "10.00"}


@pytest.mark.parametrize(
    ("members", "parts"),
    [
        # A gift card pays goods, then shipping; the tax last.
        ({"total": "9.00", "total_tax": "4.00", **SHIPPED, "gift_cards": [{"amount": "25.00"}]}, ([0], 0, 500, 400)),
        ({"total": "3.00", "total_tax": "4.00", **SHIPPED, "gift_cards": [{"amount": "31.00"}]}, ([0], 0, 0, 300)),
        ({"total": "5.00", **SHIPPED, "fee_lines": [{"id": 3, "total": "-25.00"}]}, ([0], 0, 500, 0)),
        # A credit with tax of its own may turn all tax negative.
        (
            {"total": "4.00", "total_tax": "-1.00", **SHIPPED, "fee_lines": [{"id": 3, "total": "-25.00"}]},
            ([0], 0, 400, 0),
        ),
        # A trade-in.
        (
            {"total": "12.00", "line_items": [GOODS, {"id": 2, "name": "Old", "quantity": 1, "total": "-8.00"}]},
            ([1200], 0, 0, 0),
        ),
        (
            {"total": "22.00", "fee_lines": [{"id": 3, "total": "5.00"}, {"id": 4, "total": "-3.00"}]},
            ([1700], 500, 0, 0),
        ),
    ],
)  # fmt: skip
def test_credit_beyond_the_lines_pays_the_other_parts_of_the_total(members, parts):
    body = document("order_updated_paid") | {"line_items": [GOODS], **members}

    order = order_of(read(body))

    assert ([line.value for line in order.lines], order.fee, order.shipping, order.tax) == parts
    assert shop_bodies.parts_of(order) == order.total


def test_a_part_of_another_order_is_ignored_by_its_name():
    assert reason_of(read(document("order_updated_paid") | {"parent_id": 9300})) == "part of order 9300"


def test_rounding_of_cents_is_on_the_greatest_line():
    order = order_of(read(document(FULL) | {"total": "124.01"}))

    assert [line.value for line in order.lines] == [7489, 2523]


@pytest.mark.parametrize("raw", [b"", b"null", b"[]", b"{", b"\xff", b"[" * 100_000, b"webhook_id=7"])
def test_a_body_that_is_no_object_is_unreadable(raw):
    with pytest.raises(Unreadable):
        shop_bodies.read(ADAPTER, raw)


@given(st.data(), st.sampled_from(FILES))
def test_any_damage_to_a_body_is_told_or_unreadable(data, name):
    body = shop_bodies.document("woocommerce", name)
    for _ in range(data.draw(st.integers(1, 3))):
        body = shop_bodies.damaged(data, body)

    shop_bodies.assert_told_or_unreadable(lambda: ADAPTER.read(shop_bodies.raw_delivery(body), Names()))
