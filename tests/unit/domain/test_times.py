from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tributary.domain import times

MOMENTS = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-11)), timezone(timedelta(hours=5.5))]))
SAFE = MOMENTS.filter(lambda moment: 1 < moment.year < 9999)


@given(SAFE, SAFE)
def test_text_order_is_time_order_to_the_millisecond(one: datetime, other: datetime):
    first, second = times.text(one), times.text(other)

    cut = [moment.astimezone(UTC).replace(microsecond=moment.microsecond // 1000 * 1000) for moment in (one, other)]
    assert (first < second) == (cut[0] < cut[1])
    assert len(first) == len(second) == 24


@given(SAFE)
def test_a_time_survives_a_round_trip_through_text(moment: datetime):
    text = times.text(moment)

    assert times.text(times.parse(text)) == text


@pytest.mark.parametrize(
    ("given_text", "text"),
    [
        ("2026-11-21T10:00:00Z", "2026-11-21T10:00:00.000Z"),
        ("2026-11-21T10:00:00", "2026-11-21T10:00:00.000Z"),
        ("2026-11-21", "2026-11-21T00:00:00.000Z"),
        ("2026-11-21T10:00:00.123456+02:00", "2026-11-21T08:00:00.123Z"),
        ("0001-01-01", "0001-01-01T00:00:00.000Z"),
        ("0999-12-31T23:59:59Z", "0999-12-31T23:59:59.000Z"),
    ],
)
def test_iso_8601_is_read_as_utc_unless_it_has_an_offset(given_text: str, text: str):
    assert times.text(times.parse(given_text)) == text


@pytest.mark.parametrize("given_text", ["", "soon", "2026-13-01", "21.11.2026", "1732183200"])
def test_anything_else_is_refused(given_text: str):
    with pytest.raises(ValueError, match=r"isoformat|month"):
        times.parse(given_text)


def test_a_time_is_shifted_by_days_and_seconds():
    assert times.later("2026-02-28T23:59:30.500Z", days=1, seconds=30) == "2026-03-02T00:00:00.500Z"
    assert times.later("2026-01-01T00:00:00.000Z", seconds=-1) == "2025-12-31T23:59:59.000Z"


def test_now_is_the_current_time():
    before = times.text(datetime.now(UTC))

    now = times.now()

    assert before <= now <= times.text(datetime.now(UTC))
