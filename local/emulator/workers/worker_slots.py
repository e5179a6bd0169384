"""An invocation that finds no free worker waits for one, in order of arrival; it is never refused.

On Lambda the next invocation gets a process of its own. Here that meant dozens of interpreters, and the emulator's own
limit answers 429, which counts as a failed attempt and loses events. WORKERS_PER_FUNCTION processes serve a function.
"""

import os
import threading
from collections import deque
from typing import Any

from ministack.services import lambda_svc

WORKERS = int(os.environ.get("WORKERS_PER_FUNCTION", "2"))

_acquire = lambda_svc._acquire_execution_slot
_release = lambda_svc._release_execution_slot
_batches_in_flight = lambda_svc._sqs_esm_concurrency
_lines: dict[str, "Line"] = {}


class Line:
    """A semaphore that serves strictly in order: a permit goes to the longest waiter; newcomers cannot take it."""

    def __init__(self, permits: int) -> None:
        self._free = permits
        self._waiting: deque[threading.Event] = deque()
        self._lock = threading.Lock()

    def wait(self) -> None:
        with self._lock:
            if self._free:
                self._free -= 1
                return
            turn = threading.Event()
            self._waiting.append(turn)
        turn.wait()

    def leave(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._free += 1


def apply() -> None:
    lambda_svc._acquire_execution_slot = _wait_for_slot
    lambda_svc._release_execution_slot = _hand_on
    lambda_svc._sqs_esm_concurrency = _no_more_batches_than_workers


def _wait_for_slot(function: Any, config: dict[str, Any]) -> Any:
    line = _line(lambda_svc._inflight_key(config))
    line.wait()
    key, limit = _acquire(function, config)
    if key is None:
        line.leave()
    return key, limit


def _hand_on(key: str) -> None:
    _release(key)
    _line(key).leave()


def _line(key: str) -> Line:
    return _lines.setdefault(key, Line(WORKERS))


def _no_more_batches_than_workers(*args: Any) -> int:
    """A batch is received when a worker can take it, so its visibility timeout does not run out in the line."""
    return min(WORKERS, _batches_in_flight(*args))
