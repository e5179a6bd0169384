"""One stack for all end-to-end tests but for those that start their own, which go first.

All that start stacks are in one process of a parallel run, so that one is up at a time: each function of each stack is
a process that takes some 15 MB."""

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
    """An organization of its own."""
    made = Journey(stack)
    yield made
    made.close()
