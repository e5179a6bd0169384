"""A listening socket on 127.0.0.1. Binding the port, not probing it, makes it ours."""

import os
import socket

from local.problem import Problem

FIRST, LAST = 4566, 4665


def named_port() -> int | None:
    """The PORT of the environment, or None."""
    named = os.environ.get("PORT", "")
    if named and not named.isdecimal():
        raise Problem(f"PORT is {named!r}, not a number")
    return int(named) if named else None


def listen(port: int | None = None) -> socket.socket:
    """A socket on that port, or on the first free one from 4566 up."""
    if port is not None:
        return _on(port) or _refuse(f"port {port} is taken; choose another PORT, or none for the first free one")
    found = next(filter(None, map(_on, range(FIRST, LAST + 1))), None)
    return found or _refuse(f"no port from {FIRST} to {LAST} is free")


def _on(port: int) -> socket.socket | None:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen(256)
    except OSError:
        listener.close()
        return None
    return listener


def _refuse(reason: str) -> socket.socket:
    raise Problem(reason)
