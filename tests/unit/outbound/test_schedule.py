"""Retries of a webhook."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tributary.domain import times
from tributary.outbound import schedule
from tributary.outbound.attempt import Sent

HOUR = 3600
NOON = "2026-11-30T12:00:00.000Z"
IDS = st.uuids().map(lambda it: f"evt_{it.hex}")
MADE = st.integers(0, len(schedule.STEPS) - 1)


def test_ten_attempts_over_three_days():
    pauses = [schedule.next_pause("evt_1", made) for made in range(11)]

    assert schedule.STEPS == (0, 5, 300, 1800, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR)
    assert pauses[0] == 0
    assert pauses[10] is None
    assert 75 * HOUR < sum(pauses[:10]) < 92 * HOUR


@given(IDS, MADE)
def test_a_pause_is_its_step_and_up_to_a_fifth_more(delivery, made):
    step = schedule.STEPS[made]

    assert step <= schedule.next_pause(delivery, made) <= step * 6 // 5
    assert schedule.next_pause(delivery, made) == schedule.next_pause(delivery, made)


def test_failures_of_one_moment_spread():
    pauses = {schedule.next_pause(f"evt_{number}", 3) for number in range(100)}

    assert len(pauses) > 50
    assert max(pauses) - min(pauses) > 200


@given(IDS, MADE, st.integers(-10, 10**9))
def test_an_asked_pause_lengthens_within_the_step_after(delivery, made, asked):
    own = schedule.next_pause(delivery, made)
    pause = schedule.next_pause(delivery, made, asked)

    assert pause >= own
    assert pause <= max(own, schedule.STEPS[min(made + 1, 9)])
    assert pause in {own, asked, schedule.STEPS[min(made + 1, 9)]}


@pytest.mark.parametrize(
    ("made", "asked", "pause"), [(1, 120, 120), (1, 7200, 300), (2, 1200, 1200), (3, 10, None), (9, 10**6, None)]
)
def test_an_asked_pause_by_example(made, asked, pause):
    assert schedule.next_pause("evt_1", made, asked) == (pause or schedule.next_pause("evt_1", made))


@pytest.mark.parametrize("made", [10, 11, 1000])
def test_no_attempt_follows_the_last(made):
    assert schedule.next_pause("evt_1", made, 60) is None


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        *((status, "delivered") for status in (200, 201, 202, 204, 299)),
        *((status, "retry") for status in (300, 301, 302, 307, 308, 400, 401, 404, 409, 411, 429, 500, 503, 999)),
        (410, "gone"),
    ],
)
def test_outcome_of_a_status(status, outcome):
    assert schedule.outcome(Sent(status, 5)) == outcome


def test_a_failure_without_a_status_is_tried_again():
    assert schedule.outcome(Sent(None, 5, "timeout")) == "retry"


def after(**by: float) -> str:
    return times.later(NOON, **by)


@pytest.mark.parametrize(
    ("last_failure", "last_success", "now", "dead"),
    [
        (after(days=5), None, after(days=5), True),
        (after(hours=12), None, after(days=5), True),
        (after(hours=11, minutes=59), None, after(days=5), False),
        (NOON, None, after(days=30), False),
        (after(days=4, hours=23, minutes=59), None, after(days=4, hours=23, minutes=59), False),
        (after(days=5), after(days=-3), after(days=5), True),
        (after(days=5), after(days=3), after(days=5), False),
        (after(days=5), NOON, after(days=5), False),
    ],
)
def test_a_receiver_is_given_up_after_five_days(last_failure, last_success, now, dead):
    assert schedule.is_dead(NOON, last_failure, last_success, now) is dead


HOURS = st.integers(0, 400)


@given(HOURS, HOURS, st.none() | st.integers(-400, 400), HOURS, HOURS)
def test_a_receiver_once_dead_stays_dead_until_a_success(first, span, success, now, later):
    def dead(now):
        failures = after(hours=first), after(hours=first + span)
        return schedule.is_dead(*failures, None if success is None else after(hours=success), after(hours=now))

    if dead(now):
        assert dead(now + later)
        assert now - first >= 120
        assert span >= 12
        assert success is None or success < first
