"""One stack for all end-to-end tests, except those that start their own, which run first.

All of them share one process of a parallel run, so that one stack is up at a time: each function of each stack is a
process of some 15 MB.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.stack import Stack
from tests.stack.journey import Journey


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    ours = [item for item in items if Path(__file__).parent in item.path.parents]
    for item in ours:
        item.add_marker(pytest.mark.xdist_group("stacks"))
    shares = {item for item in ours if "stack" in getattr(item, "fixturenames", ())}
    items.sort(key=shares.__contains__)


@pytest.fixture(scope="package")
def stack() -> Iterator[Stack]:
    with Stack.start() as started:
        yield started


@pytest.fixture
def journey(stack: Stack) -> Iterator[Journey]:
    """A journey of an organization of its own."""
    made = Journey(stack)
    yield made
    made.close()
