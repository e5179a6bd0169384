"""Shopify: snapshots of orders, and refunds by the money that went back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.shops import shop_bodies
from tests.unit.shops.shop_bodies import delivery, order_of, parts_of, reason_of
from tributary.shops.adapter import Names, Unreadable
from tributary.shops.shopify import ADAPTER
from tributary.shops.told import Referral

FILES = sorted(path.name for path in (shop_bodies.HOOKS / "shopify").iterdir())
LIFE = "6200000000401"


def document(name):
    return shop_bodies.document("shopify", f"{name}.json")


def read(sent):
    return shop_bodies.read(ADAPTER, document(sent) if isinstance(sent, str) else sent)


def lines_of(order):
    return [(line.id, line.quantity, line.value) for line in order.lines]


def test_a_paid_order_of_a_guest_is_brought_by_the_click_in_its_notes():
    order = order_of(read("orders_paid_guest_click"))

    assert (order.id, order.currency, order.total) == (LIFE, "USD", 12900)
    assert lines_of(order) == [("15200000000411", 2, 12900)]
    assert order.lines[0].attributes == {"sku": "LAMP-B"}
    assert order.referral == Referral(70419, "OSLO-7")
    assert (order.occurred_at, order.as_of) == ("2026-10-05T12:12:40.000Z", "2026-10-05T12:13:02.000Z")


def test_the_share_of_a_discount_is_in_its_allocations_and_not_in_total_discount():
    order = order_of(read("orders_paid_discount_tax_shipping_tip"))

    assert lines_of(order) == [("15200000000421", 1, 7200), ("15200000000422", 4, 4410)]
    assert (order.discount, order.tax, order.shipping) == (1290, 1032, 900)
    assert order.referral == Referral(None, "STRANGER", ("HarvestTEN",))


def test_a_tip_is_a_fee():
    order = order_of(read("orders_paid_discount_tax_shipping_tip"))

    assert (order.total, order.fee) == (14142, 600)


def test_prices_that_include_tax_are_told_without_it_in_the_shops_currency():
    order = order_of(read("orders_paid_tax_included_two_currencies"))

    assert (order.currency, order.total, order.tax, order.shipping) == ("EUR", 10826, 1426, 400)
    assert lines_of(order) == [("15200000000431", 1, 6000), ("15200000000432", 2, 3000), ("15200000000433", 1, 0)]
    assert order.lines[2].attributes == {}


@pytest.mark.parametrize(("name", "currency", "total"), [("yen", "JPY", 4440), ("dinar", "KWD", 24750)])
def test_amounts_are_in_major_units_of_any_currency(name, currency, total):
    order = order_of(read(f"orders_paid_{name}"))

    assert (order.currency, order.total, order.lines[0].value) == (currency, total, total)


def test_an_order_not_paid_yet_is_not_told():
    assert reason_of(read("orders_create_pending")) == "not paid yet"


@pytest.mark.parametrize("status", ["authorized", "partially_paid", "voided", "expired", None, 7, []])
def test_only_statuses_with_money_are_a_sale(status):
    assert reason_of(read(document("orders_paid_guest_click") | {"financial_status": status})) == "not paid yet"


def test_an_order_without_money_is_no_sale():
    assert reason_of(read(document("orders_paid_guest_click") | {"total_price": "0.00"})) == "no money"


def test_orders_edited_carries_no_order():
    assert reason_of(read("orders_edited_no_order")) == "no order in the body; orders/updated follows"


def test_a_changed_order_is_a_newer_snapshot():
    before, after = (order_of(read(f"orders_{name}")) for name in ("paid_guest_click", "updated_line_added"))

    assert (after.total, len(after.lines)) == (14800, 2)
    assert after.id == before.id
    assert after.as_of > before.as_of
    assert after.occurred_at == before.occurred_at


def test_lines_removed_before_payment_were_never_sold():
    order = order_of(read("orders_paid_lines_removed_before"))

    assert order.total == 5250
    assert lines_of(order) == [("15200000000441", 1, 4500), ("15200000000442", 1, 750)]


def test_goods_that_came_back_without_money_were_sold():
    body = document("orders_paid_lines_removed_before") | {"total_outstanding": "-52.50"}

    assert order_of(read(body)).total == 10500


def test_everything_removed_before_payment_is_no_sale():
    body = document("orders_paid_lines_removed_before") | {"current_total_price": "0.00"}
    for line, money in zip(body["refunds"][0]["refund_line_items"], ("90.00", "15.00"), strict=True):
        line["quantity"] = 2
        line["subtotal_set"]["shop_money"]["amount"] = money

    assert reason_of(read(body)) == "no money"


def test_the_admins_test_order_is_ignored_though_its_amounts_do_not_add_up():
    assert reason_of(read("orders_paid_test")) == "test"


@pytest.mark.parametrize("body", [{"id": 1}, {"id": 1, "title": "Product"}, {}])
def test_bodies_of_other_topics_are_not_ours(body):
    assert reason_of(read(body)) == "no order in the body"


def test_a_discount_that_no_line_tells_is_spread_over_the_lines():
    body = document("orders_updated_line_added") | {"total_price": "133.20", "total_discounts": "14.80"}

    order = order_of(read(body))

    assert (order.total, order.discount) == (13320, 1480)
    assert [line.value for line in order.lines] == [11610, 1710]


def test_tax_inside_that_no_line_tells_is_taken_out_of_the_lines():
    body = document("orders_updated_line_added") | {"taxes_included": True, "total_tax": "14.80"}

    order = order_of(read(body))

    assert (order.total, order.tax) == (14800, 1480)
    assert [line.value for line in order.lines] == [11610, 1710]


def test_free_shipping_by_a_code_costs_nothing():
    body = document("orders_paid_discount_tax_shipping_tip") | {"total_price": "132.42"}
    body["shipping_lines"][0]["discount_allocations"] = [{"amount": "9.00"}]

    order = order_of(read(body))

    assert (order.shipping, parts_of(order)) == (0, 13242)


@pytest.mark.parametrize("change", [{"total_price": "120.00"}, {"total_price": "200.00", "subtotal_price": "190.00"}])
def test_parts_that_do_not_add_up_are_unreadable(change):
    with pytest.raises(Unreadable, match="do not add up"):
        read(document("orders_paid_guest_click") | change)


@pytest.mark.parametrize("landing", ["/?ref=OSLO-7&x=1", "https://north-lamp.example.com/a?ref=OSLO-7#top"])
def test_the_landing_page_is_a_path_or_a_url(landing):
    body = document("orders_paid_guest_click") | {"note_attributes": [], "landing_site": landing}

    assert order_of(read(body)).referral.alias == "OSLO-7"


def test_the_names_of_click_and_alias_are_the_connections():
    body = document("orders_paid_guest_click") | {"landing_site": "/?via=bo"}
    body["note_attributes"] = [{"name": "visit", "value": 99}]

    told = ADAPTER.read(delivery(body), Names(clicks=("visit",), aliases=("via",)))

    assert order_of(told).referral == Referral(99, "bo")


def test_an_imported_order_occurred_when_it_was_processed():
    body = document("orders_paid_guest_click") | {"processed_at": "2021-03-01T10:00:00Z"}

    assert order_of(read(body)).occurred_at == "2021-03-01T10:00:00.000Z"


@pytest.mark.parametrize("name", FILES)
def test_the_same_body_tells_the_same_facts(name):
    raw = shop_bodies.body("shopify", name)

    assert shop_bodies.read(ADAPTER, raw) == shop_bodies.read(ADAPTER, raw)


@pytest.mark.parametrize("raw", [b"", b"null", b"[]", b"{", b"\xff", b"[" * 100_000, b'{"financial_status":NaN}'])
def test_a_body_that_is_no_object_is_unreadable_or_ignored(raw):
    shop_bodies.assert_told_or_unreadable(lambda: shop_bodies.read(ADAPTER, raw))


@given(st.data(), st.sampled_from(FILES))
def test_any_damage_to_a_body_is_told_or_unreadable(data, name):
    body = shop_bodies.document("shopify", name)
    for _ in range(data.draw(st.integers(1, 3))):
        body = shop_bodies.damaged(data, body)

    shop_bodies.assert_told_or_unreadable(lambda: ADAPTER.read(shop_bodies.raw_delivery(body), Names()))
