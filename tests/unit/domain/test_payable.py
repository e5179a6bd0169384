"""The choice of what a batch pays, and the reason for each group that it leaves out."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tributary.domain.payable import (
    BELOW_MINIMUM,
    EXCLUDED,
    HELD,
    INACTIVE,
    NO_METHOD,
    NOT_POSITIVE,
    REASONS,
    Arguments,
    Choice,
    Group,
    Minimums,
    Owed,
    Payee,
    choose,
)

NOW, BEFORE, LATER = "2026-11-29T12:00:00.000Z", "2026-11-01T00:00:00.000Z", "2026-12-24T00:00:00.000Z"
ANNA = 88
ACTIVE, NONE = Payee(True, "manual"), Minimums()


def owed(value: int, number: int = 1, **members: object) -> Owed:
    return replace(Owed(number, ("pk", str(number)), value, 1, BEFORE, program_id=7), **members)


def group(*members: Owed) -> Group:
    return Group(ANNA, "USD", members)


def chosen(
    *members: Owed, arguments: Arguments | None = None, payee: Payee = ACTIVE, minimums: Minimums = NONE
) -> Choice:
    return choose(group(*members), arguments or Arguments(NOW), payee, minimums)


MOMENTS = st.sampled_from([BEFORE, NOW, LATER])
OWED = st.builds(
    Owed,
    id=st.integers(1, 50),
    key=st.tuples(st.just("pk"), st.text("ab", max_size=2)),
    value=st.integers(-1000, 1000).filter(bool),
    version=st.integers(1, 3),
    earned_at=MOMENTS,
    due_at=st.none() | MOMENTS,
    program_id=st.none() | st.integers(1, 3),
)
GROUPS = st.lists(OWED, min_size=1, max_size=12, unique_by=lambda it: it.id).map(
    lambda members: Group(ANNA, "USD", tuple(members))
)
ARGUMENTS = st.builds(
    Arguments,
    now=st.just(NOW),
    obligation_ids=st.sampled_from([(), (1,)]),
    excluded=st.sampled_from([frozenset(), frozenset({ANNA})]),
    cutoff=st.none() | MOMENTS,
    ignore_minimum=st.booleans(),
)
PAYEES = st.builds(
    Payee,
    active=st.booleans(),
    method=st.sampled_from([None, "manual"]),
    minimum=st.dictionaries(st.sampled_from(["USD", "EUR"]), st.integers(0, 2000)),
)
MINIMUMS = st.builds(
    Minimums,
    organization=st.dictionaries(st.just("USD"), st.integers(0, 2000)),
    programs=st.dictionaries(st.integers(1, 3), st.dictionaries(st.sampled_from(["USD", "EUR"]), st.integers(0, 2000))),
)


@given(GROUPS, ARGUMENTS, PAYEES, MINIMUMS)
def test_a_group_is_paid_with_all_that_is_due_or_not_at_all(
    held: Group, arguments: Arguments, payee: Payee, minimums: Minimums
):
    choice = choose(held, arguments, payee, minimums)

    due = {it for it in held.owed if arguments.due(it)}
    assert set(choice.pays) == (set() if choice.reason else due)
    assert set(choice.held) == set(held.owed) - due
    assert choice.reason is None or choice.reason in REASONS


@given(GROUPS, ARGUMENTS, PAYEES, MINIMUMS)
def test_what_is_paid_is_positive_and_reaches_the_minimum_of_an_active_payee_with_a_method(
    held: Group, arguments: Arguments, payee: Payee, minimums: Minimums
):
    choice = choose(held, arguments, payee, minimums)

    if choice.reason is None:
        assert choice.value > 0
        assert choice.value >= choice.minimum
        assert payee.active
        assert payee.method
        assert ANNA not in arguments.excluded


@given(GROUPS, ARGUMENTS, PAYEES, MINIMUMS)
def test_a_debit_is_held_until_its_day_only(held: Group, arguments: Arguments, payee: Payee, minimums: Minimums):
    choice = choose(held, arguments, payee, minimums)

    debits = {it for it in choice.held if it.value < 0}
    later = {it for it in held.owed if it.value < 0 and it.due_at is not None and it.due_at > arguments.now}
    assert debits == (set() if arguments.obligation_ids else later)


@given(GROUPS, ARGUMENTS, PAYEES, MINIMUMS)
def test_adjustments_come_before_what_is_owed_and_older_before_newer(
    held: Group, arguments: Arguments, payee: Payee, minimums: Minimums
):
    pays = choose(held, arguments, payee, minimums).pays

    assert list(pays) == sorted(pays, key=lambda it: (it.value > 0, it.earned_at, it.id))


@given(GROUPS, ARGUMENTS, PAYEES, MINIMUMS)
def test_the_sums_paid_left_out_and_held_are_the_sum_of_the_group(
    held: Group, arguments: Arguments, payee: Payee, minimums: Minimums
):
    choice = choose(held, arguments, payee, minimums)

    part = choice.left_out if choice.reason else choice.value
    assert part + sum(it.value for it in choice.held) == sum(it.value for it in held.owed)


@pytest.mark.parametrize(
    ("choice", "reason"),
    [
        (chosen(owed(500), arguments=Arguments(NOW, excluded=frozenset({ANNA}))), EXCLUDED),
        (chosen(owed(500), payee=Payee(False, "manual")), INACTIVE),
        (chosen(owed(500, due_at=LATER)), HELD),
        (chosen(owed(500), arguments=Arguments(NOW, cutoff=BEFORE)), HELD),
        (chosen(owed(500, due_at=LATER), owed(-100, 2)), NOT_POSITIVE),
        (chosen(owed(-100, due_at=LATER)), HELD),
        (chosen(owed(-500)), NOT_POSITIVE),
        (chosen(owed(500), owed(-500, 2)), NOT_POSITIVE),
        (chosen(owed(500), minimums=Minimums({"USD": 501})), BELOW_MINIMUM),
        (chosen(owed(600), owed(-100, 2), minimums=Minimums({"USD": 501})), BELOW_MINIMUM),
        (chosen(owed(500), payee=Payee(True, None)), NO_METHOD),
        (chosen(owed(500)), None),
        (chosen(owed(500, due_at=NOW)), None),
        (chosen(owed(500), minimums=Minimums({"USD": 500})), None),
        (chosen(owed(500), minimums=Minimums({"EUR": 900})), None),
        (chosen(owed(500), arguments=Arguments(NOW, cutoff=NOW)), None),
    ],
)
def test_each_reason_leaves_out_its_group(choice: Choice, reason: str | None):
    assert choice.reason == reason
    assert bool(choice.pays) is (reason is None)


@pytest.mark.parametrize("place", range(len(REASONS) - 1))
def test_of_several_reasons_the_first_is_named(place: int):
    """Everything from this reason on applies as well."""
    later = REASONS[place:]
    arguments = Arguments(NOW, excluded=frozenset({ANNA}) if EXCLUDED in later else frozenset())
    members = [owed(500, due_at=LATER) if HELD in later else owed(50)]
    members += [owed(-100, 2)] if NOT_POSITIVE in later and HELD not in later else []
    payee = Payee(INACTIVE not in later, None)

    choice = chosen(*members, arguments=arguments, payee=payee, minimums=Minimums({"USD": 9000}))

    assert choice.reason == REASONS[place]


@pytest.mark.parametrize(
    ("payee", "programs", "organization", "least"),
    [
        ({}, {}, {}, 0),
        ({}, {}, {"USD": 300}, 300),
        ({}, {7: {"USD": 200}}, {"USD": 300}, 200),
        ({}, {7: {"USD": 200}, 8: {"USD": 100}}, {"USD": 300}, 100),
        ({}, {7: {"EUR": 200}}, {"USD": 300}, 300),
        ({}, {9: {"USD": 1}}, {"USD": 300}, 300),
        ({"USD": 900}, {7: {"USD": 200}}, {"USD": 300}, 900),
        ({"USD": 0}, {7: {"USD": 200}}, {"USD": 300}, 0),
        ({"EUR": 900}, {7: {"USD": 200}}, {"USD": 300}, 200),
    ],
)
def test_the_collaborators_minimum_comes_before_the_programs_and_the_organizations(
    payee: dict[str, int], programs: dict[int, dict[str, int]], organization: dict[str, int], least: int
):
    members = [owed(5), owed(5, 2, program_id=8), owed(5, 3, program_id=None)]

    choice = chosen(*members, payee=Payee(True, "manual", payee), minimums=Minimums(organization, programs))

    assert choice.minimum == least


def test_a_final_payout_ignores_the_minimum():
    choice = chosen(owed(5), arguments=Arguments(NOW, ignore_minimum=True), minimums=Minimums({"USD": 300}))

    assert (choice.reason, choice.minimum) == (None, 0)


def test_an_obligation_named_by_id_need_not_be_due_but_must_be_earned_before_the_cutoff():
    later = owed(500, due_at=LATER, earned_at=NOW)

    assert chosen(later, arguments=Arguments(NOW, obligation_ids=(1,))).pays == (later,)
    assert chosen(later, arguments=Arguments(NOW, obligation_ids=(1,), cutoff=NOW)).reason == HELD


def test_a_part_that_is_held_waits_while_the_rest_is_paid():
    choice = chosen(owed(500), owed(700, 2, due_at=LATER))

    assert (choice.value, [it.value for it in choice.held]) == (500, [700])
