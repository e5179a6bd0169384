"""Codes of a sale: their owners are engaged as of the sale and earn by the programs' own rules."""

import random
from typing import Any

import pytest

from tests.stack.house import House
from tests.stack.scenarios.hooks.partners import Partners

VISITS = {"siteVisited": {"value": "100"}}


@pytest.fixture
def partners(house: House) -> Partners:
    return Partners(house)


@pytest.mark.parametrize(
    "codes",
    [{"couponCodes": ["SAVE10"]}, {"couponCodes": ["", " save10 ", "NONE"]}, {"referral": "ANN"}, {"referral": " ann"}],
)
def test_a_code_earns_without_a_visit_in_any_case(partners: Partners, codes: dict[str, Any]):
    answer = partners.sold(**codes)

    assert (partners.explained()["reason"], partners.owed()) == ("awarded", {partners.ann: 500})
    assert (answer.status, answer.text, answer.headers.get("X-Siren-OID")) == (200, "", None)


def test_the_engagement_by_a_code_is_listed_as_complete(partners: Partners):
    partners.sold(couponCodes=["SAVE10"])
    ((candidate),) = partners.explained()["candidates"]

    ((listed),) = partners.house.get("/engagements", collaboratorId=partners.ann).json

    assert (listed["id"], listed["opportunityId"]) == (candidate["engagementId"], None)
    assert (listed["score"], listed["status"]) == (50, "complete")
    assert partners.house.get(f"/engagements/{listed['id']}").json["id"] == listed["id"]


@pytest.mark.parametrize(
    ("resolver", "owed"),
    [
        ("newestBindingWins", {"ann": 500}),
        ("oldestBindingWins", {"bob": 500}),
        ("sharedPool", {"ann": 250, "bob": 250}),
        ("weightedPool", {"ann": 166, "bob": 333}),
    ],
)
def test_the_resolver_decides_between_a_coupon_and_an_earlier_visit(house: House, resolver: str, owed: dict[str, int]):
    partners = Partners(house, incentiveResolverType=resolver)
    visit = house.new_visit(partners.bob)

    answer = partners.sold(trackingId=visit, couponCodes=["SAVE10"])
    partners.explained()

    assert partners.owed() == {getattr(partners, name): value for name, value in owed.items()}
    assert answer.headers["X-Siren-OID"] == str(visit)


def test_a_click_id_with_codes_has_its_visits_consumed(partners: Partners):
    visit = partners.house.new_visit(partners.bob)
    partners.sold(trackingId=visit, couponCodes=["SAVE10"])
    partners.explained()

    partners.sold("ORD-2", trackingId=visit)

    assert partners.explained("ORD-2")["reason"] == "visit_consumed"


def test_codes_alone_leave_all_visits(partners: Partners):
    visit = partners.house.new_visit(partners.ann)
    partners.sold(couponCodes=["SAVE10"], referral="ANN")
    partners.explained()

    partners.sold("ORD-2", trackingId=visit)

    assert partners.explained("ORD-2")["reason"] == "awarded"


def test_a_consumed_visit_leaves_the_sale_to_its_codes(partners: Partners):
    visit = partners.house.new_visit(partners.bob)
    for number in ("ORD-1", "ORD-2"):
        partners.sold(number, trackingId=visit, **({"couponCodes": ["SAVE10"]} if number == "ORD-2" else {}))
        partners.explained(number)

    assert partners.owed() == {partners.bob: 500, partners.ann: 500}


def test_the_same_person_by_visit_and_by_codes_is_one_engagement(partners: Partners):
    visit = partners.house.new_visit(partners.ann)
    partners.sold(trackingId=visit, couponCodes=["SAVE10"], referral="ann")

    ((candidate),) = partners.explained()["candidates"]

    ((listed),) = partners.house.get("/engagements", collaboratorId=partners.ann).json
    assert (candidate["engagementId"], candidate["score"]) == (listed["id"], 250)
    assert (listed["status"], partners.owed()) == ("complete", {partners.ann: 500})


@pytest.mark.parametrize("codes", [{"couponCodes": ["NONE"]}, {"referral": "SAVE10"}, {"couponCodes": ["ANN"]}])
def test_an_unknown_code_or_one_of_another_type_earns_nothing(partners: Partners, codes: dict[str, Any]):
    partners.sold(**codes)

    decision = partners.explained()

    assert (decision["reason"], decision["candidates"], partners.owed()) == ("code_without_credit", [], {})


def test_an_unknown_code_leaves_the_sale_to_its_visit(partners: Partners):
    partners.sold(trackingId=partners.house.new_visit(partners.bob), couponCodes=["NONE"])
    partners.explained()

    assert partners.owed() == {partners.bob: 500}


def test_an_inactive_owner_earns_nothing_and_is_told_so(partners: Partners):
    partners.house.call("PATCH", f"/collaborators/{partners.ann}", {"status": "inactive"})
    partners.sold(couponCodes=["SAVE10"])

    decision = partners.explained()

    ((candidate),) = decision["candidates"]
    assert (decision["reason"], candidate["reason"]) == ("no_candidate", "collaborator_not_active")
    assert decision["summary"].endswith("none of the engagements counts for it.")


def test_a_program_that_rewards_no_coupon_pays_for_a_referral_only(house: House):
    partners = Partners(house, engagementTypes=VISITS)
    partners.sold(couponCodes=["SAVE10"])
    partners.sold("ORD-2", referral="ANN")

    assert partners.explained()["reason"] == "code_without_credit"
    assert (partners.explained("ORD-2")["reason"], partners.owed()) == ("awarded", {partners.ann: 500})


def test_an_invalid_opportunity_earns_nothing_by_a_coupon_either(partners: Partners):
    visit = partners.house.new_visit(partners.ann)
    partners.house.post(f"/opportunities/{visit}/invalidate")

    partners.sold(trackingId=visit, couponCodes=["SAVE10"])

    assert (partners.explained()["reason"], partners.owed()) == ("opportunity_invalid", {})


def test_the_explanation_names_the_code_of_each_candidate(partners: Partners):
    partners.sold(trackingId=partners.house.new_visit(partners.bob), couponCodes=["save10"])

    told = {it["collaboratorId"]: (it.get("codes"), it["explanation"]) for it in partners.explained()["candidates"]}

    assert told[partners.ann][0] == [{"type": "coupon", "code": "save10"}]
    assert told[partners.ann][1].startswith("Engaged as of the sale by its coupon save10\nOrder (product): 1 × 49.99")
    assert told[partners.bob] == (None, "Another engagement was preferred by newestBindingWins.")


def test_refunds_of_a_sale_with_codes_take_their_part(partners: Partners):
    partners.sold(couponCodes=["SAVE10"])
    partners.house.refund("ORD-1", refundId="r-1", amount=25)
    partners.explained()
    assert partners.owed() == {partners.ann: 250}

    partners.house.refund("ORD-1")
    partners.explained()

    assert partners.owed() == {}


@pytest.mark.parametrize("seed", range(4))
def test_any_order_and_repetition_of_events_leaves_the_same_ledger(house: House, seed: int):
    partners, chance = Partners(house, incentiveResolverType="sharedPool"), random.Random(seed)
    visit = house.new_visit(partners.bob)
    partners.sold(trackingId=visit, couponCodes=["SAVE10"], referral="ANN")
    house.refund("ORD-1", refundId="r-1", amount=10)
    edit = {"source": "shopify", "externalId": "ORD-1", "total": 80, "changedAt": "2026-11-21T09:00:00Z"}
    house.post("/event/sale-changed", edit, key="events")

    house.deliver(lambda waiting: chance.sample(waiting, len(waiting)))

    assert partners.owed() == {partners.ann: 350, partners.bob: 350}
    states = [(it["opportunityId"], it["status"]) for it in house.get("/engagements").json]
    assert sorted(states) == sorted([(4218, "active"), (visit, "complete"), (visit, "complete")])
    assert house.changes_of_repeats() == 0


def test_a_sale_without_codes_costs_no_request_more_and_codes_cost_two_reads(partners: Partners):
    house, counts = partners.house, []
    for number, codes in enumerate(({}, {"couponCodes": ["SAVE10"]}, {"couponCodes": ["NONE"]})):
        partners.sold(f"ORD-{number}", trackingId=house.new_visit(partners.bob), **codes)
        house.publish()
        (message,) = (
            it for it in house.arrived() if (it.function, it.detail_type) == ("attribute_sale", "SaleTriggered")
        )
        with house.requests_made() as made:
            assert house.consume(message)
        counts.append(made.counts)
        house.deliver()

    plain, coupon, unknown = counts
    assert coupon == plain | {"BatchGetItem": plain["BatchGetItem"] + 2}
    assert unknown == plain | {"BatchGetItem": plain["BatchGetItem"] + 1}


@pytest.mark.slow
def test_twenty_coupons_beside_a_full_opportunity_fit_one_transaction(house: House):
    partners = Partners(house, incentiveResolverType="sharedPool")
    visit = house.new_visit(partners.bob)
    for _ in range(89):
        house.visit(house.new_collaborator(partners.program), headers={"X-Siren-OID": str(visit)})
    owners = [
        house.new_collaborator(partners.program, aliases=[{"type": "coupon", "code": f"C{number}"}])
        for number in range(20)
    ]

    partners.sold(trackingId=visit, couponCodes=[f"C{number}" for number in range(20)], total=1000)
    decision = partners.explained()

    assert (decision["reason"], decision["evicted"], len(decision["candidates"])) == ("awarded", 34, 76)
    assert set(owners) <= partners.owed().keys()
