"""The queue of attempts at webhooks and its workers, in virtual time."""

import itertools
import json
from collections import Counter, deque
from collections.abc import Sequence
from functools import partial
from random import Random

from tests.stack.exchange import Message
from tests.stack.house import House
from tests.storm.players.timeline import Timeline
from tributary.domain import times

FUNCTION = "send_webhook"
#: Of the template: concurrent attempts, and the seconds until a failed message is received again.
WORKERS, VISIBILITY_SECONDS = 50, 120
_REPEATED, _LATEST_SCHEDULE = 0.01, 60


class AttemptQueue:
    """SQS with fair groups and at least one delivery of each message, schedules that are late by up to a minute, and
    workers that take one message each."""

    def __init__(self, house: House, timeline: Timeline, chance: Random, thrown: Counter[str]) -> None:
        self._house, self._timeline, self._chance, self._thrown = house, timeline, chance, thrown
        self._visible: dict[str, deque[Message]] = {}
        self._busy: Counter[str] = Counter()
        self._schedules: set[str] = set()
        self._unnamed = itertools.count()
        #: Deliveries of messages that failed.
        self.held_up: set[str] = set()
        self.given_up: list[Message] = []

    def send_later(self, _queue: str, body: str, group: str, seconds: int) -> None:
        """In place of SQS."""
        self._arrive(Message(FUNCTION, body), group, seconds)

    def send_together(self, _queue: str, messages: Sequence[tuple[str, str]]) -> None:
        """In place of SQS."""
        for body, group in messages:
            self._arrive(Message(FUNCTION, body), group, 0)

    def send_at(self, name: str, at: str, body: str) -> None:
        """In place of the Scheduler, whose names are taken once and whose messages have no group."""
        if name not in self._schedules:
            self._schedules.add(name)
            late = (times.parse(at) - self._timeline.moment).total_seconds()
            seconds = late + self._chance.uniform(0, _LATEST_SCHEDULE)
            self._arrive(Message(FUNCTION, body), f"none-{next(self._unnamed)}", seconds)

    def _arrive(self, message: Message, group: str, seconds: float) -> None:
        again = self._chance.random() < _REPEATED
        self._thrown["message delivered twice"] += again
        for it in [message, Message(FUNCTION, message.body)][: 1 + again]:
            self._timeline.after(seconds, partial(self._appear, it, group))

    def _appear(self, message: Message, group: str) -> None:
        self._visible.setdefault(group, deque()).append(message)
        self._hand_out()

    def _hand_out(self) -> None:
        while self._visible and self._busy.total() < WORKERS:
            group = min(self._visible, key=lambda it: self._busy[it])
            message = self._visible[group].popleft()
            if not self._visible[group]:
                del self._visible[group]
            self._busy[group] += 1
            self._timeline.begin(partial(self._work, message, group))

    def _work(self, message: Message, group: str) -> None:
        done = self._house.consume(message)
        self._busy[group] -= 1
        if not self._busy[group]:
            del self._busy[group]
        if not done:
            self._receive_again(message, group)
        self._timeline.after(0, self._hand_out)

    def _receive_again(self, message: Message, group: str) -> None:
        self._thrown["message tried again"] += 1
        self.held_up.add(json.loads(message.body)["detail"]["data"]["deliveryId"])
        if message.receives >= self._house.tries(FUNCTION):
            self.given_up.append(message)
        else:
            self._timeline.after(VISIBILITY_SECONDS, partial(self._appear, message, group))
