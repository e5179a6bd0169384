"""People who look after their webhooks: they replay what seems to hang, send tests, and change descriptions."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from tests.stack.exchange import Answer
from tests.storm.players.subscribers import Post, Subscriber
from tests.storm.players.timeline import Timeline

#: Makes a call about a subscriber's webhook.
Call = Callable[..., Answer]
#: The share of posts that a person notices, and the seconds until the person acts.
_NOTICED, _SOON = 0.08, 0.3
#: Between replays of all that a receiver missed: each leads to more posts, of which people notice more.
_REST = timedelta(days=2)


class People:
    """People who act while a post is under way. They give up a call that fails, and repeat it now and then."""

    def __init__(self, call: Call, timeline: Timeline, chance: Random, thrown: Counter[str]) -> None:
        self._call, self._timeline, self._chance, self._thrown = call, timeline, chance, thrown
        #: How often each subscriber's deliveries were replayed.
        self.replays: Counter[int] = Counter()
        self._rested: dict[int, datetime] = {}

    def notice(self, subscriber: Subscriber, post: Post) -> None:
        """Act on a post, at times."""
        if not post.is_test and self._chance.random() < _NOTICED:
            act = self._chance.choice([self._replay, self._replay, self._replay_all, self._test, self._describe])
            begun = partial(self._timeline.begin, partial(act, subscriber, post))
            self._timeline.after(self._chance.uniform(0, _SOON), begun)

    def _replay(self, subscriber: Subscriber, post: Post) -> None:
        path = f"/deliveries/{post.headers['webhook-id']}/replay"
        for _ in range(self._chance.choice([1, 2])):
            self._note("replay", self._call(subscriber, "POST", path))
            self.replays[subscriber.number] += 1

    def _replay_all(self, subscriber: Subscriber, post: Post) -> None:
        if self._timeline.moment < self._rested.get(subscriber.number, self._timeline.moment):
            return
        self._rested[subscriber.number] = self._timeline.moment + _REST
        body = {"from": "2026-01-01", "statuses": ["pending", "failed", "not_sent"]}
        self._note("replay of a span", self._call(subscriber, "POST", "/replay", body))
        self.replays[subscriber.number] += 1

    def _test(self, subscriber: Subscriber, post: Post) -> None:
        self._note("test", self._call(subscriber, "POST", "/test"))

    def _describe(self, subscriber: Subscriber, post: Post) -> None:
        """Change an active webhook, since the moment of a switch-off is told by its last change."""
        known = self._call(subscriber, "GET", "")
        if known.status == 200 and known.json["status"] == "active":
            body: dict[str, Any] = {"description": post.headers["webhook-id"]}
            self._note("change", self._call(subscriber, "PATCH", "", body))

    def _note(self, what: str, answer: Answer) -> None:
        self._thrown[f"{what} by a person during an attempt"] += answer.status == 200
        self._thrown[f"{what} by a person that failed"] += answer.status >= 500
