"""`.local/stack.json`: the address of the running stack, for tests, clients and other commands.

The process of the stack locks a file beside it, so a file left by a killed process is recognized, and its stale process
id is not used. While the first stack of this checkout runs, a second one writes `.local/stack-<port>.json`."""

import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Self

from local.paths import STATE
from local.problem import Problem

FIRST = STATE / "stack.json"


class StateFile:
    """Held from before the stack starts until after it has stopped."""

    def __init__(self, path: Path, lock: IO[str]) -> None:
        self.path = path
        self._lock = lock

    @classmethod
    def claim(cls, port: int) -> Self:
        for path in (FIRST, _of_port(port)):
            if lock := _lock(path):
                path.unlink(missing_ok=True)
                return cls(path, lock)
        raise Problem(f"another stack holds {_of_port(port)}")

    def write(self, description: dict[str, Any]) -> None:
        """By rename, so that readers see the whole file."""
        draft = self.path.with_suffix(".draft")
        draft.write_text(json.dumps({**description, "pid": os.getpid()}, indent=2) + "\n")
        draft.rename(self.path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.path.unlink(missing_ok=True)
        self._lock.close()


def read(port: int | None = None) -> dict[str, Any]:
    """The state of the stack on that port, by default of the first one running."""
    for description in all_running():
        if port is None or description["endpoint"].endswith(f":{port}"):
            return description
    raise Problem("no stack is running" + (f" on port {port}" if port else "") + "; start one with `make run`")


def is_running(description: dict[str, Any]) -> bool:
    return description in all_running()


def all_running() -> Iterator[dict[str, Any]]:
    """Every running stack of this checkout, the first one first."""
    return filter(None, map(_running, [FIRST, *sorted(STATE.glob("stack-*.json"))]))


def _running(path: Path) -> dict[str, Any] | None:
    if not path.exists():
        return None
    if lock := _lock(path):
        lock.close()
        return None
    try:
        return json.loads(path.read_text())
    except FileNotFoundError:
        return None


def _lock(path: Path) -> IO[str] | None:
    """The lock of that state file, until it is closed; None if a running stack has it."""
    path.parent.mkdir(exist_ok=True)
    lock = path.with_suffix(".lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    return lock


def _of_port(port: int) -> Path:
    return STATE / f"stack-{port}.json"
