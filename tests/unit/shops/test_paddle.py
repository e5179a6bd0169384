"""Paddle Billing: a transaction counts when completed, an adjustment when approved, both by the buyer's money."""

import hmac
import json
from hashlib import sha256

import pytest
from hypothesis import given

from tests.unit.shops.mangled import NAMES, body, changed, check_order, check_told, mangled
from tributary.shops.adapter import Delivery, Unreadable
from tributary.shops.paddle import ADAPTER
from tributary.shops.told import Brought, Ignored, Order, Referral, Refund, Withdrawal

SECRET = "pdl_ntfset_harbour_press"
NOW = 1_791_000_000
ORDER = "txn_01hrbr00000000000000000101"
FIRST_LINE, SECOND_LINE, THIRD_LINE = (f"txnitm_01hrbr000000000000000000{number}" for number in (21, 22, 23))


def told(sent):
    return ADAPTER.read(Delivery({}, sent, NOW), NAMES)


def read(name):
    (fact,) = told(body("paddle", name))
    return fact


def read_changed(name, **members):
    (fact,) = told(changed("paddle", name, **members))
    return fact


def delivery(sent, header):
    return Delivery({"paddle-signature": header}, sent, NOW)


def h1(sent, secret=SECRET, stamp=NOW):
    return hmac.new(secret.encode(), f"{stamp}:".encode() + sent, sha256).hexdigest()


def test_a_completed_transaction_is_an_order_with_its_lines_after_discount_and_without_tax():
    order = read("transaction_completed_first")

    check_order(order)
    assert (order.id, order.currency, order.total, order.tax, order.discount) == (ORDER, "EUR", 9720, 1620, 900)
    assert [(it.id, it.name, it.type, it.quantity, it.value) for it in order.lines] == [
        (FIRST_LINE, "Desk", "subscription", 2, 4500),
        (SECOND_LINE, "Proofs", "subscription", 1, 2700),
        (THIRD_LINE, "Starter box", "product", 4, 900),
    ]
    assert order.lines[0].attributes == {"sku": "pri_01hrbr00000000000000000021"}
    assert (order.occurred_at, order.as_of) == ("2026-10-05T07:15:18.100Z", "2026-10-05T07:15:20.250Z")
    assert (order.subscription, order.renewal) == ("sub_01hrbr00000000000000000005", False)


def test_custom_data_names_the_click_and_the_id_of_the_discount_stands_for_its_code():
    assert read("transaction_completed_first").referral == Referral(
        27182818, "NORA-7", ("dsc_01hrbr00000000000000000009",)
    )


@pytest.mark.parametrize("custom", [None, [], "NORA-7", {"ref": ["NORA-7"]}, {"siren_oid": 1.5}])
def test_custom_data_without_a_referral_is_no_obstacle(custom):
    referral = read_changed("transaction_completed_first", data__custom_data=custom, data__discount_id=None).referral

    assert referral == Referral()


def test_an_alias_in_the_page_of_the_checkout_counts():
    url = "https://shop.example.com/pay?ref=NORA-7&_ptxn=txn_1"

    order = read_changed("transaction_completed_renewal", data__checkout={"url": url})

    assert order.referral.alias == "NORA-7"


def test_paid_comes_before_completed_and_is_not_counted_too():
    assert read("transaction_paid") == Ignored("told by another event")


def test_a_transaction_that_is_not_completed_is_not_paid_yet():
    assert read_changed("transaction_completed_first", data__status="billed") == Ignored("not paid yet")


def test_the_same_transaction_told_later_is_a_newer_snapshot_of_the_same_order():
    first, later = read("transaction_completed_first"), read("transaction_completed_first_later")

    assert first == read("transaction_completed_first")
    assert (first.id, first.occurred_at) == (later.id, later.occurred_at)
    assert first.as_of < later.as_of


def test_a_renewal_lacks_custom_data_and_is_found_by_its_subscription():
    order = read("transaction_completed_renewal")

    check_order(order)
    assert (order.total, order.tax, order.renewal) == (9600, 1600, True)
    assert order.subscription == read("transaction_completed_first").subscription
    assert order.referral == Referral()


@pytest.mark.parametrize(
    ("origin", "renewal"),
    [
        ("web", False),
        ("api", False),
        (None, False),
        ("subscription_recurring", True),
        ("subscription_charge", True),
        ("subscription_update", True),
    ],
)
def test_renewal_by_origin(origin, renewal):
    assert read_changed("transaction_completed_first", data__origin=origin).renewal is renewal


def test_credit_is_not_the_buyers_money_and_takes_its_share_of_every_line():
    order = read("transaction_completed_part_by_credit")

    check_order(order)
    assert (order.total, order.tax) == (7200, 1200)
    assert [line.value for line in order.lines] == [3750, 2250]


@pytest.mark.parametrize("told_tax", ["1600", None])
def test_credit_takes_its_share_of_the_tax_where_paddle_tells_the_whole_tax(told_tax):
    order = read_changed("transaction_completed_part_by_credit", data__details__totals__grand_total_tax=told_tax)

    check_order(order)
    assert (order.total, order.tax) == (7200, 1200)


def test_without_a_grand_total_the_credit_is_taken_off_the_total():
    assert read_changed("transaction_completed_part_by_credit", data__details__totals__grand_total=None).total == 7200


def test_a_transaction_paid_by_credit_alone_is_no_money():
    members = {"data__details__totals__grand_total": "0", "data__details__totals__credit": "9600"}

    assert read_changed("transaction_completed_renewal", **members) == Ignored("no money")


def test_a_free_trial_tells_the_referral_of_its_subscription():
    told = read("transaction_completed_trial")

    assert told == Brought("sub_01hrbr00000000000000000107", Referral(27182818, "NORA-7"), "2026-10-05T07:15:18.100Z")


def test_a_line_that_gives_credit_is_spread_over_the_others():
    members = {
        "data__details__line_items__1__totals": {"subtotal": "-1000", "discount": "0", "tax": "-200", "total": "-1200"},
        "data__details__totals": {"subtotal": "4000", "tax": "800", "total": "4800", "grand_total": "4800"},
    }

    order = read_changed("transaction_completed_renewal", **members)

    check_order(order)
    assert [line.value for line in order.lines] == [4000]


def test_yen_have_no_decimals_and_tax_may_be_inside():
    order = read("transaction_completed_jpy")

    check_order(order)
    assert (order.currency, order.total, order.tax) == ("JPY", 4400, 400)
    assert [line.value for line in order.lines] == [4000]


def test_a_simulated_transaction_is_a_test_though_signed():
    assert read("transaction_completed_simulated") == Ignored("test")


def test_a_refund_pending_approval_is_no_money_yet():
    assert read("adjustment_created_pending") == Ignored("pending approval")
    assert read("adjustment_updated_rejected") == Ignored("rejected")


def test_an_approved_adjustment_is_a_refund_under_its_own_id():
    assert read("adjustment_updated_approved") == Refund(
        "adj_01hrbr00000000000000000020", 1200, "EUR", order=ORDER, lines=((SECOND_LINE, 1000),), tax=200
    )


def test_a_second_refund_may_touch_the_tax_only_of_a_line():
    assert read("adjustment_updated_approved_second") == Refund(
        "adj_01hrbr00000000000000000022", 2430, "EUR", order=ORDER, lines=((FIRST_LINE, 2000),), tax=430
    )


def test_refunds_of_all_the_rest_add_up_to_the_order():
    names = ("adjustment_updated_approved", "adjustment_updated_approved_second", "adjustment_created_approved_rest")
    refunds = [read(name) for name in names]

    assert len({refund.id for refund in refunds}) == 3
    assert sum(refund.amount for refund in refunds) == read("transaction_completed_first").total
    assert all(refund.tax + sum(value for _, value in refund.lines) == refund.amount for refund in refunds)


def test_a_chargeback_is_a_refund_until_it_is_reversed():
    taken, given_back = read("adjustment_created_chargeback"), read("adjustment_updated_reversed")

    assert (taken.id, taken.amount, taken.order) == ("adj_01hrbr00000000000000000025", 9720, ORDER)
    assert given_back == Withdrawal(taken.id, order=ORDER)
    assert read("adjustment_created_chargeback_reverse") == Ignored("told by the chargeback")


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        ("credit", "credit"),
        ("credit_reverse", "credit"),
        ("chargeback_warning", "warning"),
        ("chargeback_warning_reverse", "warning"),
        ("another", "other action"),
    ],
)
def test_an_adjustment_that_gives_no_money_back_is_ignored(action, reason):
    assert read_changed("adjustment_created_credit", data__action=action) == Ignored(reason)


@pytest.mark.parametrize("topic", ["subscription.canceled", "transaction.billed", "customer.created"])
def test_other_topics_are_ignored(topic):
    assert read_changed("transaction_completed_first", event_type=topic) == Ignored("other topic")


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"data__currency_code": "ZZZ"}, "currency_code is no known currency"),
        ({"data__details__totals__tax": "99999"}, "the parts of the total do not add up"),
        ({"data__details__totals__total": "4.5"}, "total is no whole number"),
        ({"data__id": None}, "id is missing"),
        ({"occurred_at": "yesterday"}, "occurred_at is no time"),
        ({"event_type": 5}, "event_type is no text"),
    ],
)
def test_an_unreadable_body_is_refused_by_the_name_of_its_member(members, message):
    with pytest.raises(Unreadable, match=f"^{message}$"):
        told(changed("paddle", "transaction_completed_first", **members))


def test_a_signature_of_any_secret_counts_while_one_is_rotated():
    sent = body("paddle", "transaction_completed_first")
    header = f"ts={NOW};h1={h1(sent, 'new')};h1={h1(sent)};later=part"

    assert ADAPTER.signed(delivery(sent, header), [SECRET])
    assert ADAPTER.signed(delivery(sent, header), ["old", "new"])
    assert not ADAPTER.signed(delivery(sent, header), ["old"])
    assert not ADAPTER.signed(delivery(sent + b" ", header), [SECRET])


@pytest.mark.parametrize(("age", "good"), [(300, True), (301, False), (-60, True)])
def test_a_signature_is_good_for_five_minutes(age, good):
    sent = body("paddle", "transaction_completed_first")

    assert ADAPTER.signed(delivery(sent, f"ts={NOW - age};h1={h1(sent, stamp=NOW - age)}"), [SECRET]) is good


@pytest.mark.parametrize(
    "header", ["", "ts=;h1=", "h1=0", f"ts={NOW}", f"ts={NOW};h1=é", "ts=9e9;h1=0", "ts=²;h1=0", ";;="]
)
def test_a_malformed_signature_is_wrong(header):
    assert not ADAPTER.signed(delivery(b"{}", header), [SECRET])
    assert not ADAPTER.signed(Delivery({}, b"{}", NOW), [SECRET])


def test_an_empty_secret_signs_nothing():
    assert not ADAPTER.signed(delivery(b"{}", f"ts={NOW};h1={h1(b'{}', '')}"), ["", SECRET])


def test_the_topic_is_named_for_the_log():
    assert ADAPTER.topic(Delivery({}, body("paddle", "adjustment_created_pending"), NOW)) == "adjustment.created"
    assert ADAPTER.topic(Delivery({}, json.dumps({"event_type": "a\nb"}).encode(), NOW)) == ""


@given(mangled("paddle"))
def test_any_body_is_told_or_refused(sent):
    check_told(ADAPTER, sent)


@pytest.mark.parametrize(
    "sent", [b"", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"event_type": ' + b"9" * 5000 + b"}"]
)
def test_a_body_that_is_no_object_is_refused(sent):
    with pytest.raises(Unreadable):
        told(sent)


def test_an_order_is_told_by_one_fact():
    assert isinstance(read("transaction_completed_first"), Order)
