import pytest
from achkit import is_valid_routing
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.payments.builders import ROUTINGS
from tributary.payments.aba import routing_failure


@pytest.mark.parametrize("routing", ROUTINGS)
def test_routing_numbers_of_banks_are_taken(routing: str):
    assert routing_failure(routing) is None


@pytest.mark.parametrize(
    ("routing", "reason"),
    [
        ("021000022", "right check digit"),
        ("02100002", "9 digits"),
        ("0210000211", "9 digits"),
        ("02100002A", "9 digits"),
        ("٠٢١٠٠٠٠٢١", "9 digits"),
        ("000000000", "right check digit"),
        ("990000000", "Federal Reserve district"),
    ],
)
def test_a_text_that_is_no_routing_number_is_refused_with_its_reason(routing: str, reason: str):
    assert reason in (routing_failure(routing) or "")


@given(st.from_regex(r"(0[1-9]|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)[0-9]{7}", fullmatch=True))
def test_a_second_library_agrees_about_every_check_digit(routing: str):
    assert (routing_failure(routing) is None) == is_valid_routing(routing)
