"""Simulation: what a stored decision says is enough to decide again, with the same outcome as by the first inputs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.unit import builders
from tests.unit.builders import BEFORE, SALE_AT, at, catalogue, given_back, opportunity, program, transaction
from tributary.domain.attribution import Decision, decide
from tributary.domain.codes import COUPON, Code
from tributary.domain.decided_again import Group
from tributary.domain.earning_event import EarningEvent
from tributary.domain.frozen_award import frozen
from tributary.domain.manual_engagements import Carried
from tributary.domain.opportunity import Engagement, Opportunity
from tributary.domain.program import RESOLVERS, Catalogue, LineItemFilters, Program
from tributary.domain.remaining_value import remaining_value
from tributary.domain.simulation import EARLIER_SALE, Draft, Part, Played, Version, in_turn, play
from tributary.domain.transaction import Claim, Line, Transaction
from tributary.ledger.earnings import decisions

_DECIDED = at(seconds=3)
_GROUPS = {7: Group("newestBindingWins", BEFORE)}
_LINES = (Line("Mug", 3333, attributes={"sku": "MUG"}), Line("Plan", 7001, 2), Line("Off", -500, type="discount"))


def recorded(
    sale: Transaction, decision: Decision, known: Catalogue, visited: Opportunity | None = None
) -> Mapping[str, Any]:
    event = EarningEvent.of_sale(sale)
    return decisions.item_of(event, sale.sale.tracking_id, visited, decision, known, _DECIDED)


def played(
    sale: Transaction,
    visited: Opportunity | None,
    known: Catalogue,
    draft: Draft,
    groups: Mapping[int, Group] = _GROUPS,
    carried: Sequence[Carried] = (),
) -> Played:
    decision = decide(sale, visited, known, _PEOPLE, carried)
    return play(sale, recorded(sale, decision, known, visited), draft, groups)


def worth(sale: Transaction, decision: Decision) -> set[Part]:
    """The parts of a decision, computed from its own awards."""
    parts = (
        Part(
            award.engagement.collaborator_id,
            award.program.id,
            remaining_value(
                {
                    "type": "sale",
                    "programId": award.program.id,
                    "collaboratorId": award.engagement.collaborator_id,
                    "currency": "USD",
                    "award": frozen(award),
                },
                sale,
            ),
        )
        for award in decision.awards
    )
    return {part for part in parts if part.value}


_PEOPLE = {1, 2, 3}
_moments = st.integers(-120 * 1440, 10).map(lambda minutes: at(minutes=minutes))
_programs = st.builds(
    program,
    percent=st.integers(0, 300).map(lambda tenths: Decimal(tenths) / 10),
    status=st.sampled_from(["active", "active", "active", "inactive"]),
    resolver=st.sampled_from(RESOLVERS),
    units=st.sampled_from(["USD", "USD", "USD", "EUR"]),
    expiration_days=st.sampled_from([1, 30, 90]),
    compilers=st.sampled_from([(), ("includeLineItems",), ("includeLineItems", "includeDiscounts")]),
    pool_remainder=st.sampled_from(["drop", "largest"]),
    group_id=st.sampled_from([None, 7]),
    conversion_types=st.sampled_from([("sale",), ("sale",), ("lead",)]),
    filters=st.sampled_from([LineItemFilters(), LineItemFilters(skus=("MUG",))]),
    triggers=st.just({"siteVisited": 100, "couponUsed": 50}),
)


@st.composite
def _engagements(draw: st.DrawFn) -> tuple[Engagement, ...]:
    pairs = draw(st.sets(st.tuples(st.integers(1, 3), st.integers(1, 4)), min_size=1, max_size=8))
    return tuple(
        Engagement(number, program_id, person, draw(st.integers(0, 300)), *sorted(draw(st.tuples(_moments, _moments))))
        for number, (program_id, person) in enumerate(sorted(pairs), 100)
    )


_sales = st.builds(
    lambda lines, back: given_back(transaction(*lines), back),
    st.lists(st.sampled_from(_LINES[:2]), min_size=1, max_size=3).map(lambda lines: [*lines, _LINES[2]]),
    st.sampled_from([0, 0, 1000, 1_000_000]),
)
_catalogues = st.tuples(_programs, _programs, _programs).map(
    lambda three: catalogue(
        *(replace(it, id=number) for number, it in enumerate(three, 1)), sorters={7: "newestBindingWins"}
    )
)


@given(_sales, _engagements(), _catalogues)
def test_a_draft_that_changes_nothing_pays_the_same(sale: Transaction, held: tuple[Engagement, ...], known: Catalogue):
    found = played(sale, opportunity(*held), known, Draft(known.programs[1]))

    assert found.left is None
    assert not found.uses_other_visits or known.programs[1].status != "active"
    assert found.before == found.after
    assert set(found.before) == worth(sale, decide(sale, opportunity(*held), known, _PEOPLE))


@given(_sales, _engagements(), _catalogues, _programs)
def test_a_draft_pays_what_a_decision_by_all_inputs_would(
    sale: Transaction, held: tuple[Engagement, ...], known: Catalogue, draft: Program
):
    drafted = replace(draft, id=1, group_id=known.programs[1].group_id)
    changed = replace(known, programs={**known.programs, 1: drafted})
    then, again = (decide(sale, opportunity(*held), each, _PEOPLE) for each in (known, changed))

    found = played(sale, opportunity(*held), known, Draft(draft))

    assert found.left is None
    assert (set(found.before), set(found.after)) == (worth(sale, then), worth(sale, again))
    if draft.status == "active":
        assert found.uses_other_visits == (then.consumes != again.consumes)
    elif then.consumes != decide(sale, _without(held), changed, _PEOPLE).consumes:
        assert found.uses_other_visits


def _without(held: tuple[Engagement, ...]) -> Opportunity:
    """The visits without those that the draft, inactive, would not have made."""
    return opportunity(*(engagement for engagement in held if engagement.program_id != 1))


@given(_engagements(), _catalogues, _programs)
def test_owners_of_codes_compete_again(held: tuple[Engagement, ...], known: Catalogue, draft: Program):
    assume(draft.status == "active")
    sale = transaction(*_LINES, codes=(Code(COUPON, "ANN"),))
    carried = [Carried(Code(COUPON, "ANN"), 3, (known.programs[1], known.programs[2]))]
    changed = replace(known, programs={**known.programs, 1: replace(draft, id=1, group_id=known.programs[1].group_id)})
    assume(known.programs[1].status == "active")
    again = [Carried(Code(COUPON, "ANN"), 3, (changed.programs[1], changed.programs[2]))]

    found = played(sale, opportunity(*held), known, Draft(draft), carried=carried)

    assert set(found.after) == worth(sale, decide(sale, opportunity(*held), changed, _PEOPLE, again))


@given(_catalogues, _programs, st.sampled_from([None, 777]))
def test_a_claim_is_decided_again(known: Catalogue, draft: Program, commission: int | None):
    claim = Claim(2, (1,) if commission else (1, 2), commission)
    sale = transaction(*_LINES, claim=claim, tracking_id=None)
    changed = replace(known, programs={**known.programs, 1: replace(draft, id=1, group_id=known.programs[1].group_id)})

    found = played(sale, None, known, Draft(draft))

    assert (found.left, found.uses_other_visits) == (None, False)
    assert set(found.after) == worth(sale, decide(sale, None, changed, _PEOPLE))


# reasons


def visit(**members: Any) -> Engagement:
    return builders.engagement(1, 1, 2, **members)


def left(draft: Draft, sale: Transaction | None = None, change: Mapping[str, Any] | None = None) -> str | None:
    sale, known = sale or transaction(), catalogue(program())
    record = recorded(sale, decide(sale, opportunity(visit()), known, _PEOPLE), known, opportunity(visit()))
    return play(sale, {**record, **(change or {})}, draft, {}).left


def test_a_sale_without_a_decision_is_left_out():
    assert play(transaction(), None, Draft(program()), {}).left == "not_decided"


def test_a_deleted_sale_is_left_out():
    assert left(Draft(program()), transaction(status="deleted")) == "deleted"


@pytest.mark.parametrize(
    ("sale", "moment", "reason"),
    [
        (transaction(), _DECIDED, "triggers_differ"),
        (transaction(), at(seconds=4), None),
        (transaction(tracking_id=None), _DECIDED, None),
        (transaction(tracking_id=None, codes=(Code(COUPON, "ANN"),)), _DECIDED, "triggers_differ"),
    ],
)
def test_other_triggers_matter_once_they_differ(sale: Transaction, moment: str, reason: str | None):
    known = catalogue(program())
    visited = opportunity(visit()) if sale.sale.tracking_id else None
    record = recorded(sale, decide(sale, visited, known, _PEOPLE), known, visited)

    assert play(sale, record, Draft(program(), triggers_differ=moment), {}).left == reason


def test_a_decision_that_is_not_reproduced_is_left_out():
    record = recorded(
        transaction(),
        decide(transaction(), opportunity(visit()), catalogue(program()), _PEOPLE),
        catalogue(program(percent=Decimal(20))),
        opportunity(visit()),
    )

    assert play(transaction(), record, Draft(program()), {}).left == "not_reproduced"


def test_visits_that_gave_way_matter_to_a_draft_without_any():
    given_way = {"opportunity": {"id": 4218, "epoch": 0, "consumed": True, "evicted": 2}}

    assert left(Draft(program()), change=given_way) is None
    assert left(Draft(program(status="inactive")), change=given_way) == "visits_given_way"


@pytest.mark.parametrize(("group", "reason"), [(Group("newestBindingWins", BEFORE), None), (None, "group_changed")])
def test_a_group_must_be_as_it_was(group: Group | None, reason: str | None):
    known = catalogue(program(group_id=7), program(2, group_id=7), sorters={7: "newestBindingWins"})
    held = opportunity(visit(), builders.engagement(2, 2, 3))

    found = played(transaction(), held, known, Draft(program()), {7: group} if group else {})

    assert found.left == reason


# triggers of versions


def versions(*settings: tuple[str, Mapping[str, Any]]) -> list[Version]:
    return [Version(since, program(**members)) for since, members in settings]


@pytest.mark.parametrize(
    ("history", "start", "triggers", "points"),
    [
        ([(BEFORE, {})], "", None, None),
        ([(BEFORE, {"status": "draft"}), (SALE_AT, {})], "", BEFORE, BEFORE),
        ([(BEFORE, {"status": "draft"}), (SALE_AT, {})], SALE_AT, None, None),
        ([(BEFORE, {}), (SALE_AT, {"triggers": {"couponUsed": 1}})], BEFORE, SALE_AT, SALE_AT),
        ([(BEFORE, {}), (SALE_AT, {"triggers": {"siteVisited": 1}})], BEFORE, None, SALE_AT),
        ([(BEFORE, {"triggers": {"siteVisited": 1}})], SALE_AT, None, SALE_AT),
    ],
)
def test_a_draft_knows_since_when_visits_were_counted_otherwise(
    history: list[Any], start: str, triggers: str | None, points: str | None
):
    found = Draft.of(program(), versions(*history), start)

    assert (found.triggers_differ, found.points_differ) == (triggers, points)


def test_versions_that_are_not_known_may_have_counted_otherwise():
    found = Draft.of(program(), versions((SALE_AT, {})), BEFORE, whole=False)

    assert found.triggers_differ == found.points_differ == BEFORE


def test_the_triggers_of_a_draft_that_is_off_do_not_matter():
    found = Draft.of(program(status="inactive"), versions((BEFORE, {})), "")

    assert (found.triggers_differ, found.points_differ) == (None, None)


# visits of earlier sales


def sale(number: int, opportunity_id: int | None = 1, **members: Any) -> Played:
    return Played(number, "USD", opportunity_id=opportunity_id, decided_at=at(minutes=number), **members)


def test_later_sales_of_a_visitor_are_left_out_in_the_order_of_decisions():
    shown = [sale(3), sale(2, uses_other_visits=True), sale(1), sale(4, 5), sale(5, None)]

    found, others = in_turn(shown, {}, ())

    assert [(it.transaction_id, it.left) for it in found] == [
        (1, None), (2, None), (3, EARLIER_SALE), (4, None), (5, None),
    ]  # fmt: skip
    assert others == {1}


def test_a_merged_opportunity_is_the_same_visitor():
    found, _ = in_turn([sale(1, 8, uses_other_visits=True), sale(2, 9)], {8: 9, 9: 9}, ())

    assert [it.left for it in found] == [None, EARLIER_SALE]


def test_a_sale_keeps_its_own_reason():
    found, others = in_turn([sale(1, left="amended", uses_other_visits=True), sale(2, left="deleted")], {}, {6})

    assert ([it.left for it in found], others) == (["amended", "deleted"], {1, 6})
