"""Stripe: one source for each sum of money, whichever events tell of it, and in its own minor units."""

import hmac
import json
from hashlib import sha256

import pytest
from hypothesis import given

from tests.unit.shops.mangled import NAMES, body, changed, check_order, check_told, mangled
from tributary.shops.adapter import Delivery, Names, Unreadable
from tributary.shops.stripe import ADAPTER
from tributary.shops.told import Brought, Ignored, Order, Referral, Refund, Tie, Withdrawal

SECRET = "whsec_harbour_press"
NOW = 1_791_000_000
SESSION, SUBSCRIPTION, PAYMENT = "cs_live_a1Harbour0001", "sub_1Harbour0005", "pi_3Harbour0001"


def told(sent, names=NAMES):
    return ADAPTER.read(Delivery({}, sent, NOW), names)


def read(name, **members):
    """The facts of a body, in which members of its object may differ."""
    return told(changed("stripe", name, **{f"data__object__{path}": value for path, value in members.items()}))


def order_of(name, **members):
    (order, *_) = read(name, **members)
    assert isinstance(order, Order)
    check_order(order)
    return order


def v1(sent, secret=SECRET, stamp=NOW):
    return hmac.new(secret.encode(), f"{stamp}.".encode() + sent, sha256).hexdigest()


def delivery(sent, header):
    return Delivery({"stripe-signature": header}, sent, NOW)


def test_a_paid_session_is_an_order_of_one_line_and_ties_its_payment():
    (order,) = told(body("stripe", "checkout_session_completed_paid"))

    check_order(order)
    assert (order.id, order.currency, order.total, order.discount) == (SESSION, "EUR", 13090, 1500)
    assert [(it.id, it.type, it.quantity, it.value) for it in order.lines] == [(None, "product", 1, 10500)]
    assert (order.tax, order.shipping) == (2090, 500)
    assert (order.occurred_at, order.as_of, order.subscription, order.renewal) == (
        "2026-10-03T04:18:10.000Z",
        "2026-10-03T04:18:10.000Z",
        None,
        False,
    )
    assert order.payments == (PAYMENT,)


def test_tax_on_shipping_is_a_part_of_all_tax_only():
    order = order_of("checkout_session_completed_paid", total_details__amount_shipping=595)

    assert (order.tax, order.shipping, order.lines[0].value) == (2090, 500, 10500)


def test_a_session_of_an_older_version_tells_shipping_with_the_details_only():
    order = order_of("checkout_session_completed_paid", shipping_cost=None)

    assert (order.tax, order.shipping, order.lines[0].value) == (2090, 500, 10500)


def test_the_client_reference_is_a_click_and_an_alias_in_metadata_is_kept_beside_it():
    told = Referral(27182818, "NORA-7", ("promo_1HarbourAutumn",))

    assert order_of("checkout_session_completed_paid").referral == told


def test_metadata_names_the_click_and_beats_the_client_reference():
    assert order_of("checkout_session_completed_paid", metadata={"siren_oid": "31415926"}).referral.click == 31415926


@pytest.mark.parametrize("reference", [None, "cart-77", "", "0", "9" * 40])
def test_a_client_reference_of_the_shops_own_is_no_click(reference):
    assert order_of("checkout_session_completed_paid", client_reference_id=reference).referral.alias == "NORA-7"


def test_names_of_click_and_alias_are_the_shops_own():
    sent = changed("stripe", "checkout_session_completed_paid", data__object__metadata={"partner": "NORA-7"})

    (order,) = told(sent, Names((), ("partner",)))

    assert order.referral.alias == "NORA-7"


def test_coupons_of_a_session_stand_for_their_codes():
    discounts = [{"coupon": "AUTUMN", "promotion_code": None}, "di_1", {"coupon": {"id": "NORA10"}}]

    assert order_of("checkout_session_completed_paid", discounts=discounts).referral.coupons == ("AUTUMN", "NORA10")


def test_an_unpaid_session_is_nothing_until_the_payment_succeeds():
    assert read("checkout_session_completed_unpaid") == (Ignored("not paid yet"),)

    order = order_of("checkout_session_async_payment_succeeded_jpy")

    assert (order.id, order.currency, order.total, order.tax) == ("cs_live_a1Harbour0002", "JPY", 3300, 300)


def test_a_session_without_payment_is_no_money():
    assert read("checkout_session_completed_paid", payment_status="no_payment_required") == (Ignored("no money"),)
    assert read("checkout_session_completed_paid", mode="setup") == (Ignored("no money"),)


@pytest.mark.parametrize(
    ("code", "told_total", "total"),
    [("jpy", 5000, 5000), ("kwd", 12340, 12340), ("isk", 500000, 5000), ("ugx", 500000, 5000), ("mga", 5000, 500000)],
)
def test_minor_units_are_stripes_own_and_become_those_of_iso_4217(code, told_total, total):
    assert order_of("checkout_session_completed_kwd", currency=code, amount_total=told_total).total == total


def test_hundredths_of_a_currency_without_decimals_are_refused():
    with pytest.raises(Unreadable, match="amount_total is finer than its currency"):
        read("checkout_session_completed_kwd", currency="isk", amount_total=500050)


def test_dinars_have_three_decimals():
    assert order_of("checkout_session_completed_kwd").currency == "KWD"


def test_a_session_of_a_subscription_tells_only_the_referral():
    assert read("checkout_session_completed_subscription") == (Brought(SUBSCRIPTION, Referral(27182818)),)
    assert read("checkout_session_completed_subscription", client_reference_id=None) == (
        Ignored("told by the invoice"),
    )


def test_a_session_that_made_an_invoice_leaves_the_money_to_it():
    assert read("checkout_session_completed_invoiced") == (
        Tie("pi_3Harbour0006", "in_1Harbour0006"),
        Brought("in_1Harbour0006", Referral(27182818)),
    )
    assert read("checkout_session_completed_invoiced", invoice=None) == (Ignored("told by the invoice"),)


def test_the_first_invoice_of_a_subscription_is_an_order_with_its_lines():
    (order,) = read("invoice_paid_first")

    check_order(order)
    assert (order.id, order.currency, order.total, order.tax, order.discount) == (
        "in_1Harbour0005",
        "GBP",
        3600,
        600,
        500,
    )
    assert [(it.id, it.type, it.quantity, it.value) for it in order.lines] == [
        ("il_1Harbour0005", "subscription", 2, 3000)
    ]
    assert (order.subscription, order.renewal, order.referral) == (SUBSCRIPTION, False, Referral())
    assert (order.occurred_at, order.as_of) == ("2026-10-03T05:24:45.000Z", "2026-10-03T05:25:05.000Z")


def test_a_renewal_is_another_order_of_the_subscription():
    first, renewal = order_of("invoice_paid_first"), order_of("invoice_paid_renewal")

    assert (renewal.subscription, renewal.renewal) == (first.subscription, True)
    assert renewal.id != first.id


def test_the_payment_of_an_invoice_ties_it():
    assert read("invoice_payment_paid") == (Tie("pi_3Harbour0008", "in_1Harbour0008"),)
    assert read("invoice_payment_paid", payment={"type": "charge", "charge": "ch_1"}) == (
        Tie("ch_1", "in_1Harbour0008"),
    )
    assert read("invoice_payment_paid", payment={"type": "payment_record"}) == (Ignored("no payment"),)


def test_an_invoice_of_an_older_version_names_its_payments_subscription_and_referral():
    (order,) = read("invoice_paid_older_version")

    check_order(order)
    assert (order.total, order.tax, order.subscription) == (3600, 600, "sub_1Harbour0012")
    assert [(it.type, it.value, it.attributes) for it in order.lines] == [
        ("subscription", 3000, {"sku": "price_1HarbourMonthly"})
    ]
    assert order.referral == Referral(27182818, None, ("promo_1HarbourAutumn", "AUTUMN"))
    assert order.payments == ("pi_3Harbour0012", "ch_3Harbour0012")


def test_an_invoice_may_hold_its_subscription_and_payments_as_objects():
    members = {"subscription": {"id": SUBSCRIPTION}, "charge": {"id": "ch_1"}, "payment_intent": None}
    payments = {"data": [{"payment": {"payment_intent": "pi_1", "type": "payment_intent"}}]}

    (order,) = read("invoice_paid_older_version", payments=payments, **members)

    assert order.subscription == SUBSCRIPTION
    assert order.payments == ("ch_1", "pi_1")


@pytest.mark.parametrize(
    "members",
    [
        {"metadata": {"siren_oid": "27182818"}},
        {"parent__subscription_details__metadata": {"siren_oid": "27182818"}},
        {"subscription_details": {"metadata": {"siren_oid": "27182818"}}},
        {"lines__data__0__metadata": {"siren_oid": "27182818"}},
    ],
)
def test_metadata_of_the_invoice_its_subscription_or_its_lines_names_the_click(members):
    assert order_of("invoice_paid_first", **members).referral == Referral(27182818)


def test_an_invoice_without_a_subscription_may_be_brought_by_its_session():
    order = order_of("invoice_paid_first", parent=None, billing_reason="manual")

    assert (order.subscription, order.renewal) == (order.id, False)


def test_the_credit_balance_of_a_customer_is_not_the_buyers_money():
    order = order_of("invoice_paid_credit_balance")

    assert (order.total, order.tax, order.lines[0].value) == (2400, 400, 2000)


def test_an_overpaid_invoice_is_worth_its_total():
    assert order_of("invoice_paid_first", amount_paid=9999).total == 3600


def test_parts_that_are_finer_than_the_currency_are_rounded_and_the_total_is_exact():
    """Tax of krónur is told in hundredths."""
    members = {"currency": "isk", "total": 360000, "amount_paid": 360000, "total_taxes": [{"amount": 60050}]}
    order = order_of("invoice_paid_first", **members)

    assert (order.total, order.tax, order.lines[0].value) == (3600, 601, 2999)


def test_tax_below_zero_is_folded_into_the_lines():
    order = order_of("invoice_paid_first", total_taxes=[{"amount": -100}])

    assert (order.total, order.tax, sum(line.value for line in order.lines)) == (3600, 0, 3600)


def test_an_invoice_of_a_trial_is_no_money():
    metadata = {"siren_oid": "27182818"}

    assert read("invoice_paid_first", amount_paid=0) == (Ignored("no money"),)
    (trial,) = read("invoice_paid_first", amount_paid=0, metadata=metadata)
    assert trial == Brought(SUBSCRIPTION, Referral(27182818), "2026-10-03T05:25:05.000Z")


@pytest.mark.parametrize(("status", "since"), [("paid", None), ("no_payment_required", "2026-10-03T05:24:50.000Z")])
def test_the_session_of_a_free_trial_says_so(status, since):
    (brought,) = read("checkout_session_completed_subscription", payment_status=status)

    assert brought.free_since == since


def test_unused_time_is_taken_off_the_other_lines():
    order = order_of("invoice_paid_prorated")

    assert [(it.id, it.value) for it in order.lines] == [("il_1Harbour00102", 3000)]
    assert order.renewal


def test_lines_that_the_event_lacks_are_one_line():
    order = order_of("invoice_paid_more_lines")

    assert [(it.id, it.value) for it in order.lines] == [("il_1Harbour0011", 3000), (None, 10000)]


def test_rounding_of_tax_by_the_invoice_is_spread_over_the_lines():
    order = order_of("invoice_paid_first", total_taxes__0__amount=601)

    assert (order.tax, order.lines[0].value) == (601, 2999)


def test_metered_units_by_the_million_count_as_one():
    line = order_of("invoice_paid_first", lines__data__0__quantity_decimal="2500000.5").lines[0]

    assert line.quantity == 1


def test_refunds_have_ids_of_their_own_and_know_the_payment_only():
    refunds = [read(f"refund_created_{which}")[0] for which in ("partial", "second", "rest")]

    assert refunds[0] == Refund("re_3Harbour0020", 3000, "EUR", payment=PAYMENT)
    assert len({refund.id for refund in refunds}) == 3
    assert sum(refund.amount for refund in refunds) == order_of("checkout_session_completed_paid").total


def test_a_refund_without_a_payment_intent_is_of_its_charge():
    (refund,) = read("refund_created_partial", payment_intent=None)

    assert refund.payment == "ch_3Harbour0001"
    assert read("refund_created_partial", payment_intent=None, charge=None) == (Ignored("no payment"),)


def test_an_update_of_a_refund_tells_the_same_refund():
    assert read("refund_updated_reference") == read("refund_created_partial")


def test_the_charge_tells_a_running_sum_of_the_same_money():
    assert read("charge_refunded") == (Ignored("told by another event"),)


def test_a_pending_refund_counts_once_it_succeeds_and_no_longer_when_it_fails():
    assert read("refund_created_pending") == (Ignored("refund not settled"),)
    assert read("refund_updated_succeeded_jpy") == (Refund("re_3Harbour0024", 3300, "JPY", payment="pi_3Harbour0002"),)
    assert read("refund_failed") == (Withdrawal("re_3Harbour0024", payment="pi_3Harbour0002"),)
    assert read("refund_failed", status="canceled") == read("refund_failed")


def test_a_dispute_takes_the_money_back_under_its_own_id_and_once():
    withdrawn = read("charge_dispute_funds_withdrawn")

    assert withdrawn == (Refund("du_1Harbour0001", 13090, "EUR", payment=PAYMENT),)
    assert read("charge_dispute_created") == withdrawn


def test_a_dispute_that_is_won_gives_the_money_back_again():
    reinstated = read("charge_dispute_funds_reinstated")

    assert reinstated == (Withdrawal("du_1Harbour0001", payment=PAYMENT),)
    assert read("charge_dispute_closed_won") == reinstated


@pytest.mark.parametrize("status", ["warning_needs_response", "warning_under_review", "warning_closed"])
def test_an_inquiry_takes_no_money(status):
    assert read("charge_dispute_created_inquiry", status=status) == (Ignored("inquiry"),)


@pytest.mark.parametrize("status", ["needs_response", "lost", "prevented"])
def test_a_dispute_without_a_movement_of_money_is_ignored(status):
    assert read("charge_dispute_created", status=status, balance_transactions=[]) == (Ignored("no money"),)


def test_test_mode_is_a_test():
    assert read("checkout_session_completed_test_mode") == (Ignored("test"),)


@pytest.mark.parametrize("topic", ["customer.subscription.deleted", "v2.core.event_destination.ping", "charge.updated"])
def test_other_topics_are_ignored(topic):
    assert told(changed("stripe", "charge_refunded", type=topic)) == (Ignored("other topic"),)


@pytest.mark.parametrize("name", ["checkout_session_completed_paid", "invoice_paid_first", "refund_created_partial"])
def test_the_detail_of_an_eventbridge_event_is_read_like_a_body(name):
    sent = body("stripe", name)
    envelope = {"source": "aws.partner/stripe.com/ed_1", "detail-type": "any", "detail": json.loads(sent)}

    assert told(json.dumps(envelope["detail"]).encode()) == told(sent)


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"data__object__currency": "zzz"}, "currency is no known currency"),
        ({"data__object__amount_total": 10**18}, "amount_total is too large"),
        ({"data__object__total_details__amount_tax": 99999}, "the parts of the total do not add up"),
        ({"data__object__id": "\ud800"}, "id is no id"),
        ({"data__object": None}, "object is missing"),
        ({"created": 10**18}, "created is no time"),
        ({"livemode": "true"}, "livemode is no boolean"),
        ({"type": ["checkout.session.completed"]}, "type is no text"),
    ],
)
def test_an_unreadable_body_is_refused_by_the_name_of_its_member(members, message):
    with pytest.raises(Unreadable, match=f"^{message}$"):
        told(changed("stripe", "checkout_session_completed_paid", **members))


def test_a_signature_of_any_secret_counts_while_one_is_rotated():
    sent = body("stripe", "checkout_session_completed_paid")
    header = f"t={NOW},v1={v1(sent, 'new')},v1={v1(sent)},v0=0"

    assert ADAPTER.signed(delivery(sent, header), [SECRET])
    assert ADAPTER.signed(delivery(sent, header), ["old", "new"])
    assert not ADAPTER.signed(delivery(sent, header), ["old"])
    assert not ADAPTER.signed(delivery(sent + b" ", header), [SECRET])
    assert not ADAPTER.signed(delivery(sent, header.replace("v1", "v0")), [SECRET])


@pytest.mark.parametrize(("age", "good"), [(300, True), (301, False), (-3600, True)])
def test_a_signature_is_good_for_five_minutes(age, good):
    sent = body("stripe", "checkout_session_completed_paid")

    assert ADAPTER.signed(delivery(sent, f"t={NOW - age},v1={v1(sent, stamp=NOW - age)}"), [SECRET]) is good


@pytest.mark.parametrize(
    "header", ["", "t=,v1=", "v1=0", f"t={NOW}", f"t={NOW},v1=é", "t=²,v1=0", f"t={'9' * 5000},v1=0"]
)
def test_a_malformed_signature_is_wrong(header):
    assert not ADAPTER.signed(delivery(b"{}", header), [SECRET])
    assert not ADAPTER.signed(Delivery({}, b"{}", NOW), [SECRET])


def test_an_empty_secret_signs_nothing():
    assert not ADAPTER.signed(delivery(b"{}", f"t={NOW},v1={v1(b'{}', '')}"), ["", SECRET])


def test_the_topic_is_named_for_the_log():
    assert ADAPTER.topic(Delivery({}, body("stripe", "refund_failed"), NOW)) == "refund.failed"
    assert ADAPTER.topic(Delivery({}, b"", NOW)) == ""


@given(mangled("stripe"))
def test_any_body_is_told_or_refused(sent):
    check_told(ADAPTER, sent)
