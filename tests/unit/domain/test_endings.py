"""Endings of a sale: sets of moments, whose order of arrival does not matter."""

import functools
import operator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tributary.domain.endings import UNDATED, Endings

MOMENTS = st.sampled_from([UNDATED, "1", "2", "3"])
REPORTS = st.lists(
    st.one_of(
        MOMENTS.map(lambda at: Endings(refunded=at)),
        MOMENTS.map(lambda at: Endings(cancelled=at)),
        st.sampled_from(["1", "2", "3"]).map(lambda at: Endings(withdrawn=at)),
    )
)


def merged(reports: list[Endings]) -> Endings:
    return functools.reduce(operator.or_, reports, Endings())


@given(REPORTS, st.randoms())
def test_any_order_and_repetition_leaves_the_same_endings(reports, chance):
    again = [*reports, *chance.sample(reports, len(reports) // 2)]
    chance.shuffle(again)

    assert merged(again) == merged(reports)


@given(REPORTS)
def test_the_status_is_that_of_the_latest_report_and_a_withdrawal_wins(reports):
    withdrawn = max((it.withdrawn for it in reports if it.withdrawn), default=None)
    live = {
        name
        for it in reports
        for name in ("refunded", "cancelled")
        if (at := getattr(it, name)) is not None and (withdrawn is None or at > withdrawn)
    }

    assert merged(reports).status == ("cancelled" if "cancelled" in live else "refunded" if live else "complete")


@pytest.mark.parametrize(
    ("endings", "status"),
    [
        (Endings(refunded=UNDATED), "refunded"),
        (Endings(refunded=UNDATED, withdrawn="1"), "complete"),
        (Endings(refunded="1", withdrawn="1"), "complete"),
        (Endings(refunded="2", cancelled="1", withdrawn="1"), "refunded"),
        (Endings(refunded="1", cancelled="2"), "cancelled"),
    ],
)
def test_a_withdrawal_ends_what_came_up_to_its_moment(endings, status):
    assert endings.status == status
