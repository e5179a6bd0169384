"""Sending of a webhook: one POST to a checked address, no redirects, one deadline over all of it.

http.client of the standard library, since urllib3 resolves the name itself, and its time-outs start again with each
read. Nothing is logged: URL, addresses and bodies are the receiver's.
"""

import http.client
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from socket import socket
from typing import Any, cast

from tributary.outbound import guard, targets
from tributary.outbound.attempt import Failure, Sent, pause_asked
from tributary.outbound.wire import MOST_READ, Deadline, Limited, connected, public_trust, secured, within

__all__ = ["Sent", "post"]

SECONDS = 10
#: Interim answers (1xx) before the final one, at most.
_MOST_INTERIM = 10


class _Failed(Exception):
    """A failed attempt, with the class of its failure."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure)
        self.failure = failure


def post(
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    local: bool = False,
    resolve: guard.Resolve = guard.resolved,
    deadline: float = SECONDS,
    trust: Callable[[], ssl.SSLContext] = public_trust,
) -> Sent:
    """One attempt. It raises nothing for what a receiver does, and ends by the deadline, in seconds.

    The head of the answer decides: its status stands even if the body is late, cut or endless.
    """
    start, end = time.monotonic(), Deadline(deadline)
    status = pause = failure = None
    try:
        target = _target(url, local)
        with closing(_connection(target, local, resolve, trust, end)) as connection:
            status, pause = _exchanged(target, Limited(connection, end), headers, body)
    except _Failed as failed:
        failure = failed.failure
    return Sent(status, int((time.monotonic() - start) * 1000), failure, pause)


def _target(url: str, local: bool) -> targets.Target:
    """The target of a URL that was taken when it was stored; the ports allowed may have changed since."""
    try:
        return targets.read(url, local)
    except targets.RefusedUrl:
        raise _Failed("refused_address") from None


def _connection(
    target: targets.Target, local: bool, resolve: guard.Resolve, trust: Callable[[], ssl.SSLContext], end: Deadline
) -> socket:
    """A connection to an address that is checked here, so the check and the use see the same one."""
    with _named("dns", "dns"):
        addresses = within(end, lambda: guard.public_addresses(target.host, target.port, local, resolve=resolve))
    with _named("connect"):
        connection = connected(addresses, target.port, end)
    if target.scheme == "http":
        return connection
    with _named("connection_closed"):
        return secured(connection, target.host, trust(), end)


def _exchanged(
    target: targets.Target, wire: Limited, headers: Mapping[str, str], body: bytes
) -> tuple[int, int | None]:
    """The status of the answer, and the pause it asks for."""
    with _named("connection_closed"):
        _send(target, wire, headers, body)
        answer = _final_answer(wire)
    wire.in_head = False
    # Read out of courtesy: some servers stop working on a request when its client hangs up.
    with suppress(OSError, http.client.HTTPException, ValueError):  # the last for a chunk of negative size
        answer.read(MOST_READ)
    return answer.status, pause_asked(answer.headers.get("Retry-After"))


def _send(target: targets.Target, wire: Limited, headers: Mapping[str, str], body: bytes) -> None:
    connection = http.client.HTTPConnection(target.host, target.port)
    connection.auto_open = 0
    connection.sock = cast(Any, wire)
    # A receiver may answer and hang up before it has read the body: the answer counts.
    with suppress(BrokenPipeError, ConnectionResetError):
        connection.request("POST", target.path, body, {"Host": target.authority, "Connection": "close", **headers})


def _final_answer(wire: Limited) -> http.client.HTTPResponse:
    """The answer after any interim ones; http.client itself skips 100 only."""
    answer = http.client.HTTPResponse(cast(Any, wire), method="POST")
    for _ in range(_MOST_INTERIM):
        answer.begin()
        if answer.status >= 200:
            return answer
        cast(Any, answer).headers = None  # so that it begins anew, on the same connection
    raise _Failed("protocol")


@contextmanager
def _named(failure: Failure, late: Failure = "timeout") -> Iterator[None]:
    """Name the class of failures of one stage, and of its lateness."""
    try:
        yield
    except TimeoutError:
        raise _Failed(late) from None
    except guard.Unresolved:
        raise _Failed("dns") from None
    except guard.RefusedAddress:
        raise _Failed("refused_address") from None
    except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
        raise _Failed("connection_closed") from None
    except ssl.SSLError:
        raise _Failed("tls") from None
    except OSError:
        raise _Failed(failure) from None
    except http.client.HTTPException:
        raise _Failed("protocol") from None
