"""Storm fixtures: small storms in `make test`; in `make storm` full ones, with a printed summary."""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.stack.house import forget_clients
from tests.storm.verdict import Tally


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_TALLIED] = Counter()


@pytest.fixture(scope="session")
def tally(request: pytest.FixtureRequest) -> Tally:
    """Add up equal lines for the summary at the end of the run."""

    def add(number: int, what: str) -> None:
        request.config.stash[_TALLIED][what] += number

    return add


@pytest.fixture(scope="package", autouse=True)
def _clients() -> Iterator[None]:
    forget_clients()
    yield
    forget_clients()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.stash[_TALLIED]:
        terminalreporter.section("storms")
        for what, number in config.stash[_TALLIED].items():
            terminalreporter.line(f"{number:8,} {what}")


_TALLIED: pytest.StashKey[Counter[str]] = pytest.StashKey()
