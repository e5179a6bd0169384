from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit import builders
from tests.unit.builders import SALE_AT, at, catalogue, opportunity, program, transaction
from tributary.domain.attribution import Decision, decide
from tributary.domain.opportunity import Engagement, Opportunity
from tributary.domain.program import Program
from tributary.domain.transaction import Line

ACTIVE = {88, 89}


def engagement(number: int = 1, program_id: int = 1, collaborator_id: int = 88, **members: Any) -> Engagement:
    return builders.engagement(number, program_id, collaborator_id, **members)


def decided(held: Opportunity | None, *programs: Program, active: Any = ACTIVE, **sale: Any) -> Decision:
    return decide(transaction(**sale), held, catalogue(*(programs or (program(),))), active)


def reasons(decision: Decision) -> dict[int, str]:
    return {candidate.engagement.id: candidate.reason for candidate in decision.candidates}


def winners(decision: Decision) -> list[int]:
    return [award.engagement.id for award in decision.won]


def test_an_engagement_wins_its_programs_reward():
    decision = decided(opportunity(engagement()))

    ((award),) = decision.awards
    assert (decision.reason, reasons(decision), decision.consumes) == ("awarded", {1: "won"}, True)
    assert (award.base, award.reward, award.lines, award.status) == (10000, 1000, (0,), "approved")


@pytest.mark.parametrize(
    ("held", "reason"),
    [
        (None, "opportunity_unknown"),
        (opportunity(engagement(), status="invalid"), "opportunity_invalid"),
        (opportunity(epoch=3), "visit_consumed"),
        (opportunity(), "no_visit"),
    ],
)
def test_a_decision_without_engagements_has_a_reason_and_consumes_nothing(held: Opportunity | None, reason: str):
    assert decided(held) == Decision(reason)


@pytest.mark.parametrize(
    ("held", "settings", "active", "reason"),
    [
        (engagement(created_at=at(minutes=5, seconds=0.001)), {}, ACTIVE, "after_sale"),
        (engagement(), {}, {89}, "collaborator_not_active"),
        (engagement(program_id=2), {}, ACTIVE, "program_not_active"),
        (engagement(created_at=at(days=-30, seconds=-0.001)), {}, ACTIVE, "expired"),
        (engagement(created_at=at(days=-7, seconds=-0.001)), {"expiration_days": 7}, ACTIVE, "expired"),
    ],
)
def test_an_ineligible_engagement_has_a_reason_and_stays_for_the_next_sale(
    held: Engagement, settings: dict[str, Any], active: set[int], reason: str
):
    decision = decided(opportunity(held), program(**settings), active=active)

    assert (decision.reason, reasons(decision), decision.consumes) == ("no_candidate", {1: reason}, False)
    assert decision.awards == ()


@pytest.mark.parametrize(
    "held",
    [
        engagement(created_at=at(minutes=5)),
        engagement(created_at=at(days=-30)),
        engagement(created_at=at(days=-90), modified_at=at(days=-30)),
        engagement(created_at=at(minutes=-1), modified_at=at(hours=9)),
    ],
    ids=["clock skew", "last moment", "refreshed in time", "seen again after the sale"],
)
def test_an_engagement_still_earns_at_the_edges_of_its_window(held: Engagement):
    assert winners(decided(opportunity(held))) == [1]


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"status": "inactive"}, "program_not_active"),
        ({"conversion_types": ()}, "conversion_type_not_paid"),
        ({"units": "EUR"}, "currency_mismatch"),
        ({"compilers": ()}, "no_counting_line"),
    ],
)
def test_a_program_that_does_not_pay_gives_a_reason_and_the_visit_is_consumed(settings: dict[str, Any], reason: str):
    decision = decided(opportunity(engagement()), program(**settings))

    assert (decision.reason, reasons(decision), decision.consumes) == ("not_awarded", {1: reason}, True)
    assert decision.won == ()


def test_a_refunded_sale_is_awarded_like_any_other_since_its_refund_may_be_withdrawn():
    expired = engagement(2, created_at=at(days=-31))

    decision = decided(opportunity(engagement(1), expired), status="refunded")

    assert decision == decided(opportunity(engagement(1), expired))
    assert (decision.reason, decision.consumes, len(decision.awards)) == ("awarded", True, 1)


def test_counting_lines_with_a_zero_base_make_a_zero_award():
    free = decide(transaction(Line("gift", 0)), opportunity(engagement()), catalogue(program()), ACTIVE)

    assert [(award.base, award.reward) for award in free.awards] == [(0, 0)]


@pytest.mark.parametrize(
    ("rivals", "newest", "oldest"),
    [
        ([(1, 0, 5), (2, 1, 4)], 1, 1),
        ([(1, 0, 4), (2, 1, 5)], 2, 1),
        ([(1, 1, 5), (2, 0, 5)], 2, 2),
        ([(2, 0, 5), (1, 0, 5)], 1, 1),
        ([(9, 0, 0), (3, 1, 3), (2, 1, 3)], 2, 9),
    ],
    ids=["later seen and begun first", "later seen", "tie: begun first", "tie: lower id", "three"],
)
def test_the_resolver_names_one_winner_in_any_tie(rivals: list[tuple[int, int, int]], newest: int, oldest: int):
    held = [
        engagement(
            n, collaborator_id=88 + place % 2, created_at=at(minutes=begun - 9), modified_at=at(minutes=seen - 9)
        )
        for place, (n, begun, seen) in enumerate(rivals)
    ]

    by_newest = decided(opportunity(*held), program(resolver="newestBindingWins"))
    by_oldest = decided(opportunity(*held), program(resolver="oldestBindingWins"))

    assert (winners(by_newest), winners(by_oldest)) == ([newest], [oldest])
    assert sorted(reasons(by_newest).values()) == ["outranked"] * (len(rivals) - 1) + ["won"]


def test_every_program_without_a_group_pays():
    held = opportunity(engagement(1, program_id=1), engagement(2, program_id=2, collaborator_id=89))

    decision = decided(held, program(1), program(2, auto_approve=False))

    assert [(it.program.id, it.engagement.collaborator_id, it.status) for it in decision.awards] == [
        (1, 88, "approved"),
        (2, 89, "pending"),
    ]


MOMENTS = st.integers(-40, 1).map(lambda days: at(days=days))
ENGAGEMENTS = st.lists(
    st.builds(
        lambda n, p, c, times: engagement(n, p, c, created_at=min(times), modified_at=max(times)),
        st.integers(1, 50),
        st.integers(1, 4),
        st.sampled_from([88, 89, 90]),
        st.tuples(MOMENTS, MOMENTS),
    ),
    max_size=8,
    unique_by=(lambda it: it.id, lambda it: (it.program_id, it.collaborator_id)),
)
PROGRAMS = st.lists(
    st.builds(
        program,
        st.integers(1, 4),
        status=st.sampled_from(["active", "active", "inactive"]),
        units=st.sampled_from(["USD", "USD", "EUR"]),
        resolver=st.sampled_from(["newestBindingWins", "oldestBindingWins"]),
        percent=st.decimals(0, 100, places=2),
    ),
    max_size=4,
    unique_by=lambda it: it.id,
)
LINES = st.lists(
    st.builds(Line, st.just("x"), st.integers(0, 10**9), st.integers(1, 9), st.sampled_from(["product", "fee"])),
    max_size=4,
)


@given(ENGAGEMENTS, PROGRAMS, LINES, st.randoms(use_true_random=False), st.sampled_from(["complete", "refunded"]))
def test_the_order_of_engagements_and_programs_does_not_matter(
    engagements: list[Engagement], programs: list[Program], lines: list[Line], order: Any, status: str
):
    sale = transaction(*lines, status=status)
    shuffled, mixed = order.sample(engagements, len(engagements)), order.sample(programs, len(programs))

    one = decide(sale, opportunity(*engagements), catalogue(*programs), ACTIVE)
    other = decide(sale, opportunity(*shuffled), catalogue(*mixed), ACTIVE)

    assert one == other


@given(ENGAGEMENTS, PROGRAMS, LINES)
def test_a_program_pays_once_and_never_more_than_its_base(
    engagements: list[Engagement], programs: list[Program], lines: list[Line]
):
    decision = decide(transaction(*lines), opportunity(*engagements), catalogue(*programs), ACTIVE)

    paid = [award.program.id for award in decision.won]
    assert len(paid) == len(set(paid))
    assert all(0 <= award.reward <= award.base for award in decision.awards)
    assert sorted(winners(decision)) == sorted(n for n, reason in reasons(decision).items() if reason == "won")


@given(ENGAGEMENTS, PROGRAMS)
def test_every_engagement_is_accounted_for(engagements: list[Engagement], programs: list[Program]):
    decision = decide(transaction(), opportunity(*engagements), catalogue(*programs), ACTIVE)

    assert sorted(reasons(decision)) == sorted(it.id for it in engagements)
    assert decision.consumes == (decision.reason in ("awarded", "not_awarded"))


def test_noon_is_the_time_of_the_sale():
    assert transaction().sale.occurred_at == SALE_AT
