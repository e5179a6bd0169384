"""Periods of a distributor: whole days, weeks and months in UTC, without gaps."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.builders import distributor
from tests.unit.examples import EXAMPLES
from tributary.domain import times
from tributary.domain.distributor import PERIODS, period_of
from tributary.domain.program import LineItemFilters

MONTHLY = distributor()


@pytest.mark.parametrize(
    ("kind", "moment", "start", "end"),
    [
        ("daily", "2025-02-28T23:59:59.999Z", "2025-02-28", "2025-03-01"),
        ("weekly", "2025-03-02T12:00:00.000Z", "2025-02-24", "2025-03-03"),
        ("weekly", "2025-03-03T00:00:00.000Z", "2025-03-03", "2025-03-10"),
        ("monthly", "2024-12-31T23:59:59.999Z", "2024-12-01", "2025-01-01"),
        ("monthly", "2025-01-01T00:00:00.000Z", "2025-01-01", "2025-02-01"),
        ("monthly", "9999-12-31T12:00:00.000Z", "9999-12-01", "9999-12-31"),
    ],
)
def test_a_moment_is_in_the_period_that_began_last(kind: str, moment: str, start: str, end: str):
    period = period_of(kind, moment)

    assert (period.name, period.start[:10], period.end[:10]) == (start, start, end)


@settings(max_examples=EXAMPLES)
@given(st.sampled_from(PERIODS), st.datetimes(min_value=times.parse("1970-01-01").replace(tzinfo=None)).map(str))
def test_each_moment_is_in_its_period_and_the_next_one_begins_where_it_ends(kind: str, moment: str):
    at = times.text(times.parse(moment))
    period = period_of(kind, at)

    assert period.start <= at
    assert at < period.end or period.end.startswith("9999-12-31")
    assert period_of(kind, period.start) == period
    if not period.end.startswith("9999"):
        assert period_of(kind, period.end).start == period.end


def test_the_ended_periods_begin_with_that_of_the_creation():
    ended = [it.name for it in MONTHLY.ended_periods("2025-04-01T00:00:00.000Z")]

    assert ended == ["2025-01-01", "2025-02-01", "2025-03-01"]
    assert [it.name for it in MONTHLY.ended_periods("2025-03-31T23:59:59.999Z", "2025-02-01T00:00:00.000Z")] == [
        "2025-02-01"
    ]
    assert list(MONTHLY.ended_periods("2025-01-31T00:00:00.000Z")) == []


def test_only_settings_that_decide_which_lines_count_change_the_rule():
    owned = LineItemFilters(collaborator_owned=True)
    same = [
        replace(MONTHLY, percentage=Decimal(20)),
        replace(MONTHLY, collaborators=(1,)),
        replace(MONTHLY, resolver="sharedPool"),
    ]
    other = [
        replace(MONTHLY, compilers=()),
        replace(MONTHLY, filters=LineItemFilters(skus=("A",))),
        replace(MONTHLY, filters=owned),
        replace(MONTHLY, filters=owned, collaborators=(1,)),
    ]

    assert {it.rule for it in same} == {MONTHLY.rule}
    assert len({it.rule for it in [MONTHLY, *other]}) == 5
