"""Lemon Squeezy: orders, renewals of subscriptions, and refunds that are told as the sum so far."""

import hmac
import random
from hashlib import sha256

import pytest
from hypothesis import given

from tests.unit.shops.mangled import NAMES, body, changed, check_order, check_told, mangled
from tributary.shops.adapter import Delivery, Unreadable
from tributary.shops.lemonsqueezy import ADAPTER
from tributary.shops.told import Ignored, Referral, Refund

SECRET = "harbour-press"
ORDER = "8410202"
INVOICE = "subscription-invoices/6410902"


def told(sent):
    return ADAPTER.read(Delivery({}, sent, 0), NAMES)


def read(name):
    (fact,) = told(body("lemonsqueezy", name))
    return fact


def read_changed(name, **members):
    (fact,) = told(changed("lemonsqueezy", name, **members))
    return fact


def signature(sent, secret=SECRET):
    return hmac.new(secret.encode(), sent, sha256).hexdigest()


def test_an_order_is_told_by_its_first_item():
    order = read("order_created_paid")

    check_order(order)
    assert (order.id, order.currency, order.total, order.tax, order.discount) == (ORDER, "EUR", 5712, 912, 1200)
    (line,) = order.lines
    assert (line.id, line.name, line.type, line.quantity, line.value) == ("8410262", "Print Set", "product", 2, 4800)
    assert line.attributes == {"sku": "1160100"}
    assert (order.occurred_at, order.as_of) == ("2026-11-03T11:00:00.000Z", "2026-11-03T11:00:00.000Z")
    assert order.referral == Referral(27182818)


def test_an_order_without_custom_data_has_no_referral_and_its_tax_may_be_inside():
    order = read("order_created_tax_inside")

    check_order(order)
    assert (order.total, order.tax, order.lines[0].value) == (24600, 4600, 20000)
    assert order.referral == Referral()


def test_custom_data_may_name_an_alias():
    assert read_changed(
        "order_created_paid", meta__custom_data={"ref": "NORA-7", "gift": "False"}
    ).referral == Referral(None, "NORA-7")


def test_a_setup_fee_on_top_of_the_subtotal_is_the_fee():
    order = read("order_created_setup_fee")

    check_order(order)
    assert (order.total, order.fee, order.tax, order.lines[0].value) == (6902, 1000, 1102, 4800)


def test_a_setup_fee_within_the_subtotal_is_a_part_of_the_line():
    order = read_changed("order_created_paid", data__attributes__setup_fee=1000)

    check_order(order)
    assert (order.fee, order.lines[0].value) == (0, 4800)


def test_an_order_without_its_item_is_one_line():
    order = read_changed("order_created_paid", data__attributes__first_order_item=None)

    assert [(it.id, it.name, it.value) for it in order.lines] == [(None, "Order", 4800)]


@pytest.mark.parametrize("status", ["pending", "failed", "fraudulent"])
def test_an_order_that_is_not_paid_is_ignored(status):
    assert read("order_created_pending") == Ignored("not paid yet")
    assert read_changed("order_created_paid", data__attributes__status=status) == Ignored("not paid yet")


def test_a_free_order_is_no_money():
    members = {f"data__attributes__{name}": 0 for name in ("subtotal", "discount_total", "tax", "total")}

    assert read_changed("order_created_paid", **members) == Ignored("no money")


def test_refunds_are_sums_so_far_and_have_no_id_of_their_own():
    names = ("order_refunded_partial", "order_refunded_second", "order_refunded_rest")

    assert [read(name) for name in names] == [
        Refund(f"{ORDER}:{money}", money, "EUR", order=ORDER, so_far=True) for money in (1500, 2200, 5712)
    ]


def test_the_greatest_sum_so_far_is_the_same_in_any_order_and_after_repeats():
    names = ["order_refunded_partial", "order_refunded_second", "order_refunded_rest"] * 2
    random.Random(7).shuffle(names)

    assert max(read(name).amount for name in names) == read("order_created_paid").total


def test_an_order_that_was_refunded_before_it_is_told_tells_both():
    order, refund = told(body("lemonsqueezy", "order_created_refunded_since"))

    assert (order.id, order.total) == (ORDER, 5712)
    assert refund == read("order_refunded_partial")


def test_a_refund_without_its_amount_is_the_whole_order():
    members = {"data__attributes__refunded": True, "data__attributes__refunded_amount": None}

    assert read_changed("order_refunded_rest", **members).amount == 5712


def test_a_refund_of_nothing_is_no_money():
    assert read_changed("order_refunded_partial", data__attributes__refunded_amount=0) == Ignored("no money")


def test_the_first_payment_of_a_subscription_is_told_twice_and_counts_once():
    order = read("order_created_first_of_subscription")

    assert (order.total, order.renewal) == (1900, False)
    assert read("subscription_payment_success_initial") == Ignored("told by the order")
    assert read("subscription_payment_refunded_initial") == Ignored("told by the order")


def test_a_renewal_is_an_order_under_a_key_that_no_order_has():
    order = read("subscription_payment_success_renewal")

    check_order(order)
    assert (order.id, order.total, order.subscription, order.renewal) == (INVOICE, 1900, "2900001", True)
    assert [(it.id, it.type, it.value) for it in order.lines] == [(None, "subscription", 1900)]
    assert order.referral == Referral(27182818)


def test_a_payment_that_recovers_is_the_same_renewal():
    recovered = read_changed("subscription_payment_success_renewal", meta__event_name="subscription_payment_recovered")

    assert recovered == read("subscription_payment_success_renewal")


def test_a_renewal_has_a_sum_so_far_of_its_own():
    assert read("subscription_payment_refunded_partial") == Refund(
        f"{INVOICE}:700", 700, "USD", order=INVOICE, so_far=True
    )


@pytest.mark.parametrize("shown", ["¥3,300", "￥3,300", "JPY 3300", "3.300 ¥", "¥3,300.00"])
def test_the_total_as_shown_tells_that_yen_are_in_hundredths(shown):
    order = read_changed("order_created_jpy", data__attributes__total_formatted=shown)

    check_order(order)
    assert (order.currency, order.total, order.tax) == ("JPY", 3300, 300)


def test_the_total_as_shown_tells_that_yen_are_whole():
    members = {"subtotal": 3300, "total": 3300, "tax": 300}

    order = read_changed("order_created_jpy", **{f"data__attributes__{name}": it for name, it in members.items()})

    assert (order.total, order.tax) == (3300, 300)


@pytest.mark.parametrize(("total", "shown"), [(12340, "KWD 12.340"), (1234, "KWD 12.34"), (1234000, "KWD 1,234.000")])
def test_the_total_as_shown_tells_the_unit_of_dinars(total, shown):
    members = {"currency": "KWD", "subtotal": total, "total": total, "tax": 0, "total_formatted": shown}

    order = read_changed("order_created_jpy", **{f"data__attributes__{name}": it for name, it in members.items()})

    assert order.total == (1_234_000 if total == 1_234_000 else 12_340)


@pytest.mark.parametrize("shown", [None, "", "¥", "¥33", "¥99,999", ["¥3,300"]])
def test_yen_of_an_unknown_unit_are_refused(shown):
    with pytest.raises(Unreadable, match="total_formatted does not show the unit of"):
        read_changed("order_created_jpy", data__attributes__total_formatted=shown)


def test_test_mode_is_a_test():
    assert read("order_created_test_mode") == Ignored("test")
    assert read_changed("order_created_paid", meta__test_mode=True) == Ignored("test")


@pytest.mark.parametrize("topic", ["subscription_created", "subscription_cancelled", "license_key_created"])
def test_other_topics_are_ignored(topic):
    assert read_changed("order_created_paid", meta__event_name=topic) == Ignored("other topic")


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"data__type": "subscription-invoices"}, "type is not that of the event"),
        ({"data__attributes__currency": "ZZZ"}, "currency is no known currency"),
        ({"data__attributes__tax": 99999}, "the parts of the total do not add up"),
        ({"data__attributes__total": "57.12"}, "total is no whole number"),
        ({"data__id": "x" * 300}, "id is no id"),
        ({"data__attributes__updated_at": None}, "updated_at is missing"),
        ({"meta": []}, "event_name is missing"),
    ],
)
def test_an_unreadable_body_is_refused_by_the_name_of_its_member(members, message):
    with pytest.raises(Unreadable, match=f"^{message}$"):
        told(changed("lemonsqueezy", "order_created_paid", **members))


def test_a_signature_of_any_secret_counts_while_one_is_rotated():
    sent = body("lemonsqueezy", "order_created_paid")
    delivery = Delivery({"x-signature": signature(sent)}, sent, 0)

    assert ADAPTER.signed(delivery, ["new", SECRET])
    assert not ADAPTER.signed(delivery, ["new"])
    assert not ADAPTER.signed(Delivery(delivery.headers, sent + b"\n", 0), [SECRET])


@pytest.mark.parametrize("header", ["", "0", "é", "sha256="])
def test_a_malformed_signature_is_wrong(header):
    assert not ADAPTER.signed(Delivery({"x-signature": header}, b"{}", 0), [SECRET])
    assert not ADAPTER.signed(Delivery({}, b"{}", 0), [SECRET])


def test_an_empty_secret_signs_nothing():
    assert not ADAPTER.signed(Delivery({"x-signature": signature(b"{}", "")}, b"{}", 0), ["", SECRET])


def test_the_topic_of_the_signed_body_is_named_for_the_log():
    delivery = Delivery({"x-event-name": "another"}, body("lemonsqueezy", "order_refunded_rest"), 0)

    assert ADAPTER.topic(delivery) == "order_refunded"
    assert ADAPTER.topic(Delivery({}, b"[]", 0)) == ""


@given(mangled("lemonsqueezy"))
def test_any_body_is_told_or_refused(sent):
    check_told(ADAPTER, sent)
