import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.receivers import Behaviour, Certificate, Receiver, certified


@pytest.fixture(autouse=True)
def _no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections to loopback only: the receivers of these tests are servers there."""
    connect = socket.socket.connect

    def connect_to_loopback(connection: socket.socket, address: tuple[str, int]) -> None:
        assert address[0] in {"127.0.0.1", "::1"}, "a unit test opened a connection"
        connect(connection, address)

    monkeypatch.setattr(socket.socket, "connect", connect_to_loopback)


@pytest.fixture
def receiver() -> Iterator[Callable[..., Receiver]]:
    """Start a receiver with this behaviour; it ends with the test."""
    with ExitStack() as running:

        def start(behaviour: Behaviour, certificate: Certificate | None = None) -> Receiver:
            return running.enter_context(Receiver(behaviour, certificate))

        yield start


@pytest.fixture(scope="session")
def certificate() -> Certificate:
    return certified("hooks.example.org")
