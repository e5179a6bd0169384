"""Connection to a receiver: checked addresses, one deadline for all of it, and a limit on what is read."""

import http.client
import io
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from typing import Any, TypeVar

from tributary.outbound.networks import Address

_T = TypeVar("_T")
#: Bytes of an answer that are read at most, its head included.
MOST_READ = 64 * 1024
#: Addresses tried at most, so that each gets its share of the time.
_MOST_ADDRESSES = 4


class Deadline:
    """A moment of the monotonic clock."""

    def __init__(self, seconds: float) -> None:
        self._moment = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds left; TimeoutError after the deadline."""
        left = self._moment - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def within(deadline: Deadline, call: Callable[[], _T]) -> _T:
    """The result of a call that takes no time-out itself, such as the resolver's; a late one is left behind."""
    results: list[_T | Exception] = []
    thread = threading.Thread(target=lambda: results.append(_result(call)), daemon=True)
    thread.start()
    thread.join(deadline.left())
    if not results:
        raise TimeoutError
    if isinstance(results[0], Exception):
        raise results[0]
    return results[0]


def _result(call: Callable[[], _T]) -> _T | Exception:
    try:
        return call()
    except Exception as error:  # noqa: BLE001 - raised again by the caller's thread
        return error


def connected(addresses: Sequence[Address], port: int, deadline: Deadline) -> socket.socket:
    """A connection to the first address that takes one; each gets an equal share of the time left."""
    *others, last = addresses[:_MOST_ADDRESSES]
    for tried, address in enumerate(others):
        with suppress(OSError):
            return _connected(address, port, deadline.left() / (len(others) + 1 - tried))
    return _connected(last, port, deadline.left())


def _connected(address: Address, port: int, seconds: float) -> socket.socket:
    connection = socket.create_connection((str(address), port), seconds)
    with suppress(OSError):  # of a connection that was reset meanwhile
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


@cache
def public_trust() -> ssl.SSLContext:
    """The certificate authorities of the system."""
    return ssl.create_default_context()


def secured(connection: socket.socket, name: str, trust: ssl.SSLContext, deadline: Deadline) -> ssl.SSLSocket:
    """The connection with TLS; the certificate is that of the name, not of the address."""
    wrapped = trust.wrap_socket(connection, server_hostname=name, do_handshake_on_connect=False)
    try:
        wrapped.settimeout(deadline.left())
        # Stated, since a connection that is reset before it is wrapped comes back without TLS instead of an error.
        wrapped.do_handshake()
    except OSError:
        wrapped.close()
        raise
    return wrapped


class Limited(io.RawIOBase):
    """A socket as http.client uses it, within the deadline and the limit.

    A socket's own time-out starts again with each byte, so it is set anew before each call. Within the head of an
    answer an end or the limit is an error; `in_head` says so.
    """

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        super().__init__()
        self._connection, self._deadline = connection, deadline
        self._read = 0
        self.in_head = True

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)[: MOST_READ - self._read]
        if not view:
            return self._ended(http.client.HTTPException("head too long"))
        self._connection.settimeout(self._deadline.left())
        count = self._connection.recv_into(view)
        self._read += count
        return count or self._ended(ConnectionResetError())

    def _ended(self, error: Exception) -> int:
        if self.in_head:
            raise error
        return 0

    def sendall(self, content: bytes) -> None:
        rest = memoryview(content)
        while rest:
            self._connection.settimeout(self._deadline.left())
            rest = rest[self._connection.send(rest) :]

    def makefile(self, _mode: str) -> io.BufferedIOBase:
        return io.BufferedReader(self)
