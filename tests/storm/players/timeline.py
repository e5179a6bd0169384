"""Virtual time: actions happen in the order of their moments, and days pass in seconds."""

import heapq
import itertools
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Semaphore

from tributary.domain import times

Action = Callable[[], None]


class Timeline:
    """A clock and the actions ahead of it. Actions that wait have a thread each, of which one runs at a time, so the
    same actions come in the same order."""

    def __init__(self, start: datetime, threads: int) -> None:
        self.moment = start
        self._ahead: list[tuple[datetime, int, Action]] = []
        self._count = itertools.count()
        self._pool = ThreadPoolExecutor(threads)
        self._turn = Semaphore(0)
        self._begun: list[Future[None]] = []

    def now(self) -> str:
        """The moment, as the ledger's clock tells it."""
        return times.text(self.moment)

    def after(self, seconds: float, action: Action) -> None:
        self.at(self.moment + timedelta(seconds=seconds), action)

    def at(self, moment: datetime, action: Action) -> None:
        heapq.heappush(self._ahead, (moment, next(self._count), action))

    def run(self) -> None:
        """Let time pass until nothing is ahead."""
        while self._ahead:
            moment, _, action = heapq.heappop(self._ahead)
            self.moment = max(self.moment, moment)
            action()
            self._raise_failures()

    def begin(self, action: Action) -> None:
        """Run an action in a thread of its own, until it waits or ends."""

        def run() -> None:
            try:
                action()
            finally:
                self._turn.release()

        self._begun.append(self._pool.submit(run))
        self._turn.acquire()

    def wait(self, seconds: float) -> None:
        """Called by a begun action: let this time pass."""
        awake = Semaphore(0)

        def resume() -> None:
            awake.release()
            self._turn.acquire()

        self.after(seconds, resume)
        self._turn.release()
        awake.acquire()

    def _raise_failures(self) -> None:
        ended = [it for it in self._begun if it.done()]
        self._begun = [it for it in self._begun if not it.done()]
        for it in ended:
            it.result()
