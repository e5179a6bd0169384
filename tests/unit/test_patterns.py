"""Patterns shared by checks and documents, and the join of two checks' schemas."""

import re
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tributary.api.http.inputs import patterns
from tributary.api.http.inputs.taken import both, or_blank


def is_read(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


@given(st.from_regex(patterns.moment(), fullmatch=True))
def test_the_parser_reads_every_moment_of_the_pattern(text: str) -> None:
    assert is_read(text)


@given(st.integers(0, 9999), st.integers(0, 13), st.integers(0, 32), st.sampled_from(["-", ""]))
def test_a_date_has_the_pattern_only_if_the_calendar_has_it(year: int, month: int, day: int, mark: str) -> None:
    text = f"{year:04}{mark}{month:02}{mark}{day:02}"

    assert bool(re.fullmatch(patterns.moment(), text)) is is_read(text)


@pytest.mark.parametrize("year", [1900, 2000, 2023, 2024])
def test_only_leap_years_have_a_29th_of_february(year: int) -> None:
    leap = is_read(f"{year}-02-29")

    for text, pattern in ((f"{year}-02-29", patterns.moment()), (f"2/29/{year}", patterns.AMERICAN_DATE)):
        assert bool(re.fullmatch(pattern, text)) is leap


@pytest.mark.parametrize("text", ["2026-11-21+12:00", "2026-W47-6", "2026-11-21_12:00", "2026-11-21T12:00+02:00:30"])
def test_forms_that_could_be_misread_are_no_moments(text: str) -> None:
    assert is_read(text)
    assert not re.fullmatch(patterns.moment(), text)


@given(st.integers(0, 2**54), st.integers(1, 2**54))
def test_digits_match_the_integers_up_to_the_limit(number: int, most: int) -> None:
    assert bool(re.fullmatch(patterns.digits(most), str(number))) is (1 <= number <= most)
    assert bool(re.fullmatch(patterns.digits(most, 0), f"0{number}")) is (number <= most)


def test_a_code_matches_in_any_case_and_no_other_does() -> None:
    pattern = patterns.any_case(["USD", "UYU", "EUR"])

    assert [it for it in ("usd", "Eur", "UYU", "UYR", "US") if re.fullmatch(pattern, it)] == ["usd", "Eur", "UYU"]


def test_two_checks_patterns_must_both_match() -> None:
    joined = both({"type": "string", "pattern": "^a"}, {"pattern": "z$", "maxLength": 5})

    assert joined == {"type": "string", "pattern": "^a", "maxLength": 5, "allOf": [{"pattern": "z$"}]}
    assert or_blank(joined) == {"anyOf": [joined, {"type": "string", "pattern": r"^\s*$"}]}
