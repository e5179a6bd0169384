"""Stripe's webhooks: one source for each sum of money, found by the payment, and referrals that come apart from it."""

import itertools
from typing import Any

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
    samples,
)
from tests.stack.scenarios.hooks.interruptions import before_request
from tributary.api.hooks.outcome import WAITS
from tributary.ledger.connections import ties

SESSION, YEN, DINAR = (f"cs_live_a1Harbour000{it}" for it in (1, 2, 4))
PAID = "checkout_session_completed_paid"
PARTS = ("refund_created_partial", "refund_created_second", "refund_created_rest")
BROUGHT, INVOICE, RENEWAL = "checkout_session_completed_subscription", "invoice_paid_first", "invoice_paid_renewal"
DISPUTED, WON = "charge_dispute_funds_withdrawn", "charge_dispute_closed_won"


@pytest.fixture
def shop(house: House) -> HookShop:
    pays(house, "EUR")
    return connect(house, "stripe")


def test_a_paid_session_is_in_the_ledger_to_the_cent_and_its_click_earns(shop: HookShop) -> None:
    dana = clicked(shop.house)

    assert shop.tells(PAID) == ["recorded"]

    assert ledger(shop.house) == {SESSION: Facts("EUR", 13090, 0)}
    assert lines(shop.house, SESSION) == {"product": 10500, "tax": 2090, "shipping": 500}
    assert earned(shop.house) == {dana: 1050}


def test_the_alias_in_the_metadata_earns_where_the_client_reference_is_the_shops_own(shop: HookShop) -> None:
    anna = partner(shop.house, "tracking", "nora-7", "EUR")

    shop.tells(shop.changed(PAID, data__object__client_reference_id="cart-77"))

    assert earned(shop.house) == {anna: 1050}


def test_the_id_of_a_promotion_code_stands_for_its_code_and_earns(shop: HookShop) -> None:
    anna = partner(shop.house, "coupon", "promo_1HarbourAutumn", "EUR")

    shop.tells(PAID)

    assert earned(shop.house) == {anna: 1050}


@pytest.mark.parametrize(
    ("sample", "order", "facts"),
    [
        ("checkout_session_async_payment_succeeded_jpy", YEN, Facts("JPY", 3300, 0)),
        ("checkout_session_completed_kwd", DINAR, Facts("KWD", 12340, 0)),
    ],
)
def test_currencies_of_no_and_of_three_decimals(shop: HookShop, sample: str, order: str, facts: Facts) -> None:
    shop.tells(sample)

    assert ledger(shop.house) == {order: facts}


@pytest.mark.parametrize(("code", "total"), [("isk", 5000), ("ugx", 5000), ("mga", 500000 * 100)])
def test_stripes_own_minor_units_become_those_of_the_ledger(shop: HookShop, code: str, total: int) -> None:
    told = {"data__object__currency": code, "data__object__amount_total": 500000}

    shop.tells(shop.changed("checkout_session_completed_kwd", **told))

    assert ledger(shop.house) == {DINAR: Facts(code.upper(), total, 0)}


def test_a_session_is_a_sale_once_its_payment_succeeds(shop: HookShop) -> None:
    assert shop.tells("checkout_session_completed_unpaid") == ["ignored: not paid yet"]
    assert ledger(shop.house) == {}

    shop.tells("checkout_session_async_payment_succeeded_jpy")

    assert ledger(shop.house) == {YEN: Facts("JPY", 3300, 0)}


@pytest.mark.parametrize(
    ("sample", "reason"),
    [
        ("checkout_session_completed_test_mode", "test"),
        ("charge_refunded", "told by another event"),
        ("refund_created_pending", "refund not settled"),
        ("charge_dispute_created_inquiry", "inquiry"),
    ],
)
def test_what_is_no_money_changes_nothing(shop: HookShop, sample: str, reason: str) -> None:
    shop.tells(PAID)
    before = shop.house.ledger()

    assert shop.tells(sample) == [f"ignored: {reason}"]

    assert shop.house.ledger() == before


# refunds


def test_two_partial_refunds_and_the_rest_take_their_share(shop: HookShop) -> None:
    dana = clicked(shop.house)
    shop.tells(PAID)

    shown = []
    for part in PARTS:
        assert shop.tells(part, "charge_refunded") == ["recorded", "ignored: told by another event"]
        shown.append((ledger(shop.house)[SESSION].refunded, earned(shop.house).get(dana)))

    assert shown == [(3000, 810), (4000, 730), (13090, None)]


def test_several_events_of_one_refund_count_once(shop: HookShop) -> None:
    told = shop.tells(PAID, "refund_created_partial", "refund_updated_reference", "refund_created_partial")

    assert told == ["recorded", "recorded", "repeat", "repeat"]
    assert ledger(shop.house) == {SESSION: Facts("EUR", 13090, 3000)}


def test_a_refund_before_the_payment_is_known_waits_for_it(shop: HookShop) -> None:
    assert shop.tells(*PARTS[:2]) == [WAITS] * 2

    shop.tells(PAID)

    assert ledger(shop.house) == {SESSION: Facts("EUR", 13090, 4000)}


@pytest.mark.parametrize(
    ("samples", "number"),
    [*(((PAID, PARTS[0]), it) for it in range(3)), *(((PARTS[0], PAID), it) for it in range(4))],
)
def test_a_refund_and_its_payment_at_the_same_moment_find_each_other(samples: tuple[str, str], number: int) -> None:
    """The second arrives between two requests of the first."""
    with in_process() as house:
        shop, (first, second) = connect(house, "stripe"), samples

        with before_request(house, number, lambda: shop.send(second)) as made:
            assert shop.send(first).status == 200
        house.deliver()

        assert len(made) > number
        assert ledger(house) == {SESSION: Facts("EUR", 13090, 3000)}


def test_a_refund_that_fails_weeks_later_is_given_back(shop: HookShop) -> None:
    shop.tells("checkout_session_async_payment_succeeded_jpy", "refund_updated_succeeded_jpy")
    assert ledger(shop.house)[YEN].refunded == 3300

    assert shop.tells("refund_failed") == ["recorded"]

    assert ledger(shop.house)[YEN].refunded == 0
    assert shop.tells("refund_updated_succeeded_jpy") == ["repeat"]
    assert ledger(shop.house)[YEN].refunded == 0


def test_a_failure_heard_before_its_refund_and_payment_is_remembered(shop: HookShop) -> None:
    shop.tells("refund_failed", "refund_updated_succeeded_jpy", "checkout_session_async_payment_succeeded_jpy")

    assert ledger(shop.house) == {YEN: Facts("JPY", 3300, 0)}


def test_a_dispute_takes_the_money_back_until_it_is_won(shop: HookShop) -> None:
    dana = clicked(shop.house)
    shop.tells(PAID, "charge_dispute_created_inquiry")
    assert earned(shop.house) == {dana: 1050}

    shop.tells("charge_dispute_created", DISPUTED)
    assert (ledger(shop.house)[SESSION].refunded, earned(shop.house)) == (13090, {})
    shop.tells("charge_dispute_funds_reinstated", WON)

    assert (ledger(shop.house)[SESSION].refunded, earned(shop.house)) == (0, {dana: 1050})
    assert refunds(shop.house) == {"du_1Harbour0001": ("withdrawn", 13090)}


# subscriptions


@pytest.mark.parametrize("order", [(BROUGHT, INVOICE), (INVOICE, BROUGHT)])
def test_the_click_on_a_subscriptions_session_earns_for_its_first_invoice_in_either_order(
    shop: HookShop, order: tuple[str, str]
) -> None:
    dana = clicked(shop.house)
    pays(shop.house, "GBP")

    for sample in order:
        shop.tells(sample)

    assert ledger(shop.house) == {"in_1Harbour0005": Facts("GBP", 3600, 0)}
    assert earned(shop.house) == {dana: 300}


@pytest.mark.parametrize("order", list(itertools.permutations((BROUGHT, INVOICE, RENEWAL))))
def test_a_renewal_is_a_sale_that_does_not_take_the_click(shop: HookShop, order: tuple[str, ...]) -> None:
    dana = clicked(shop.house)
    pays(shop.house, "GBP")

    for sample in order:
        shop.tells(sample)

    assert {number: it.total for number, it in ledger(shop.house).items()} == {
        "in_1Harbour0005": 3600,
        "in_1Harbour0008": 3600,
    }
    assert earned(shop.house) == {dana: 300}


def test_the_first_payment_after_a_free_trial_takes_the_click_and_later_ones_do_not(shop: HookShop) -> None:
    dana = clicked(shop.house)
    pays(shop.house, "GBP")
    trial = shop.changed(BROUGHT, data__object__payment_status="no_payment_required", data__object__amount_total=0)
    later = shop.changed(RENEWAL, data__object__id="in_1Harbour0009", created=1796300000)

    outcomes = shop.tells(trial, shop.changed(INVOICE, data__object__amount_paid=0), RENEWAL, RENEWAL, later)

    assert outcomes == ["recorded", "ignored: no money", "recorded", "repeat", "recorded"]
    assert {number: it.total for number, it in ledger(shop.house).items()} == {
        "in_1Harbour0008": 3600,
        "in_1Harbour0009": 3600,
    }
    assert earned(shop.house) == {dana: 300}
    paid = next(it for it in shop.house.ledger("transaction") if it["listed"]["sourceId"] == "in_1Harbour0008")
    assert [it["transactionId"] for it in shop.house.get("/conversions").json] == [paid["listed"]["id"]]
    told = shop.house.get(f"/transactions/{paid['listed']['id']}/attribution").json
    assert told["summary"].endswith("had not expired at 2026-10-03T05:24:50.000Z, when its free trial began.")


def test_a_visit_that_had_expired_when_the_free_trial_began_earns_nothing(shop: HookShop) -> None:
    clicked(shop.house, "2026-08-20T12:00:00.000Z")
    pays(shop.house, "GBP")
    trial = shop.changed(BROUGHT, data__object__payment_status="no_payment_required", data__object__amount_total=0)

    shop.tells(trial, RENEWAL)

    (sale,) = shop.house.ledger("transaction")
    (candidate,) = shop.house.get(f"/transactions/{sale['listed']['id']}/attribution").json["candidates"]
    assert earned(shop.house) == {}
    assert candidate["explanation"].endswith("more than 30 days before its free trial.")


def test_a_full_queue_of_refunds_of_one_payment_is_refused_by_name(shop: HookShop) -> None:
    many = [shop.changed(PARTS[0], data__object__id=f"re_{number}") for number in range(ties.MAX_WAITING + 1)]

    outcomes = shop.tells(*many, many[0])

    assert outcomes == [WAITS] * ties.MAX_WAITING + ["refused: conflict", WAITS]


@pytest.mark.parametrize("turned", [False, True])
def test_a_refund_of_an_invoice_is_found_by_the_payment_that_only_one_event_ties(shop: HookShop, turned: bool) -> None:
    refund = shop.changed(PARTS[0], data__object__payment_intent="pi_3Harbour0008", data__object__currency="gbp")
    told: list[Any] = [RENEWAL, "invoice_payment_paid", refund]

    shop.tells(*(reversed(told) if turned else told))

    assert ledger(shop.house) == {"in_1Harbour0008": Facts("GBP", 3600, 3000)}


@pytest.mark.parametrize("payment", [{"payment_intent": "pi_3Harbour0012"}, {"payment_intent": None}])
def test_an_invoice_of_an_older_version_ties_its_payment_itself(shop: HookShop, payment: dict[str, Any]) -> None:
    """A refund may know the charge only."""
    names = {f"data__object__{name}": value for name, value in (payment | {"charge": "ch_3Harbour0012"}).items()}

    shop.tells("invoice_paid_older_version", shop.changed(PARTS[0], data__object__currency="gbp", **names))

    assert ledger(shop.house) == {"in_1Harbour0012": Facts("GBP", 3600, 3000)}


def test_a_session_that_made_an_invoice_leaves_the_money_to_it(shop: HookShop) -> None:
    assert shop.tells("checkout_session_completed_invoiced") == ["recorded"]

    assert ledger(shop.house) == {}


def test_credit_on_the_balance_is_not_the_buyers_money(shop: HookShop) -> None:
    shop.tells("invoice_paid_credit_balance")

    assert ledger(shop.house) == {"in_1Harbour0009": Facts("GBP", 2400, 0)}
    assert lines(shop.house, "in_1Harbour0009") == {"il_1Harbour0009": 2000, "tax": 400}


def test_an_invoice_of_more_lines_than_the_event_has_adds_up(shop: HookShop) -> None:
    shop.tells("invoice_paid_more_lines")

    assert ledger(shop.house) == {"in_1Harbour0011": Facts("GBP", 15600, 0)}
    assert sum(lines(shop.house, "in_1Harbour0011").values()) == 15600


def test_an_order_told_by_stripe_and_by_the_shop_under_two_ids_is_two_sales(shop: HookShop) -> None:
    """So the pages say to choose one source; the two lists of transactions show both."""
    other = connect(shop.house, "shopify")

    shop.tells(PAID)
    other.tells("orders_paid_tax_included_two_currencies")

    assert ledger(shop.house).keys() == {SESSION, "6200000000403"}


def test_every_event_leaves_one_entry_in_the_log(shop: HookShop) -> None:
    shop.tells(*samples("stripe"))

    assert len(shop.log(number=100)) == len(samples("stripe"))


@pytest.mark.parametrize("turned", [False, True])
def test_a_coupon_of_the_trial_that_has_no_owner_leaves_it_to_the_click_of_the_session(turned: bool) -> None:
    with in_process() as house:
        pays(house, "GBP")
        shop, dana = connect(house, "stripe"), clicked(house)
        members = {"total": 0, "amount_paid": 0, "id": "in_trial", "discount": {"coupon": {"id": "SUMMER"}}}
        trial = shop.changed(INVOICE, **{f"data__object__{name}": value for name, value in members.items()})
        told = {trial: "ignored: no partner has its codes", BROUGHT: "recorded"}

        sent = [*told][::-1] if turned else [*told]
        assert shop.tells(*sent) == [told[it] for it in sent]
        shop.tells(INVOICE)

        assert earned(house) == {dana: 300}
