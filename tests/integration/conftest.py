from collections.abc import Iterator

import pytest

from tests.stack.house import House, forget_clients, in_process


@pytest.fixture(scope="package", autouse=True)
def _clients() -> Iterator[None]:
    forget_clients()
    yield
    forget_clients()


@pytest.fixture
def house() -> Iterator[House]:
    with in_process() as house:
        yield house
