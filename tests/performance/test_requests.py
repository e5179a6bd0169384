"""docs/requests.md matches a fresh count."""

import pytest

from tests.documents import place
from tests.performance.requests.tables import PATH, tables


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return tables()


@pytest.mark.parametrize("name", ["calls", "messages"])
def test_the_document_matches_the_count(made: dict[str, str], name: str) -> None:
    assert place(PATH.read_text(), name) == made[name], "python -m tests.performance.requests writes it anew"
