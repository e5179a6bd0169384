"""docs/scaling.md matches a fresh count."""

import re

import pytest

from tests.documents import place
from tests.performance.scaling.assumed import milliseconds
from tests.performance.scaling.tables import PATH, tables

COUNTED = ("units", "events", "messages", "prices", "times")


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return tables()


@pytest.mark.parametrize("name", COUNTED)
def test_the_document_matches_the_count(made: dict[str, str], name: str) -> None:
    assert place(PATH.read_text(), name) == made[name], "python -m tests.performance.scaling writes it anew"


@pytest.mark.parametrize("name", ["costs", "dialects", "quotas"])
def test_the_document_matches_the_calculation(made: dict[str, str], name: str) -> None:
    """Within a fiftieth, since ids of other lengths make log lines of other lengths."""
    assert re.sub(r"[\d.,]+", "", place(PATH.read_text(), name)) == re.sub(r"[\d.,]+", "", made[name])
    assert numbers(place(PATH.read_text(), name)) == pytest.approx(numbers(made[name]), rel=0.02, abs=0.11)


def test_a_function_without_an_assumed_time_is_named_with_the_place_for_it() -> None:
    with pytest.raises(AssertionError, match=r"MILLISECONDS of tests\.performance\.scaling\.assumed lacks .* sell"):
        milliseconds("sell")


def numbers(table: str) -> list[float]:
    return [float(number.replace(",", "")) for number in re.findall(r"\d[\d,]*(?:\.\d+)?", table)]
