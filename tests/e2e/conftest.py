"""One stack for all end-to-end tests; those of a parallel run are in one process, apart from those with `auth`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.stack import Stack
from tests.e2e.way import Way


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group("e2e"))


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    with Stack.start() as started:
        yield started


@pytest.fixture
def way(stack: Stack) -> Iterator[Way]:
    """An organization of its own."""
    made = Way(stack)
    yield made
    made.close()
