"""Signatures: of the present secret and, for a day, of the former one; nothing else of any connection."""

from typing import Any

import pytest

from local.deliveries import headers
from tests.stack.house import House
from tests.stack.moto_stack import note_use
from tests.stack.scenarios.hooks.hook_shop import ANOTHER, SECRET, HookShop, at, connect, ledger, log_items
from tributary.domain import times
from tributary.ledger.connections import connections
from tributary.ledger.organization import api_keys
from tributary.shops.hex_signature import TOLERANCE
from tributary.shops.vendors import VENDORS

ORDERS = {
    "shopify": "orders_paid_guest_click",
    "woocommerce": "order_updated_paid",
    "stripe": "checkout_session_completed_paid",
    "paddle": "transaction_completed_first",
    "lemonsqueezy": "order_created_paid",
}
SIGNED_AT = {"stripe": "stripe-signature", "paddle": "paddle-signature"}
A_DAY = 24 * 3600


@pytest.fixture(params=ORDERS)
def shop(request: pytest.FixtureRequest, house: House) -> HookShop:
    return connect(house, request.param)


def statuses(shop: HookShop, *secrets: str, seconds: int = 0) -> list[int]:
    """Statuses of an order signed by each secret, so many seconds later."""
    connections.forget()  # as another process
    with at(times.later(times.now(), seconds=seconds)):
        return [shop.send(ORDERS[shop.vendor], secret=secret).status for secret in secrets]


def test_a_right_signature_is_taken_and_a_wrong_one_writes_nothing(shop: HookShop) -> None:
    before = shop.house.ledger()

    refused = shop.send(ORDERS[shop.vendor], secret=ANOTHER)

    assert (refused.status, refused.error["code"]) == (401, "unauthorized")
    assert refused.error["message"].startswith("The signature of the webhook is wrong")
    assert shop.house.ledger() == before
    assert shop.send(ORDERS[shop.vendor]).status == 200
    assert len(ledger(shop.house)) == 1


@pytest.mark.parametrize("damage", [{}, {"value": ""}, {"value": "=,=;"}, {"value": "é\x00"}, {"value": "a" * 9000}])
def test_a_missing_or_malformed_signature_is_401(shop: HookShop, damage: dict[str, str]) -> None:
    body = shop.body(ORDERS[shop.vendor])
    signed = [it for it in headers(shop.vendor, body, SECRET) if "signature" in it or "hmac" in it]

    answer = shop.send(body, headers=dict.fromkeys(signed, damage.get("value")))

    assert answer.status == 401
    assert ledger(shop.house) == {}


def test_the_signature_is_of_the_raw_body(shop: HookShop) -> None:
    body = shop.body(ORDERS[shop.vendor])
    sent = headers(shop.vendor, body, SECRET, ORDERS[shop.vendor])

    assert shop.send(body + b" ", headers=sent).status == 401
    assert shop.send(body.replace(b"2026", b"2025"), headers=sent).status == 401
    assert shop.send(body, headers=sent).status == 200


def test_a_body_that_is_no_utf_8_is_verified_as_it_came(shop: HookShop) -> None:
    body = shop.body(ORDERS[shop.vendor]).rstrip()[:-1] + b',"x":"\xff"}'

    assert shop.tells(body) == ["refused: the body is not JSON"]
    assert shop.send(body, secret=ANOTHER).status == 401


def test_the_former_secret_is_good_for_24_hours_after_a_change(shop: HookShop) -> None:
    assert statuses(shop, SECRET, ANOTHER) == [200, 401]

    assert shop.change(secret=ANOTHER).status == 200

    assert statuses(shop, SECRET, ANOTHER) == [200, 200]
    assert statuses(shop, SECRET, ANOTHER, seconds=A_DAY - 5) == [200, 200]
    assert statuses(shop, SECRET, ANOTHER, seconds=A_DAY + 5) == [401, 200]


def test_a_second_change_within_a_day_ends_the_first_secret(shop: HookShop) -> None:
    for secret in (ANOTHER, "secret-of-the-shop-3"):
        assert shop.change(secret=secret).status == 200

    assert statuses(shop, SECRET, ANOTHER, "secret-of-the-shop-3") == [401, 200, 200]


def test_the_same_secret_again_does_not_end_the_former_one(shop: HookShop) -> None:
    for _ in range(2):
        assert shop.change(secret=ANOTHER).status == 200

    assert statuses(shop, SECRET, ANOTHER) == [200, 200]
    assert statuses(shop, SECRET, ANOTHER, seconds=A_DAY + 5) == [401, 200]


def test_a_changed_secret_is_good_at_once_also_where_the_connection_was_read_before(shop: HookShop) -> None:
    assert shop.send(ORDERS[shop.vendor]).status == 200

    shop.change(secret=ANOTHER)

    assert shop.send(ORDERS[shop.vendor], secret=ANOTHER).status == 200


@pytest.mark.parametrize("vendor", SIGNED_AT)
def test_an_old_signature_cannot_be_replayed(house: House, vendor: str) -> None:
    shop = connect(house, vendor)
    now = times.seconds(times.now())

    answers = [shop.send(ORDERS[vendor], now=now - age).status for age in (TOLERANCE + 30, TOLERANCE - 30)]

    assert answers == [401, 200]


@pytest.mark.parametrize("vendor", ["shopify", "stripe", "paddle"])
def test_without_a_secret_yet_nothing_is_taken(house: House, vendor: str) -> None:
    """The vendor shows its secret once the URL is known."""
    made = house.post("/connections", {"vendor": vendor, "source": vendor})
    shop = HookShop(house, vendor, made.json["id"], f"/hooks/{made.json['id']}", None)
    assert (made.status, made.json["hasSecret"]) == (201, False)
    assert [shop.send(ORDERS[vendor], secret=it).status for it in (SECRET, "")] == [401, 401]

    assert shop.change(secret=SECRET).json["hasSecret"]

    assert shop.send(ORDERS[vendor], secret=SECRET).status == 200


# connections that are not the sender's


@pytest.mark.parametrize("named", ["1", "0", "-1", "x", "9" * 16, "9" * 17, "1e3", "²", "%00", "null", "{id}"])
def test_an_unknown_connection_is_401_like_a_wrong_signature(house: House, named: str) -> None:
    shop = connect(house, "shopify")
    before = len(log_items())

    wrong = shop.send(ORDERS["shopify"], path=f"/hooks/{named}")
    unsigned = shop.send(ORDERS["shopify"], secret=ANOTHER)

    assert (wrong.status, wrong.error) == (401, unsigned.error)
    assert len(log_items()) == before + 1
    assert ledger(house) == {}


def test_a_secret_of_one_connection_opens_no_other(house: House) -> None:
    first, second = connect(house, "shopify"), connect(house, "shopify", secret=ANOTHER, source="other")

    assert first.send(ORDERS["shopify"], secret=ANOTHER).status == 401
    assert second.send(ORDERS["shopify"], secret=SECRET).status == 401


def test_a_flood_of_pings_is_one_entry_a_minute_beside_that_of_forgeries(house: House) -> None:
    shop = connect(house, "woocommerce")
    with at("2026-11-30T10:00:30.000Z"):
        for number in range(5):
            assert shop.send(f"webhook_id={number}".encode()).status == 200
            assert shop.send(b"{}", secret="wrong-secret-1").status == 401

    assert sorted(it["outcome"] for it in shop.log()) == ["ignored: ping", "refused: signature"]


def test_a_flood_of_unsigned_posts_is_one_entry_a_minute(house: House) -> None:
    shop = connect(house, "shopify")

    with at("2026-11-21T12:00:30.000Z"):
        assert {shop.send(ORDERS["shopify"], secret=ANOTHER).status for _ in range(20)} == {401}

    assert [(it["topic"], it["outcome"]) for it in shop.log()] == [("unknown", "refused: signature")]


def test_the_entry_of_unsigned_posts_has_the_moment_of_the_latest(house: House) -> None:
    shop = connect(house, "shopify")

    for second, secret in ((10, ANOTHER), (20, SECRET), (30, ANOTHER)):
        with at(f"2026-11-21T12:00:{second}.000Z"):
            shop.send(ORDERS["shopify"], secret=secret)

    assert [(it["outcome"], it["dateCreated"][17:19]) for it in shop.log()] == [
        ("refused: signature", "30"),
        ("recorded", "20"),
    ]


@pytest.mark.parametrize("vendor", SIGNED_AT)
@pytest.mark.parametrize(("secret", "outcome"), [(SECRET, "refused: timestamp"), (ANOTHER, "refused: signature")])
def test_an_old_signature_of_the_right_secret_is_told_apart_in_the_log_only(
    house: House, vendor: str, secret: str, outcome: str
) -> None:
    shop = connect(house, vendor)
    old = times.seconds(times.now()) - TOLERANCE - 30

    answers = [shop.send(ORDERS[vendor], secret=secret, now=old) for _ in range(2)]

    wrong = shop.send(ORDERS[vendor], path="/hooks/1")
    assert [(it.status, it.error) for it in answers] == [(401, wrong.error)] * 2
    assert {it["outcome"] for it in shop.log()} == {outcome}


@pytest.fixture
def stranger(house: House) -> str:
    """An admin key of another organization."""
    with house._environment("manage_api_keys"):
        key = str(api_keys.create("other", "admin", ["admin"])["rawKey"])
        note_use([key])
        return key


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("PATCH", "", {"label": "mine"}),
        ("PATCH", "", {"secret": ANOTHER}),
        ("DELETE", "", None),
        ("POST", "/rotate", None),
        ("GET", "/deliveries", None),
        ("POST", "/reconcile", {"csv": "a,b,c\n", "columns": {"order": "a", "total": "b", "paidAt": "c"}}),
    ],
)
def test_another_organizations_connection_is_not_there(
    house: House, stranger: str, method: str, path: str, body: Any
) -> None:
    shop = connect(house, "woocommerce")
    shop.tells(ORDERS["woocommerce"])
    before = house.ledger()

    answer = house.call(method, f"/connections/{shop.id}{path}", body, key=stranger)

    assert (answer.status, answer.error["code"]) == (404, "not_found")
    assert house.ledger() == before
    assert house.get("/connections", key=stranger).json == []


@pytest.mark.parametrize("key", ["events", "reader"])
def test_only_an_admin_manages_connections(house: House, key: str) -> None:
    shop = connect(house, "shopify")

    answers = [
        house.get("/connections", key=key),
        house.get(f"/connections/{shop.id}", key=key),
        house.post("/connections", {"vendor": "stripe", "source": "s"}, key=key),
        house.delete(f"/connections/{shop.id}", key=key),
        house.get(f"/connections/{shop.id}/deliveries", key=key),
    ]

    assert [it.status for it in answers] == [403] * 5


def test_two_organizations_with_the_same_order_have_a_sale_each(stranger: str, house: House) -> None:
    ours = connect(house, "shopify")
    made = house.post("/connections", {"vendor": "shopify", "source": "shopify", "secret": ANOTHER}, key=stranger)
    theirs = HookShop(house, "shopify", made.json["id"], f"/hooks/{made.json['id']}", ANOTHER)

    for shop in (ours, theirs):
        assert shop.send(ORDERS["shopify"]).status == 200

    assert sorted(it["organization"] for it in house.ledger("transaction")) == ["demo", "other"]


def test_a_deleted_connection_takes_nothing_more(house: House) -> None:
    shop = connect(house, "shopify")
    assert shop.send(ORDERS["shopify"]).status == 200

    assert house.delete(f"/connections/{shop.id}").status == 200

    assert statuses(shop, SECRET) == [401]


def test_every_vendor_that_signs_is_tested_here() -> None:
    assert {*ORDERS, "gumroad"} == set(VENDORS)
