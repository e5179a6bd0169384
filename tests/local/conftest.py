"""One emulator for all tests of the patches; each test makes what it needs under names of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.emulator_process import EmulatorProcess
from tests.local.lab import Lab


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In one process of a parallel run, so that there is one emulator and not one for each."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("local"))


@pytest.fixture(scope="session")
def emulator() -> Iterator[EmulatorProcess]:
    started = EmulatorProcess.start()
    yield started
    started.stop()


@pytest.fixture
def lab(emulator: EmulatorProcess, tmp_path: Path) -> Lab:
    return Lab(emulator, tmp_path)
