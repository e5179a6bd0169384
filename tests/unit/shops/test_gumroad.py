"""Gumroad: pings in US cents, without a signature, without an amount of a refund."""

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.shops import shop_bodies
from tests.unit.shops.shop_bodies import delivery, order_of, reason_of
from tributary.shops.adapter import Delivery, Names, Unreadable
from tributary.shops.gumroad import ADAPTER
from tributary.shops.told import Brought, Order, Referral, Refund, Withdrawal

FORMS = sorted(path.name for path in (shop_bodies.HOOKS / "gumroad").glob("*.txt"))
CLICK = "SampleSale0000000000011cQ=="


def raw(name):
    return shop_bodies.body("gumroad", name if "." in name else f"{name}.txt")


def read(name, **change):
    """The facts of a sample with members changed, added, or dropped by None."""
    members = dict(parse_qsl(raw(name).decode(), keep_blank_values=True)) | change
    sent = urlencode({name: value for name, value in members.items() if value is not None}).encode()
    return shop_bodies.read(ADAPTER, sent if change else raw(name))


def test_the_secret_is_ours_and_in_the_path():
    assert ADAPTER.makes_secret
    assert ADAPTER.in_path
    assert ADAPTER.signed(delivery(b""), [])


def test_a_sale_is_one_line_brought_by_its_click():
    order = order_of(read("sale_click"))

    assert (order.id, order.currency, order.total) == (CLICK, "USD", 1450)
    assert [(line.id, line.name, line.quantity, line.value) for line in order.lines] == [(None, "Tape Loops", 1, 1450)]
    assert order.referral == Referral(70419, "OSLO-7")
    assert order.occurred_at == order.as_of == "2026-10-05T06:12:40.000Z"


def test_the_price_holds_the_shipping():
    order = order_of(read("sale_shipping_coupon"))

    assert (order.total, order.shipping) == (5380, 790)
    assert [(line.name, line.quantity, line.value) for line in order.lines] == [("Star Chart & Key", 3, 4590)]
    assert order.lines[0].attributes == {"sku": "CHART-L"}
    assert order.referral == Referral(None, "STRANGER", ("HarvestTEN",))


def test_the_price_is_in_us_cents_though_the_product_is_listed_in_euro():
    order = order_of(read("sale_listed_in_euro"))

    assert (order.currency, order.total) == ("USD", 1944)


def test_a_membership_names_its_subscription():
    first, renewal = (order_of(read(f"sale_{name}")) for name in ("first_of_membership", "renewal"))

    assert (first.lines[0].type, first.renewal, first.referral.click) == ("subscription", False, 70420)
    assert (renewal.renewal, renewal.referral) == (True, Referral())
    assert first.subscription == renewal.subscription == "SampleSubs0000000000002Q=="
    assert first.id != renewal.id


def test_a_whole_refund_gives_back_all_that_is_left():
    assert read("refund_whole") == (Refund("refund", None, "USD", CLICK),)


def test_the_refund_of_a_part_has_no_amount():
    assert reason_of(read("refund_part")) == "refund without an amount: fetch the sale"


def test_the_rest_after_partial_refunds_is_all_that_is_left():
    assert read("refund_part", refunded="true") == (Refund("refund", None, "USD", "SampleSale0000000000012cQ=="),)


def test_a_dispute_takes_all_back_until_it_is_won():
    sale = "SampleSale0000000000013cQ=="

    assert read("dispute") == (Refund("dispute", None, "USD", sale),)
    assert read("dispute_won") == (Withdrawal("dispute", sale),)


def test_a_ping_sent_late_tells_the_present_state():
    assert read("dispute", dispute_won="true") == read("dispute_won")
    sale, refund, dispute = read("sale_click", refunded="true", disputed="true")
    assert isinstance(sale, Order)
    assert (refund.id, dispute.id) == ("refund", "dispute")
    assert len(read("sale_click", disputed="true", dispute_won="true")) == 1


def test_a_cancelled_membership_gives_no_money_back():
    assert reason_of(read("cancellation")) == "no money"


@pytest.mark.parametrize("kind", ["subscription_updated", "subscription_ended", "subscription_restarted", None])
def test_other_resources_have_no_money(kind):
    assert reason_of(read("sale_click", resource_name=kind)) == "no money"


def test_the_test_ping_has_the_id_of_a_real_sale():
    assert CLICK.replace("=", "%3D") in raw("test_ping").decode()
    assert reason_of(read("test_ping")) == "test"


def test_a_seller_that_buys_tests():
    assert reason_of(read("sale_click", test="true")) == "test"


def test_a_preorder_is_no_money_yet():
    assert reason_of(read("sale_preorder")) == "not paid yet"


def test_a_free_product_is_no_sale():
    assert reason_of(read("sale_click", price="0")) == "no money"


def test_a_free_trial_tells_the_referral_of_its_membership():
    (brought,) = read("sale_first_of_membership", price="0")

    assert brought == Brought("SampleSubs0000000000002Q==", Referral(70420), "2026-10-09T08:00:00.000Z")


def test_the_price_of_a_gift_is_the_givers():
    assert order_of(read("sale_gift")).total == 1450


def test_a_custom_field_must_not_write_the_price():
    with pytest.raises(Unreadable, match="price is replaced by a custom field"):
        read("sale_custom_field_named_price")


@pytest.mark.parametrize(
    "name",
    [
        "resource_name", "test", "sale_id", "gift_price", "is_gift_receiver_purchase", "refunded", "disputed",
        "dispute_won",
    ],
)  # fmt: skip
def test_a_custom_field_must_not_write_any_member_of_the_sale_or_its_money(name):
    with pytest.raises(Unreadable, match=f"^{name} is replaced by a custom field"):
        read("sale_click", **{name: "true", f"custom_fields[{name}]": "true"})


def test_a_custom_field_must_not_write_the_referral():
    fields = {"custom_fields[offer_code]": "MINE", "custom_fields[url_params]": "x"}

    assert order_of(read("sale_click", offer_code="MINE", **fields)).referral == Referral()


def test_other_custom_fields_are_the_sellers_own():
    assert order_of(read("sale_click", **{"custom_fields[email]": "x@example.com"})).total == 1450


def test_a_retried_body_is_the_same_sale():
    assert read("sale_click", retry_count="2") == read("sale_click")


def test_json_tells_the_same_as_a_form():
    order, form = order_of(read("sale_json.json")), order_of(read("sale_click"))

    assert order.id == "SampleSale0000000000019cQ=="
    assert (order.total, order.lines, order.referral) == (form.total, form.lines, form.referral)


@pytest.mark.parametrize(
    "change",
    [
        {"price": "-1"},
        {"price": "12.5"},
        {"price": str(2**53)},
        {"price": "abc"},
        {"shipping_rate": "1451"},
        {"sale_id": None},
        {"sale_timestamp": "yesterday"},
        {"quantity": "-1"},
    ],
)
def test_a_member_of_another_form_is_unreadable(change):
    with pytest.raises(Unreadable, match=next(iter(change)) if "shipping_rate" not in change else "price"):
        read("sale_click", **change)


@pytest.mark.parametrize(
    ("name", "topic"), [("sale_click", "sale"), ("cancellation", "cancellation"), ("test_ping", "none")]
)
def test_the_topic_for_the_log_is_the_resource(name, topic):
    assert ADAPTER.topic(delivery(raw(name))) == topic


@pytest.mark.parametrize("sent", [b"\xff", b'{"a":', b"resource_name=a b", b'{"resource_name":[1]}'])
def test_a_topic_out_of_form_is_unknown(sent):
    assert ADAPTER.topic(delivery(sent)) == "unknown"


@pytest.mark.parametrize("sent", [b"", b"null", b"[]", b"{", b"\xff", b"{" * 100_000, b"&" * 5000, b"a=1&" * 5000])
def test_a_body_that_is_no_ping_is_unreadable_or_ignored(sent):
    shop_bodies.assert_told_or_unreadable(lambda: shop_bodies.read(ADAPTER, sent))


@given(st.data(), st.sampled_from(FORMS))
def test_any_damage_to_a_form_is_told_or_unreadable(data, name):
    pairs = parse_qsl(raw(name).decode(), keep_blank_values=True)
    place = data.draw(st.integers(0, len(pairs) - 1))
    values = st.text(max_size=12) | st.sampled_from(["1e999999", "9" * 5000, "-1", "NaN", "true", "0"])
    pairs[place : place + 1] = data.draw(st.lists(st.tuples(st.just(pairs[place][0]) | values, values), max_size=2))

    sent = Delivery({}, urlencode(pairs, errors="surrogatepass").encode(), 0)
    shop_bodies.assert_told_or_unreadable(lambda: ADAPTER.read(sent, Names()))


@given(st.data())
def test_any_damage_to_json_is_told_or_unreadable(data):
    body = shop_bodies.document("gumroad", "sale_json.json")
    for _ in range(data.draw(st.integers(1, 3))):
        body = shop_bodies.damaged(data, body)

    shop_bodies.assert_told_or_unreadable(lambda: ADAPTER.read(shop_bodies.raw_delivery(body), Names()))
