"""Referrals told apart from the sale: whichever of the two comes second finds the other."""

import json
import random
from typing import Any

import pytest

from tests.stack.house import House
from tests.stack.scenarios.hooks.partners import Partners
from tributary.domain import times
from tributary.domain.codes import codes_of
from tributary.domain.transaction import Line, Sale
from tributary.ledger.sales import referrals, transactions

SUBSCRIPTION = "sub_1"


def invoice(house: House, number: str = "ORD-1", **members: Any) -> None:
    """The first invoice of a subscription, 50.00, which knows of no visitor."""
    sale = {"tracking_id": None, "total": 5000, "currency": "USD", "occurred_at": times.now(), **members}
    with house._environment("receive_hook"):
        lines = (Line("Plan", 5000, type="subscription"),)
        sold = Sale("stripe", number, lines=lines, **{"subscription": SUBSCRIPTION, **sale})
        transactions.record("demo", sold, times.now())


def tell(
    house: House, click: int | None = None, referral: str | None = None, coupons: tuple[str, ...] = (),
    subscription: str = SUBSCRIPTION, source: str = "stripe",
) -> bool:  # fmt: skip
    """The checkout of a subscription, which knows the visitor and the codes."""
    with house._environment("receive_hook"):
        codes = codes_of(referral, coupons)
        return referrals.tell("demo", source, subscription, click, codes, times.now())


@pytest.fixture
def partners(house: House) -> Partners:
    return Partners(house)


@pytest.fixture
def visit(partners: Partners) -> int:
    return partners.house.new_visit(partners.bob)


def test_a_referral_told_before_the_invoice_earns(partners: Partners, visit: int):
    tell(partners.house, visit)
    invoice(partners.house)

    decision = partners.explained()

    assert (decision["reason"], decision["opportunityId"], partners.owed()) == ("awarded", visit, {partners.bob: 500})


def test_a_referral_told_after_the_invoice_earns(partners: Partners, visit: int):
    invoice(partners.house)
    waiting = partners.explained()
    assert (waiting["status"], partners.owed()) == ("pending", {})
    assert waiting["summary"].endswith("It waits for the referral of its subscription.")

    tell(partners.house, visit)

    assert (partners.explained()["reason"], partners.owed()) == ("awarded", {partners.bob: 500})


@pytest.mark.parametrize(("operation", "passed"), [("BatchGetItem", 0), ("GetItem", 0), ("PutItem", 0), ("GetItem", 1)])
def test_a_referral_told_at_the_moment_of_the_attribution_earns_once(
    partners: Partners, visit: int, operation: str, passed: int
):
    house = partners.house
    invoice(house)
    house.publish()
    (message,) = (it for it in house.arrived() if it.function == "attribute_sale")

    with house.meanwhile(operation, lambda: tell(house, visit), after=passed):
        assert house.consume(message)

    assert (partners.explained()["reason"], partners.owed()) == ("awarded", {partners.bob: 500})
    assert house.changes_of_repeats() == 0


def test_the_visits_of_a_told_click_are_consumed(partners: Partners, visit: int):
    tell(partners.house, visit)
    invoice(partners.house)
    partners.explained()

    partners.sold("ORD-2", trackingId=visit)

    assert partners.explained("ORD-2")["reason"] == "visit_consumed"


def test_codes_may_be_told_too(partners: Partners):
    invoice(partners.house)
    partners.house.deliver()

    tell(partners.house, None, "ann", ("SAVE10", "save10"))

    ((candidate),) = partners.explained()["candidates"]
    assert [it["code"] for it in candidate["codes"]] == ["ann", "SAVE10"]
    assert partners.owed() == {partners.ann: 500}


def test_of_two_referrals_the_first_holds(partners: Partners, visit: int):
    house = partners.house
    told = [tell(house, visit), tell(house, None, "ann"), tell(house, visit)]
    invoice(house)
    partners.explained()

    assert (told, partners.owed()) == ([True, False, False], {partners.bob: 500})


def test_a_referral_that_names_no_partner_leaves_the_invoice_without_credit(partners: Partners):
    invoice(partners.house)
    tell(partners.house)

    assert (partners.explained()["reason"], partners.owed()) == ("not_referred", {})


def test_a_referral_of_another_subscription_or_source_is_not_the_sales(partners: Partners, visit: int):
    tell(partners.house, visit, subscription="sub_2")
    tell(partners.house, visit, source="paddle")
    invoice(partners.house)

    assert partners.explained()["status"] == "pending"


@pytest.mark.parametrize("members", [{"tracking_id": 4218}, {"codes": codes_of("ann", ())}, {"subscription": None}])
def test_an_invoice_that_says_who_referred_it_or_is_of_no_subscription_does_not_wait(
    partners: Partners, members: dict[str, Any]
):
    invoice(partners.house, **members)

    assert partners.explained()["status"] == "decided"
    assert partners.house.ledger("referral-waiting") == []


def test_a_sale_refunded_and_edited_while_it_waits_earns_what_is_left(partners: Partners, visit: int):
    house = partners.house
    invoice(house)
    house.deliver()
    report = {"source": "stripe", "externalId": "ORD-1"}
    edit = report | {"total": 80, "items": [{"name": "Plan", "amount": 80}], "changedAt": "2026-11-21T09:00:00Z"}
    assert house.post("/event/sale-changed", edit, key="admin").status == 200
    house.post("/event/refund", report | {"refundId": "r-1", "amount": 20}, key="admin")
    house.deliver()
    assert partners.owed() == {}

    tell(house, visit)

    assert (partners.explained()["reason"], partners.owed()) == ("awarded", {partners.bob: 600})


def test_a_sale_cancelled_while_it_waits_is_owed_nothing(partners: Partners, visit: int):
    invoice(partners.house)
    partners.house.post("/event/refund", {"source": "stripe", "externalId": "ORD-1"}, key="admin")
    partners.house.deliver()

    tell(partners.house, visit)
    partners.house.deliver()

    assert (partners.house.owed(), partners.owed()) == ([("rejected", 0)], {})


@pytest.mark.parametrize("seed", range(6))
def test_any_order_and_repetition_of_events_leaves_the_same_ledger(partners: Partners, visit: int, seed: int):
    house, chance = partners.house, random.Random(seed)
    steps = [
        lambda: invoice(house),
        lambda: tell(house, visit, None, ("SAVE10",)),
        lambda: tell(house, visit, None, ("SAVE10",)),
        lambda: invoice(house, occurred_at=times.now()),
    ]
    for step in chance.sample(steps, len(steps)):
        step()
        if chance.random() < 0.5:
            house.deliver(lambda waiting: chance.sample(waiting, len(waiting)))

    assert (partners.explained()["reason"], partners.owed()) == ("awarded", {partners.ann: 500})
    assert house.changes_of_repeats() == 0


def test_the_event_tells_neither_the_subscription_nor_the_partner(partners: Partners, visit: int):
    tell(partners.house, visit, "ann")
    partners.house.deliver()

    (told,) = {it.body for it in partners.house.handled if it.detail_type == "ReferralTold"}

    assert json.loads(told)["detail"]["data"] == {"referral": referrals.name_of("stripe", SUBSCRIPTION)}
    assert SUBSCRIPTION not in told


def test_a_malformed_event_of_a_referral_is_a_dead_letter(partners: Partners):
    detail = {"metadata": {"organization": "demo", "id": "evt_1", "correlationId": None}, "data": {"referral": 5}}
    partners.house.event("ReferralTold", detail, "tributary")
    partners.house.deliver()

    assert partners.house.dead_letters("attribute_sale") == [("event_refused", "data.referral is not text.")]


def test_a_waiting_invoice_costs_a_look_a_note_and_another_look(partners: Partners):
    house, counts = partners.house, []
    for number, subscription in (("ORD-1", None), ("ORD-2", SUBSCRIPTION), ("ORD-3", SUBSCRIPTION)):
        invoice(house, number, subscription=subscription)
        house.publish()
        (message,) = (it for it in house.arrived() if it.function == "attribute_sale")
        with house.requests_made() as made:
            assert house.consume(message)
        counts.append(made.counts)

    plain, first, second = counts
    assert "GetItem" not in plain
    assert first == second == {"BatchGetItem": 1, "GetItem": 2, "PutItem": 1}


@pytest.mark.parametrize("turned", [False, True])
def test_codes_of_the_invoice_without_an_owner_leave_it_to_the_referral_told_apart(
    partners: Partners, visit: int, turned: bool
):
    steps = [
        lambda: invoice(partners.house, codes=codes_of("stranger", ("SUMMER",))),
        lambda: tell(partners.house, visit),
    ]
    for step in reversed(steps) if turned else steps:
        step()
        partners.house.deliver()

    assert (partners.explained()["reason"], partners.owed()) == ("awarded", {partners.bob: 500})


def test_an_invoice_with_codes_that_have_an_owner_waits_for_nothing(partners: Partners, visit: int):
    invoice(partners.house, codes=codes_of(None, ("SUMMER", "SAVE10")))
    tell(partners.house, visit)

    assert (partners.explained()["reason"], partners.owed()) == ("awarded", {partners.ann: 500})
    assert partners.house.ledger("referral-waiting") == []


def test_a_renewal_with_a_coupon_without_an_owner_is_the_first_payment_of_a_trial(partners: Partners, visit: int):
    house = partners.house
    with house._environment("receive_hook"):
        referrals.tell("demo", "stripe", SUBSCRIPTION, visit, (), times.now(), times.now())
    for number in ("ORD-1", "ORD-2"):
        invoice(house, number, renewal=True, codes=codes_of(None, ("SUMMER",)))
        house.deliver()

    assert partners.owed() == {partners.bob: 500}
    assert partners.explained("ORD-2")["reason"] == "code_without_credit"


# an alias beside a click id


def both(house: House, click: int, number: str = "ORD-1", **members: Any) -> None:
    """An order of a shop that carries our click id and Ann's alias."""
    codes = codes_of("ann", (), yields=True)
    invoice(house, number, tracking_id=click, codes=codes, **{"subscription": None, **members})


def test_an_alias_beside_a_click_that_leads_nowhere_earns(partners: Partners):
    both(partners.house, 1042)

    assert (partners.explained()["reason"], partners.owed()) == ("awarded", {partners.ann: 500})


def test_an_alias_gives_way_to_the_visits_of_the_click_and_earns_once_they_are_consumed(partners: Partners, visit: int):
    both(partners.house, visit)
    first = partners.explained()
    assert ([it["collaboratorId"] for it in first["candidates"]], partners.owed()) == (
        [partners.bob],
        {partners.bob: 500},
    )

    both(partners.house, visit, "ORD-2")
    partners.explained("ORD-2")

    assert partners.owed() == {partners.bob: 500, partners.ann: 500}


def test_an_alias_beside_the_click_of_an_invalid_opportunity_earns_nothing(partners: Partners, visit: int):
    partners.house.post(f"/opportunities/{visit}/invalidate")
    both(partners.house, visit)

    assert (partners.explained()["reason"], partners.owed()) == ("opportunity_invalid", {})


def test_the_session_of_a_subscription_may_name_a_number_of_the_shops_own_beside_an_alias(partners: Partners):
    with partners.house._environment("receive_hook"):
        codes = codes_of("ann", (), yields=True)
        referrals.tell("demo", "stripe", SUBSCRIPTION, 1042, codes, times.now())
    invoice(partners.house)

    assert (partners.explained()["reason"], partners.owed()) == ("awarded", {partners.ann: 500})


def test_by_api_a_referral_beside_a_click_that_leads_nowhere_earns_too(partners: Partners):
    partners.sold(trackingId=1042, referral="ANN")

    assert (partners.explained()["reason"], partners.owed()) == ("awarded", {partners.ann: 500})
