"""Claims: sales reported with the collaborator who referred them."""

import itertools
from decimal import Decimal
from typing import Any

from tests.unit.builders import SALE_AT, catalogue, engagement, opportunity, program, transaction
from tributary.domain.attribution import Decision, decide
from tributary.domain.transaction import Claim, Line, Transaction

DANA = 88


def claimed(*program_ids: int, commission: int | None = None, **members: Any) -> Transaction:
    return transaction(tracking_id=None, claim=Claim(DANA, program_ids, commission), **members)


def earned(decision: Decision) -> dict[int, int]:
    return {award.program.id: award.value for award in decision.awards}


def test_a_claim_is_paid_by_each_of_its_programs_without_a_visit_or_a_trigger() -> None:
    programs = catalogue(program(1, triggers={}), program(2, percent=Decimal(20)), program(3))

    decision = decide(claimed(1, 2), None, programs, {DANA})

    assert earned(decision) == {1: 1000, 2: 2000}
    assert {award.engagement.created_at for award in decision.awards} == {SALE_AT}


def test_a_claim_neither_needs_nor_consumes_a_visit() -> None:
    visited = opportunity(engagement(collaborator_id=7))

    assert decide(claimed(1), visited, catalogue(program(1)), {7, DANA}) == decide(
        claimed(1), None, catalogue(program(1)), {DANA}
    )
    assert not decide(claimed(1), visited, catalogue(program(1)), {7, DANA}).consumes


def test_a_claim_is_subject_to_the_same_conditions_as_others() -> None:
    settings: list[dict[str, Any]] = [{"status": "inactive"}, {"units": "EUR"}, {"compilers": ()}, {}]
    programs = catalogue(*(program(number, **held) for number, held in enumerate(settings, 1)))

    active = decide(claimed(1, 2, 3, 4, commission=5), None, programs, {DANA})
    inactive = decide(claimed(4), None, programs, set())

    reasons = {it.engagement.program_id: it.reason for it in active.candidates}
    assert reasons == {1: "program_not_active", 2: "currency_mismatch", 3: "no_counting_line", 4: "won"}
    assert inactive.candidates[0].reason == "collaborator_not_active"


def test_one_program_of_a_group_pays_in_any_order_of_the_claim() -> None:
    programs = catalogue(program(1, group_id=5), program(2, group_id=5), sorters={5: "newestBindingWins"})

    orders = [decide(claimed(*order), None, programs, {DANA}) for order in itertools.permutations((1, 2))]

    assert orders[0] == orders[1]
    assert len(orders[0].awards) == 1


def test_a_commission_replaces_the_reward_but_not_its_base() -> None:
    ((award),) = decide(claimed(1, commission=4200), None, catalogue(program(1)), {DANA}).awards

    assert (award.base, award.reward, award.value, award.overridden) == (10000, 4200, 4200, True)


def test_the_claim_of_a_refunded_sale_is_awarded_since_its_refund_may_be_withdrawn() -> None:
    decision = decide(claimed(1, commission=5, status="refunded"), None, catalogue(program(1)), {DANA})

    assert (decision.reason, [it.value for it in decision.awards], decision.consumes) == ("awarded", [5], False)


def test_the_details_are_the_subtotal_unless_there_are_lines() -> None:
    assert transaction(subtotal=700).total_value == 700
    assert transaction(Line("Order", 5), subtotal=700).total_value == 5
    assert transaction().total_value == 10000
