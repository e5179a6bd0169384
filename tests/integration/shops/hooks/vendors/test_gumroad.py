"""Gumroad's pings: without a signature, so at a secret URL, and in US cents."""

import itertools
from urllib.parse import parse_qsl, urlencode

import pytest

from tests.stack.house import House, in_process
from tests.stack.scenarios.hooks.hook_shop import (
    Facts,
    HookShop,
    at,
    clicked,
    connect,
    earned,
    ledger,
    lines,
    partner,
    refunds,
)
from tributary.domain import times
from tributary.ledger.connections import connections

CLICK, SHIPPED, EURO = (f"SampleSale00000000000{it}cQ==" for it in (11, 12, 13))


@pytest.fixture
def shop(house: House) -> HookShop:
    return connect(house, "gumroad")


def form(shop: HookShop, sample: str, **members: str) -> bytes:
    return urlencode(dict(parse_qsl(shop.body(sample).decode(), keep_blank_values=True)) | members).encode()


def test_a_sale_is_in_the_ledger_to_the_cent_and_the_click_of_its_page_earns(shop: HookShop) -> None:
    dana = clicked(shop.house)

    assert shop.tells("sale_click") == ["recorded"]

    assert ledger(shop.house) == {CLICK: Facts("USD", 1450, 0)}
    assert earned(shop.house) == {dana: 145}


def test_the_price_holds_the_shipping_and_an_offer_code_in_any_case_earns(shop: HookShop) -> None:
    anna = partner(shop.house, "coupon", "HARVESTTEN")

    shop.tells("sale_shipping_coupon")

    assert lines(shop.house, SHIPPED) == {"product": 4590, "shipping": 790}
    assert earned(shop.house) == {anna: 459}


def test_the_alias_of_the_pages_query_earns(shop: HookShop) -> None:
    anna = partner(shop.house, "tracking", "Stranger")

    shop.tells("sale_shipping_coupon")

    assert earned(shop.house) == {anna: 459}


def test_a_price_is_in_us_cents_though_the_product_is_listed_in_euro(shop: HookShop) -> None:
    shop.tells("sale_listed_in_euro")

    assert ledger(shop.house) == {EURO: Facts("USD", 1944, 0)}


def test_a_whole_refund_gives_everything_back_once(shop: HookShop) -> None:
    shop.tells("sale_click", "refund_whole", "refund_whole", "sale_click")

    assert ledger(shop.house) == {CLICK: Facts("USD", 1450, 1450)}


def test_a_refund_of_a_part_has_no_amount_and_changes_nothing(shop: HookShop) -> None:
    shop.tells("sale_shipping_coupon")

    assert shop.tells("refund_part") == ["ignored: refund without an amount: fetch the sale"]

    assert ledger(shop.house) == {SHIPPED: Facts("USD", 5380, 0)}


@pytest.mark.parametrize("order", list(itertools.permutations(("sale_listed_in_euro", "dispute", "dispute_won"))))
def test_a_dispute_that_is_won_gives_the_money_back_to_the_seller_in_every_order(order: tuple[str, ...]) -> None:
    with in_process() as house:
        shop = connect(house, "gumroad")

        shop.tells(*order, *order)

        assert ledger(house) == {EURO: Facts("USD", 1944, 0)}
        assert refunds(house)["dispute"][0] == "withdrawn"


def test_a_dispute_takes_everything_until_then(shop: HookShop) -> None:
    shop.tells("sale_listed_in_euro", "dispute")

    assert ledger(shop.house) == {EURO: Facts("USD", 1944, 1944)}


@pytest.mark.parametrize(
    ("sample", "reason"),
    [("test_ping", "test"), ("sale_preorder", "not paid yet"), ("cancellation", "no money")],
)
def test_what_is_no_money_changes_nothing(shop: HookShop, sample: str, reason: str) -> None:
    """The test ping is the latest real sale, with its real id."""
    shop.tells("sale_click")
    before = shop.house.ledger()

    assert shop.tells(sample) == [f"ignored: {reason}"]

    assert shop.house.ledger() == before


def test_the_test_ping_does_not_take_the_place_of_its_sale(shop: HookShop) -> None:
    dana = clicked(shop.house)

    shop.tells(form(shop, "sale_click", test="true", resource_name=""), "sale_click")

    assert earned(shop.house) == {dana: 145}


def test_the_price_of_a_gift_is_the_givers(shop: HookShop) -> None:
    shop.tells("sale_gift")

    assert ledger(shop.house) == {"SampleSale0000000000016cQ==": Facts("USD", 1450, 0)}


def test_a_custom_field_cannot_write_the_price(shop: HookShop) -> None:
    before = shop.house.ledger()

    assert shop.tells("sale_custom_field_named_price") == ["refused: price is replaced by a custom field"]

    assert shop.house.ledger() == before


def test_a_retried_body_is_the_same_sale_and_json_tells_the_same(shop: HookShop) -> None:
    told = shop.tells("sale_click", form(shop, "sale_click", retry_count="1"), "sale_json")

    assert told == ["recorded", "repeat", "recorded"]
    assert set(ledger(shop.house).values()) == {Facts("USD", 1450, 0)}


def test_a_membership_earns_for_its_first_payment_only(shop: HookShop) -> None:
    dana = clicked(shop.house)

    shop.tells("sale_renewal", "sale_first_of_membership")

    assert len(ledger(shop.house)) == 2
    assert earned(shop.house) == {dana: 120}


# the secret URL


@pytest.mark.parametrize("token", ["", "/", "/x", "/{secret}", "/%7Bsecret%7D", "/" + "a" * 43, "/%ff"])
def test_a_wrong_url_is_401_and_writes_nothing_to_the_ledger(shop: HookShop, token: str) -> None:
    before = shop.house.ledger()

    answer = shop.send("sale_click", path=f"/hooks/{shop.id}{token}")

    assert answer.status in (401, 404)
    assert shop.house.ledger() == before


def test_the_url_is_shown_with_its_secret_once(house: House) -> None:
    made = house.post("/connections", {"vendor": "gumroad", "source": "g"}).json
    shown = house.get(f"/connections/{made['id']}")

    assert made["url"].endswith("/" + made["secret"])
    assert shown.json["url"].endswith(f"/hooks/{made['id']}/{{secret}}")
    assert made["secret"] not in shown.text


def test_the_former_url_is_good_for_a_day_after_a_rotation(shop: HookShop) -> None:
    renewed = shop.rotated()
    assert renewed.path != shop.path

    answers = [it.send("sale_click").status for it in (shop, renewed)]
    with at(times.later(times.now(), hours=24, seconds=1)):
        connections.forget()
        later = [it.send("sale_click").status for it in (shop, renewed)]

    assert (answers, later) == ([200, 200], [401, 200])


def test_the_first_charge_after_a_free_trial_takes_the_click_and_later_ones_do_not(shop: HookShop) -> None:
    dana = clicked(shop.house)
    trial = form(shop, "sale_first_of_membership", price="0")
    later = form(shop, "sale_renewal", sale_id="SampleSale0000000000099cQ==", sale_timestamp="2026-12-09T08:00:04Z")

    assert shop.tells(trial, "sale_renewal", later) == ["recorded"] * 3

    assert {it.total for it in ledger(shop.house).values()} == {1200}
    assert earned(shop.house) == {dana: 120}
