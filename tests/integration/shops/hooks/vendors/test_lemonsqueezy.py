"""Lemon Squeezy's webhooks: sums refunded so far without ids, and a first payment that is told twice."""

import itertools

import pytest

from tests.stack.house import House, in_process
from tests.stack.scenarios.hooks.hook_shop import (
    Facts,
    HookShop,
    clicked,
    connect,
    earned,
    ledger,
    lines,
    partner,
    pays,
)

ORDER, FIRST, RENEWAL = "8410202", "8410707", "subscription-invoices/6410902"
PAID = "order_created_paid"
PARTS = ("order_refunded_partial", "order_refunded_second", "order_refunded_rest")
IN_OCTOBER = "2026-10-20T12:00:00.000Z"


@pytest.fixture
def shop(house: House) -> HookShop:
    pays(house, "EUR")
    return connect(house, "lemonsqueezy")


def test_a_paid_order_is_in_the_ledger_to_the_cent_and_its_click_earns(shop: HookShop) -> None:
    dana = clicked(shop.house, IN_OCTOBER)

    assert shop.tells(PAID) == ["recorded"]

    assert ledger(shop.house) == {ORDER: Facts("EUR", 5712, 0)}
    assert lines(shop.house, ORDER) == {"8410262": 4800, "tax": 912}
    assert earned(shop.house) == {dana: 480}


def test_an_alias_in_custom_data_earns(shop: HookShop) -> None:
    anna = partner(shop.house, "tracking", "NORA-7", "EUR")

    shop.tells(shop.changed(PAID, meta__custom_data={"ref": "nora-7"}))

    assert earned(shop.house) == {anna: 480}


def test_tax_inside_and_a_setup_fee_are_parts_of_the_total(shop: HookShop) -> None:
    shop.tells("order_created_tax_inside", "order_created_setup_fee")

    assert ledger(shop.house) == {"8410303": Facts("PLN", 24600, 0), ORDER: Facts("EUR", 6902, 0)}
    assert lines(shop.house, ORDER) == {"8410262": 4800, "fee": 1000, "tax": 1102}


def test_yen_whose_unit_the_shown_total_tells(shop: HookShop) -> None:
    shop.tells("order_created_jpy")

    assert ledger(shop.house) == {ORDER: Facts("JPY", 3300, 0)}


@pytest.mark.parametrize(("total", "shown"), [(330000, "KWD 330.000"), (33000, "KWD 330.00")])
def test_dinars_whose_unit_the_shown_total_tells(shop: HookShop, total: int, shown: str) -> None:
    attributes = {"currency": "KWD", "total": total, "tax": 0, "total_formatted": shown}
    told = {f"data__attributes__{name}": value for name, value in attributes.items()}

    shop.tells(shop.changed("order_created_jpy", **told))

    assert ledger(shop.house) == {ORDER: Facts("KWD", 330000, 0)}


@pytest.mark.parametrize("sample", ["order_created_test_mode", "order_created_pending"])
def test_an_order_in_test_mode_or_unpaid_is_no_sale(shop: HookShop, sample: str) -> None:
    before = shop.house.ledger()

    (outcome,) = shop.tells(sample)

    assert outcome.startswith("ignored: ")
    assert shop.house.ledger() == before


def test_refunds_are_cumulative_and_take_their_share(shop: HookShop) -> None:
    dana = clicked(shop.house, IN_OCTOBER)
    shop.tells(PAID)

    shown = []
    for part in PARTS:
        assert shop.tells(part, part) == ["recorded", "repeat"]
        shown.append((ledger(shop.house)[ORDER].refunded, earned(shop.house).get(dana)))

    assert shown == [(1500, 354), (2200, 296), (5712, None)]


@pytest.mark.parametrize("order", list(itertools.permutations((PAID, *PARTS[:2], "order_created_refunded_since"))))
def test_the_greatest_sum_heard_is_what_is_back_in_every_order(order: tuple[str, ...]) -> None:
    with in_process() as house:
        shop = connect(house, "lemonsqueezy")

        shop.tells(*order, *order)

        assert ledger(house) == {ORDER: Facts("EUR", 5712, 2200)}


def test_the_first_payment_of_a_subscription_is_told_twice_and_counts_once(shop: HookShop) -> None:
    told = shop.tells("order_created_first_of_subscription", "subscription_payment_success_initial")

    assert told == ["recorded", "ignored: told by the order"]
    assert ledger(shop.house) == {FIRST: Facts("USD", 1900, 0)}


def test_a_renewal_is_a_sale_of_another_sequence_of_numbers(shop: HookShop) -> None:
    """An invoice may have the number of an order."""
    order = shop.changed(PAID, data__id="6410902")

    shop.tells(order, "subscription_payment_success_renewal", "subscription_payment_refunded_partial")

    assert ledger(shop.house) == {"6410902": Facts("EUR", 5712, 0), RENEWAL: Facts("USD", 1900, 700)}


def test_a_payment_that_recovers_is_the_same_renewal(shop: HookShop) -> None:
    recovered = shop.changed("subscription_payment_success_renewal", meta__event_name="subscription_payment_recovered")

    shop.tells("subscription_payment_success_renewal", recovered)

    assert ledger(shop.house) == {RENEWAL: Facts("USD", 1900, 0)}


def test_the_id_of_a_delivery_is_no_key(shop: HookShop) -> None:
    again = shop.changed(PAID, meta__webhook_id="11111111-2222-4333-8444-555555555555")

    assert shop.tells(PAID, again) == ["recorded", "repeat"]
