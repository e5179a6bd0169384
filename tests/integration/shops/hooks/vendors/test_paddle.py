"""Paddle's webhooks: completed transactions in the lowest denomination, and adjustments once they are approved."""

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
    refunds,
)

ORDER = "txn_01hrbr00000000000000000101"
PAID = "transaction_completed_first"
PARTS = ("adjustment_updated_approved", "adjustment_updated_approved_second", "adjustment_created_approved_rest")
CHARGEBACK, REVERSED = "adjustment_created_chargeback", "adjustment_updated_reversed"


@pytest.fixture
def shop(house: House) -> HookShop:
    pays(house, "EUR")
    return connect(house, "paddle")


def test_a_completed_transaction_is_in_the_ledger_to_the_cent_and_its_click_earns(shop: HookShop) -> None:
    dana = clicked(shop.house)

    assert shop.tells("transaction_paid", PAID) == ["ignored: told by another event", "recorded"]

    assert ledger(shop.house) == {ORDER: Facts("EUR", 9720, 0)}
    line = "txnitm_01hrbr000000000000000000"
    assert lines(shop.house, ORDER) == {f"{line}21": 4500, f"{line}22": 2700, f"{line}23": 900, "tax": 1620}
    assert earned(shop.house) == {dana: 810}


def test_an_alias_in_custom_data_earns(shop: HookShop) -> None:
    anna = partner(shop.house, "tracking", "NORA-7", "EUR")

    shop.tells(shop.changed(PAID, data__custom_data={"ref": "nora-7"}, data__discount_id=None))

    assert earned(shop.house) == {anna: 810}


def test_the_id_of_a_discount_stands_for_its_code_and_earns(shop: HookShop) -> None:
    anna = partner(shop.house, "coupon", "dsc_01hrbr00000000000000000009", "EUR")

    shop.tells(PAID)

    assert earned(shop.house) == {anna: 810}


def test_yen_have_no_decimals(shop: HookShop) -> None:
    shop.tells("transaction_completed_jpy")

    assert ledger(shop.house) == {"txn_01hrbr00000000000000000106": Facts("JPY", 4400, 0)}


def test_dinars_have_three_decimals(shop: HookShop) -> None:
    """Amounts are in the lowest denomination: 4,400 of it are 4.400 dinars."""
    shop.tells(shop.changed("transaction_completed_jpy", data__currency_code="KWD"))

    assert ledger(shop.house) == {"txn_01hrbr00000000000000000106": Facts("KWD", 4400, 0)}


def test_a_later_telling_of_the_same_transaction_changes_no_money(shop: HookShop) -> None:
    dana = clicked(shop.house)

    shop.tells(PAID, "transaction_completed_first_later", PAID)

    assert ledger(shop.house) == {ORDER: Facts("EUR", 9720, 0)}
    assert earned(shop.house) == {dana: 810}


def test_two_partial_refunds_and_the_rest_take_their_share_of_each_line(shop: HookShop) -> None:
    dana = clicked(shop.house)
    shop.tells(PAID)

    shown = []
    for part in PARTS:
        assert shop.tells(part) == ["recorded"]
        shown.append((ledger(shop.house)[ORDER].refunded, earned(shop.house).get(dana)))

    assert shown == [(1200, 710), (3630, 510), (9720, None)]


@pytest.mark.parametrize(
    ("sample", "reason"),
    [
        ("adjustment_created_pending", "pending approval"),
        ("adjustment_updated_rejected", "rejected"),
        ("adjustment_created_credit", "credit"),
        ("adjustment_created_chargeback_reverse", "told by the chargeback"),
        ("transaction_completed_simulated", "test"),
    ],
)
def test_what_moves_no_money_changes_nothing(shop: HookShop, sample: str, reason: str) -> None:
    shop.tells(PAID)
    before = shop.house.ledger()

    assert shop.tells(sample) == [f"ignored: {reason}"]

    assert shop.house.ledger() == before


@pytest.mark.parametrize("order", list(itertools.permutations((PAID, CHARGEBACK, REVERSED))))
def test_a_chargeback_is_given_back_when_it_is_reversed_in_every_order(order: tuple[str, ...]) -> None:
    with in_process() as house:
        pays(house, "EUR")
        dana, shop = clicked(house), connect(house, "paddle")

        shop.tells(*order, *order)

        assert ledger(house) == {ORDER: Facts("EUR", 9720, 0)}
        assert earned(house) == {dana: 810}
        ((status, _),) = refunds(house).values()
        assert status == "withdrawn"


def test_credit_on_the_balance_is_not_the_buyers_money(shop: HookShop) -> None:
    shop.tells("transaction_completed_part_by_credit")

    assert ledger(shop.house) == {"txn_01hrbr00000000000000000105": Facts("EUR", 7200, 0)}


def test_a_free_trial_is_no_sale(shop: HookShop) -> None:
    assert shop.tells("transaction_completed_trial") == ["recorded"]

    assert ledger(shop.house) == {}


def test_a_renewal_is_a_sale_that_does_not_take_the_click(shop: HookShop) -> None:
    dana = clicked(shop.house)

    shop.tells("transaction_completed_renewal", PAID)

    assert len(ledger(shop.house)) == 2
    assert earned(shop.house) == {dana: 810}


def test_a_refund_before_its_transaction_waits_for_it(shop: HookShop) -> None:
    shop.tells(*PARTS[:2], PAID)

    assert ledger(shop.house) == {ORDER: Facts("EUR", 9720, 3630)}


def test_deliveries_to_several_destinations_count_once(shop: HookShop) -> None:
    """Their notification ids differ."""
    again = shop.changed(PAID, notification_id="ntf_01another000000000000000001")

    assert shop.tells(PAID, again) == ["recorded", "repeat"]


def test_the_first_transaction_after_a_free_trial_takes_the_click_and_later_ones_do_not(shop: HookShop) -> None:
    dana = clicked(shop.house)
    trial = "sub_01hrbr00000000000000000107"
    first = shop.changed("transaction_completed_renewal", data__subscription_id=trial)
    later = shop.changed(
        "transaction_completed_renewal", data__subscription_id=trial, data__id="txn_01hrbr00000000000000000999"
    )

    assert shop.tells("transaction_completed_trial", first, later) == ["recorded"] * 3

    assert len(ledger(shop.house)) == 2
    assert list(earned(shop.house)) == [dana]
    assert len(shop.house.ledger("conversion")) == 1
