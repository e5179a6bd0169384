"""Refunds of Shopify: the money that went back, and the lines that it touches."""

import pytest

from tests.unit.shops import shop_bodies
from tests.unit.shops.shop_bodies import order_of, reason_of
from tributary.shops.adapter import Unreadable
from tributary.shops.shopify import ADAPTER
from tributary.shops.told import Order, Refund

LIFE = "6200000000401"
TIPPED = "6200000000402"


def document(name):
    return shop_bodies.document("shopify", f"{name}.json")


def read(sent):
    return shop_bodies.read(ADAPTER, document(sent) if isinstance(sent, str) else sent)


def test_a_cancelled_order_is_told_with_the_refund_inside():
    order, refund = read("orders_cancelled_refund_inside")

    # The members `current_…` are zero by now; the refund takes the money off, once.
    assert isinstance(order, Order)
    assert order.total == 14800
    assert refund == Refund(
        "940000000901", 14800, "USD", LIFE, lines=(("15200000000411", 12900), ("15200000000418", 1900))
    )


def test_a_refund_inside_an_order_is_the_same_as_by_its_own_topic():
    inside = document("orders_cancelled_refund_inside")["refunds"][0]

    assert read(inside) == read("orders_cancelled_refund_inside")[1:]


def test_two_partial_refunds_and_the_rest_give_back_the_whole_order():
    first, shipping, rest = (read(f"refunds_create_{name}")[0] for name in ("first_part", "shipping_only", "the_rest"))

    assert first == Refund("940000000902", 2387, "USD", TIPPED, lines=(("15200000000422", 2205),), tax=182)
    assert shipping == Refund("940000000903", 974, "USD", TIPPED, tax=74, shipping=900)
    assert rest.lines == (("15200000000421", 7200), ("15200000000422", 2205))
    order = order_of(read("orders_paid_discount_tax_shipping_tip"))
    assert first.amount + shipping.amount + rest.amount == order.total


def test_the_money_of_a_refund_is_that_of_its_successful_transactions():
    (refund,) = read("refunds_create_less_money_than_lines")

    assert (refund.amount, refund.lines) == (4000, (("15200000000421", 7200),))


def test_a_refund_without_money_is_not_told():
    assert reason_of(read(document("refunds_create_first_part") | {"transactions": []})) == "refund without money"


def test_a_pending_refund_waits_for_the_order_that_tells_it_as_settled():
    body = document("orders_cancelled_refund_inside")
    body["refunds"][0]["transactions"][0]["status"] = "pending"

    assert reason_of(read(body["refunds"][0])) == "refund is pending"
    assert [type(fact) for fact in read(body)] == [Order]


def test_a_refund_in_the_buyers_currency_is_told_in_the_shops():
    (refund,) = read("refunds_create_in_buyers_currency")

    assert (refund.amount, refund.currency) == (7140, "EUR")
    assert (refund.lines, refund.tax) == ((("15200000000431", 6000),), 1140)


def test_a_part_in_the_buyers_currency_is_in_proportion():
    body = document("refunds_create_in_buyers_currency")
    body["transactions"][0]["amount"] = "33.92"

    (refund,) = read(body)

    assert (refund.amount, refund.currency) == (3571, "EUR")  # 33.92 / 67.83 of 71.40


def test_a_refund_in_an_unknown_currency_is_unreadable():
    body = document("refunds_create_in_buyers_currency")
    body["transactions"][0]["currency"] = "NOK"

    with pytest.raises(Unreadable, match="another currency"):
        read(body)


def test_lines_of_a_refund_with_tax_inside_are_told_without_it():
    (refund,) = read("refunds_create_tax_inside")

    assert (refund.amount, refund.lines, refund.tax) == (1605, (("15200000000432", 1500),), 105)


def test_the_admins_test_refund_is_known_by_its_lack_of_a_currency():
    assert reason_of(read("refunds_create_test")) == "refund without a currency"


def test_a_refund_of_a_test_gateway_is_a_test():
    body = document("refunds_create_first_part")
    body["transactions"][0]["test"] = True

    assert reason_of(read(body)) == "test"
