"""One emulator for all tests of the patches, stopped after the last of them; each test uses its own names.

A test that shows a patch runs a second time on an emulator without that patch, where an assertion of it must fail,
not its setup. If it passes there too, upstream has caught up.
"""

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from local.emulator_process import EmulatorProcess
from tests.local.lab import Lab

PATIENCE = 20.0
#: Several times the duration of any of these tests on a patched emulator; without the patch, most time out.
PATIENCE_WITHOUT_PATCH = 3.0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Group these tests with all others that start stacks, so that one is up at a time."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("stacks"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    shown = [mark.args[0] for mark in metafunc.definition.iter_markers("shows")]
    if shown or "left_out" in metafunc.fixturenames:
        names = ["patched", *(f"without {patch}" for patch in shown)]
        metafunc.parametrize("left_out", [None, *shown], ids=names, indirect=True, scope="package")


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    patch = getattr(pyfuncitem, "funcargs", {}).get("left_out")
    try:
        called = yield
    except AssertionError:
        if patch:
            return True
        raise
    if patch:
        pytest.fail(f"upstream does this itself now: remove local/emulator/{patch}.py, or what this shows of it")
    return called


@pytest.fixture(scope="package")
def left_out(request: pytest.FixtureRequest) -> str | None:
    """The patch that the emulator of this test lacks, if any."""
    return request.param


@pytest.fixture(scope="package")
def emulator(left_out: str | None) -> Iterator[EmulatorProcess]:
    started = EmulatorProcess.start(left_out=[left_out] if left_out else [])
    yield started
    started.stop()


@pytest.fixture
def lab(emulator: EmulatorProcess, left_out: str | None, tmp_path: Path) -> Lab:
    return Lab(emulator, tmp_path, PATIENCE_WITHOUT_PATCH if left_out else PATIENCE)
