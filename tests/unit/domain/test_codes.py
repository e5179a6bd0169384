"""Codes that a sale carries, and the engagements that they make as of the sale."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.builders import BEFORE, SALE_AT, catalogue, engagement, opportunity, program, transaction
from tributary.domain.attribution import Decision, decide
from tributary.domain.codes import MAX_COUPONS, Code, codes_of
from tributary.domain.manual_engagements import Carried, with_codes
from tributary.domain.opportunity import MAX_LIVE, Engagement, Opportunity
from tributary.domain.program import Program
from tributary.domain.transaction import Transaction

ANN, BOB = 7, 8
SAVE, ALIAS = Code("coupon", "SAVE10"), Code("tracking", "ANN")
BOTH = program(1, triggers={"siteVisited": 100, "couponUsed": 50})
#: Actions of one DynamoDB transaction, and those of a decision that are not of its winners.
MOST_ACTIONS, OTHERS = 100, 4


def sale(*codes: Code, **members: Any) -> Transaction:
    return transaction(codes=codes, **{"tracking_id": None, **members})


def decided(sold: Transaction, visited: Opportunity | None, owners: Sequence[Carried], *rules: Program) -> Decision:
    return decide(sold, visited, catalogue(*rules), range(1, 10_000), owners)


def won(decision: Decision) -> list[int]:
    return [award.engagement.collaborator_id for award in decision.won]


@pytest.mark.parametrize(
    ("referral", "coupons", "codes"),
    [
        (None, [], []),
        (" ann ", ["SAVE10"], ["tracking ann", "coupon SAVE10"]),
        ("", [" ", " save10 ", "SAVE10", "Other"], ["coupon save10", "coupon Other"]),
        ("SAVE10", ["save10"], ["tracking SAVE10", "coupon save10"]),
    ],
)
def test_codes_are_stripped_and_each_is_kept_once_in_any_case(referral: str | None, coupons: list[str], codes: Any):
    assert [f"{it.type} {it.code}" for it in codes_of(referral, coupons)] == codes


def test_a_shop_cannot_name_more_codes_than_a_decision_has_room_for():
    assert len(codes_of("ann", [f"C{number}" for number in range(500)])) == MAX_COUPONS + 1


@pytest.mark.parametrize(("code", "points"), [(SAVE, 50), (ALIAS, 100)])
def test_the_owner_of_a_code_is_engaged_as_of_the_sale(code: Code, points: int):
    decision = decided(sale(code), None, [Carried(code, ANN, (BOTH,))], BOTH)

    ((award),) = decision.won
    assert (award.engagement.collaborator_id, award.engagement.score, award.value) == (ANN, points, 1000)
    assert {award.engagement.created_at, award.engagement.modified_at} == {SALE_AT}
    assert ([it.codes for it in decision.candidates], decision.consumes) == ([(code,)], False)


@pytest.mark.parametrize("rule", [program(1), program(1, triggers={}), program(1, triggers={"messageSent": 5})])
def test_a_program_that_does_not_reward_coupons_engages_no_owner_of_one(rule: Program):
    assert decided(sale(SAVE), None, [Carried(SAVE, ANN, (rule,))], rule) == Decision("code_without_credit")


@pytest.mark.parametrize(
    ("resolver", "winners"), [("newestBindingWins", [ANN]), ("oldestBindingWins", [BOB]), ("sharedPool", [BOB, ANN])]
)
def test_the_programs_resolver_decides_between_a_code_and_a_visit(resolver: str, winners: list[int]):
    rule = replace(BOTH, resolver=resolver)
    visited = opportunity(engagement(collaborator_id=BOB))

    decision = decided(sale(SAVE, tracking_id=4218), visited, [Carried(SAVE, ANN, (rule,))], rule)

    assert (sorted(won(decision)), decision.consumes) == (sorted(winners), True)


def test_an_owner_with_a_visit_is_one_candidate_scored_for_both():
    seen = engagement(number=501, collaborator_id=ANN)

    decision = decided(sale(SAVE, ALIAS), opportunity(seen), [Carried(it, ANN, (BOTH,)) for it in (SAVE, ALIAS)], BOTH)

    ((candidate),) = decision.candidates
    assert (candidate.engagement.id, candidate.engagement.score) == (501, 100 + 50 + 100)
    assert (candidate.engagement.created_at, candidate.engagement.modified_at) == (BEFORE, SALE_AT)
    assert candidate.codes == (SAVE, ALIAS)


def test_an_invalid_opportunity_earns_nothing_by_codes_either():
    visited = opportunity(engagement(collaborator_id=ANN), status="invalid")

    assert decided(sale(SAVE, tracking_id=4218), visited, [Carried(SAVE, ANN, (BOTH,))], BOTH) == Decision(
        "opportunity_invalid"
    )


@pytest.mark.parametrize(
    ("visited", "reason"), [(None, "opportunity_unknown"), (opportunity(epoch=1), "visit_consumed")]
)
def test_codes_that_lead_nowhere_leave_the_reason_of_the_opportunity(visited: Opportunity | None, reason: str):
    assert decided(sale(SAVE, tracking_id=4218), visited, [], BOTH).reason == reason


def test_a_code_earns_although_the_visits_of_its_opportunity_are_consumed_and_consumes_nothing():
    owners = [Carried(SAVE, ANN, (BOTH,))]

    decision = decided(sale(SAVE, tracking_id=4218), opportunity(epoch=1), owners, BOTH)

    assert (won(decision), decision.consumes) == ([ANN], False)


CODES = st.builds(Code, st.sampled_from(["coupon", "tracking"]), st.sampled_from("ABCDEF"))
PROGRAMS = st.lists(
    st.builds(
        lambda number, triggers: program(number, triggers=dict.fromkeys(triggers, 10)),
        st.integers(1, 60),
        st.sets(st.sampled_from(["siteVisited", "couponUsed", "messageSent"])),
    ),
    max_size=40,
    unique_by=lambda it: it.id,
).map(tuple)
OWNERS = st.lists(st.builds(Carried, CODES, st.integers(1, 12), PROGRAMS), max_size=MAX_COUPONS)
VISITS = st.lists(
    st.builds(
        lambda number, owner, rule: engagement(number=number, collaborator_id=owner, program_id=rule),
        st.integers(1, 10_000),
        st.integers(1, 12),
        st.integers(1, 60),
    ),
    max_size=MAX_LIVE,
    unique_by=(lambda it: (it.program_id, it.collaborator_id), lambda it: it.id),
)


def engaged(visits: list[Engagement], owners: Sequence[Carried]) -> Opportunity:
    found, _ = with_codes(sale(SAVE), opportunity(*visits), owners)
    assert found is not None
    return found


@given(visits=VISITS, owners=OWNERS)
def test_every_winner_has_room_in_the_transaction_of_the_decision(visits: list[Engagement], owners: list[Carried]):
    before, after = {it.id for it in visits}, engaged(visits, owners)

    made = [it for it in after.engagements if it.id not in before]
    assert len(after.engagements) + len(made) + OTHERS <= MOST_ACTIONS
    assert after.evicted >= len(before - {it.id for it in after.engagements})


@given(visits=VISITS, owners=OWNERS)
def test_each_pair_of_program_and_owner_is_engaged_once(visits: list[Engagement], owners: list[Carried]):
    pairs = [(it.program_id, it.collaborator_id) for it in engaged(visits, owners).engagements]

    assert len(pairs) == len(set(pairs))


@given(visits=VISITS, owners=OWNERS)
def test_the_order_of_visits_does_not_matter(visits: list[Engagement], owners: list[Carried]):
    backwards = engaged(list(reversed(visits)), owners)

    assert sorted(engaged(visits, owners).engagements, key=lambda it: it.id) == sorted(
        backwards.engagements, key=lambda it: it.id
    )


@given(owners=st.lists(st.builds(Carried, CODES, st.integers(1, 4), PROGRAMS.map(lambda it: it[:3])), max_size=6))
def test_the_order_of_few_codes_does_not_matter(owners: list[Carried]):
    first, second = (with_codes(sale(SAVE), None, held)[0] for held in (owners, owners[::-1]))

    if first is None or second is None:
        assert first == second
    else:
        assert set(map(repr, first.engagements)) == set(map(repr, second.engagements))


@given(visits=VISITS, owners=OWNERS)
def test_visits_keep_their_ids_and_beginnings(visits: list[Engagement], owners: list[Carried]):
    before = {it.id: it for it in visits}

    for held in engaged(visits, owners).engagements:
        if held.id in before:
            assert held.created_at == before[held.id].created_at
            assert held.score >= before[held.id].score
        else:
            assert held.created_at == held.modified_at == SALE_AT
