"""Everything signed is answered 200, and the log of the connection says what became of it."""

import json
from typing import Any

import pytest

from local.deliveries import headers
from tests.stack.house import House
from tests.stack.scenarios.hooks.hook_shop import SECRET, HookShop, at, connect, ledger, log_items, samples
from tributary.api.hooks.outcome import WAITS
from tributary.domain import times
from tributary.ledger.connections import connections
from tributary.ledger.connections.deliveries import KEPT_DAYS
from tributary.shops.vendors import VENDORS

PAID = {
    "shopify": "orders_paid_guest_click",
    "woocommerce": "order_updated_paid",
    "stripe": "checkout_session_completed_paid",
    "paddle": "transaction_completed_first",
    "lemonsqueezy": "order_created_paid",
    "gumroad": "sale_click",
}
MALFORMED = (b"", b"[]", b"null", b"7", b'"x"', b"{", b"{}", b"\xff\xfe", b'{"id":' + b"[" * 5000, b'{"a":1e999999}')


@pytest.fixture(params=VENDORS)
def shop(request: pytest.FixtureRequest, house: House) -> HookShop:
    return connect(house, request.param)


def test_an_order_is_recorded_and_told_again_it_is_a_repeat(shop: HookShop) -> None:
    assert shop.tells(PAID[shop.vendor], PAID[shop.vendor]) == ["recorded", "repeat"]
    before = shop.house.ledger()

    assert shop.tells(PAID[shop.vendor]) == ["repeat"]

    assert shop.house.ledger() == before


def test_an_entry_names_the_topic_the_order_and_the_transaction(shop: HookShop) -> None:
    shop.tells(PAID[shop.vendor])

    (entry,) = shop.log()
    (sale,) = shop.house.get("/transactions", include="extended").json
    assert (entry["connectionId"], entry["transactionId"], entry["orderId"]) == (shop.id, sale["id"], sale["sourceId"])
    assert entry["topic"] not in ("", "none", "unknown")
    assert set(entry) == {
        "id", "connectionId", "topic", "outcome", "orderId", "refundId", "transactionId", "dateCreated",
    }  # fmt: skip


def test_the_log_is_kept_for_seven_days(shop: HookShop) -> None:
    shop.tells(PAID[shop.vendor])

    (item,) = log_items()
    until = times.seconds(times.later(item["listed"]["dateCreated"], days=KEPT_DAYS))
    assert abs(item["expiresAt"] - until) <= 1


def test_the_log_is_read_by_topic_and_page(shop: HookShop) -> None:
    shop.tells(*[PAID[shop.vendor]] * 5)
    topic = shop.log()[0]["topic"]

    pages = [shop.log(perPage=2, page=page) for page in (1, 2, 3)]

    assert [len(page) for page in pages] == [2, 2, 1]
    assert len({it["id"] for page in pages for it in page}) == 5
    assert len(shop.log(topic=topic)) == 5
    assert shop.log(topic="nothing") == []


def test_a_malformed_body_is_200_and_refused_or_ignored_by_name(shop: HookShop) -> None:
    before = shop.house.ledger()

    outcomes = shop.tells(*MALFORMED)

    assert len(outcomes) == len(MALFORMED)
    assert {it.split(": ")[0] for it in outcomes} <= {"refused", "ignored"}
    assert shop.house.ledger() == before


def test_a_paused_connection_records_nothing_and_says_so(shop: HookShop) -> None:
    assert shop.change(status="paused").json["status"] == "paused"
    shop.house.deliver()
    before = shop.house.ledger()

    assert shop.tells(PAID[shop.vendor]) == ["ignored: the connection is paused"]
    assert shop.send(PAID[shop.vendor], secret="not-the-secret-1", path="/hooks/1/x").status == 401
    assert shop.house.ledger() == before

    shop.change(status="active")
    connections.forget()  # as ten seconds later
    assert shop.tells(PAID[shop.vendor]) == ["recorded"]


def test_a_pause_is_noticed_within_ten_seconds(shop: HookShop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.tells(PAID[shop.vendor])
    shop.change(status="paused")
    assert shop.tells(PAID[shop.vendor]) == ["repeat"]

    present = connections.time.monotonic()
    monkeypatch.setattr(connections.time, "monotonic", lambda: present + connections.KEPT_SECONDS + 1)

    assert shop.tells(PAID[shop.vendor]) == ["ignored: the connection is paused"]


def test_an_order_of_more_lines_than_a_sale_has_is_refused(house: House) -> None:
    shop = connect(house, "shopify")
    line = {"name": "Pin", "price": "0.10", "quantity": 1, "sku": None}
    lines = [line | {"id": number} for number in range(1290)]

    body = shop.changed("orders_paid_guest_click", line_items=lines)

    assert shop.tells(body) == ["refused: too_many_lines"]
    assert ledger(house) == {}


def test_an_order_in_another_currency_than_before_is_refused(house: House) -> None:
    shop = connect(house, "shopify")
    other = shop.changed("orders_paid_guest_click", currency="EUR", updated_at="2026-10-06T00:00:00Z")

    assert shop.tells("orders_paid_guest_click", other) == ["recorded", "refused: currency"]


def too_many(shop: HookShop, sample: str, **members: Any) -> bytes:
    """A sample with more lines than a sale has, all but its own without a value."""
    lines = json.loads(shop.body(sample))["line_items"]
    free = {"name": "Gift", "price": "0.00", "quantity": 1, "total": "0.00", "total_tax": "0.00", "subtotal": "0.00"}
    return shop.changed(sample, line_items=[*lines, *(free | {"id": number} for number in range(1001))], **members)


@pytest.mark.parametrize(
    ("vendor", "known", "refunding", "total", "refunded"),
    [
        ("shopify", "orders_paid_guest_click", "orders_cancelled_refund_inside", 12900, 12900),
        ("woocommerce", "order_updated_first_refund", "order_updated_second_refund", 12399, 4849),
    ],
)
def test_a_refused_version_leaves_the_refunds_beside_it_recorded(
    house: House, vendor: str, known: str, refunding: str, total: int, refunded: int
) -> None:
    shop = connect(house, vendor)
    (order,) = {json.loads(shop.body(it))["id"] for it in (known, refunding)}
    shop.tells(known)

    assert shop.tells(too_many(shop, refunding)) == ["refused: too_many_lines"]

    ((name, facts),) = ledger(house).items()
    assert (name, facts.total, facts.refunded) == (str(order), total, refunded)
    assert shop.log()[0]["orderId"] == name


def test_a_refund_that_is_refused_leaves_the_next_one_of_its_payment_recorded(house: House) -> None:
    shop = connect(house, "stripe")
    foreign = shop.changed("refund_created_partial", data__object__currency="usd", data__object__id="re_0")
    assert shop.tells(foreign, "refund_created_partial") == [WAITS, WAITS]

    outcomes = shop.tells("checkout_session_completed_paid")

    assert outcomes == ["refused: currency"]
    assert [(it.total, it.refunded) for it in ledger(house).values()] == [(13090, 3000)]
    assert shop.log()[0]["transactionId"]


def test_refusals_of_one_delivery_are_named_together(house: House) -> None:
    shop = connect(house, "woocommerce")
    shop.tells("order_updated_first_refund")

    other = too_many(shop, "order_updated_second_refund", currency="USD")

    assert shop.tells(other) == ["refused: too_many_lines, currency"]


REFUNDED = {
    "shopify": ("orders_paid_discount_tax_shipping_tip", "refunds_create_first_part"),
    "woocommerce": ("order_updated_coupon_tax_shipping_fee", "order_updated_first_refund"),
    "stripe": ("checkout_session_completed_paid", "refund_created_partial"),
    "paddle": ("transaction_completed_first", "adjustment_updated_approved"),
    "lemonsqueezy": ("order_created_paid", "order_refunded_partial"),
    "gumroad": ("sale_click", "refund_whole"),
}


def test_an_entry_of_a_refund_names_it_its_order_and_the_transaction(shop: HookShop) -> None:
    order, refund = REFUNDED[shop.vendor]

    assert shop.tells(order, refund) == ["recorded", "recorded"]

    (sale,) = shop.house.get("/transactions", include="extended").json
    (told,) = [it for it in shop.house.get("/refunds").json if it["sourceId"] == sale["sourceId"]]
    newest, *_ = shop.log()
    wanted = (sale["sourceId"], told["refundId"], sale["id"])
    assert (newest["orderId"], newest["refundId"], newest["transactionId"]) == wanted


@pytest.mark.parametrize(
    ("vendor", "sample", "outcome", "order"),
    [
        ("gumroad", "refund_part", "ignored: refund without an amount: fetch the sale", "SampleSale0000000000012cQ=="),
        ("woocommerce", "order_deleted_id_only", "ignored: deleted: money unknown", "9310"),
        ("shopify", "orders_edited_no_order", "ignored: no order in the body; orders/updated follows", "6200000000401"),
    ],
)
def test_an_entry_that_wants_a_human_names_the_order(
    house: House, vendor: str, sample: str, outcome: str, order: str
) -> None:
    shop = connect(house, vendor)

    assert shop.tells(sample) == [outcome]

    (entry,) = shop.log()
    assert (entry["orderId"], entry["transactionId"]) == (order, None)


def test_a_refused_order_is_named(house: House) -> None:
    shop = connect(house, "shopify")

    (outcome,) = shop.tells(shop.changed("orders_paid_guest_click", total_price="x"))

    (entry,) = shop.log()
    assert outcome == "refused: total_price is no number"
    assert entry["orderId"] == str(json.loads(shop.body("orders_paid_guest_click"))["id"])


def test_a_delivery_to_a_paused_connection_names_its_order(shop: HookShop) -> None:
    shop.change(status="paused")
    connections.forget()

    assert shop.tells(PAID[shop.vendor]) == ["ignored: the connection is paused"]

    assert shop.log()[0]["orderId"] is not None


def test_a_withdrawal_before_its_refund_names_the_sale(house: House) -> None:
    shop = connect(house, "paddle")
    shop.tells(PAID["paddle"], "adjustment_updated_reversed")

    entry, _ = shop.log()
    (sale,) = house.get("/transactions").json
    assert (entry["outcome"], entry["transactionId"]) == ("recorded", sale["id"])


def test_a_refund_whose_payment_is_tied_later_is_named_with_the_sale_by_that_delivery(house: House) -> None:
    shop = connect(house, "stripe")
    assert shop.tells("refund_created_partial") == [WAITS]
    (waiting,) = shop.log()
    assert (waiting["orderId"], waiting["refundId"]) == (None, "re_3Harbour0020")

    shop.tells(PAID["stripe"])

    entry, _ = shop.log()
    assert (entry["refundId"], entry["transactionId"] is None) == ("re_3Harbour0020", False)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD"])
def test_only_a_post_is_a_delivery(house: House, method: str) -> None:
    shop = connect(house, "shopify")

    assert house.call(method, shop.path, key=None, base="").status in (404, 405)


def test_a_sale_of_a_clock_that_runs_ahead_is_of_now(house: House) -> None:
    shop = connect(house, "shopify")

    with at("2026-11-20T12:00:00.000Z"):
        shop.tells(shop.changed("orders_paid_guest_click", processed_at="2027-01-01T00:00:00Z"))

    ((sale),) = house.ledger("transaction")
    assert sale["reported"]["occurredAt"] == "2026-11-20T12:00:00.000Z"


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_sample_is_answered_200_without_a_body(house: House, vendor: str) -> None:
    shop = connect(house, vendor)

    outcomes = shop.tells(*samples(vendor))

    assert {it.split(": ")[0] for it in outcomes} <= {"recorded", "repeat", "ignored", "refused"}
    assert len(outcomes) == len(samples(vendor))


def test_the_bodys_encoding_by_the_gateway_makes_no_difference(house: House) -> None:
    """A body of text is passed as it is, any other in base64."""
    shop = connect(house, "shopify")
    body = shop.body("orders_paid_guest_click")
    signed = headers("shopify", body, SECRET)

    assert house.call("POST", shop.path, body.decode(), key=None, base="", headers=signed).status == 200
    assert house.call("POST", shop.path, body, key=None, base="", headers=signed).status == 200

    assert [it["outcome"] for it in shop.log()] == ["repeat", "recorded"]
