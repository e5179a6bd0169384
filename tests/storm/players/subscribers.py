"""Receivers of webhooks, each with a fate: they answer well, badly, late or never, over ten days of virtual time."""

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from standardwebhooks import Webhook

from tests.receivers import Behaviour, Receiver, answers, cuts, hangs, sends
from tests.storm.players.timeline import Timeline
from tributary.domain import times, webhooks
from tributary.outbound import sender
from tributary.outbound.attempt import Sent

_OK = b"HTTP/1.1 200 OK\r\n"
_PAUSE_ASKED, _PERIOD = 60, timedelta(seconds=20)
#: A hung receiver costs an attempt ten seconds of virtual time, and so much of ours.
_PATIENCE = 0.05
BEHAVIOURS: Mapping[str, Behaviour] = {
    "well": answers("204 No Content"),
    "endlessly": sends(_OK + b"Content-Length: 1073741824\r\n\r\n", *[b"x" * 2**16] * 2**14),
    "moved": answers("301 Moved Permanently", "Location: https://elsewhere.example/"),
    "gone": answers("410 Gone"),
    "busy": answers("429 Too Many Requests", f"Retry-After: {_PAUSE_ASKED}"),
    "broken": answers("500 Internal Server Error"),
    "never": hangs,
    "cut": cuts,
}
#: Fates of twenty receivers in their proportion, and what each answers at its worst.
FATES = {
    "steady": (6, "well"),
    "slow": (1, "well"),
    "verbose": (1, "endlessly"),
    "limited": (2, "busy"),
    "recovering": (3, "broken"),
    "moved": (2, "moved"),
    "broken": (1, "broken"),
    "silent": (1, "never"),
    "cut": (1, "cut"),
    "leaving": (2, "gone"),
}
LIVING = ("steady", "slow", "verbose", "limited", "recovering")
_SECONDS = {"slow": 5.0, "silent": 10.0}


@dataclass(frozen=True)
class Post:
    """One request, and the way it was answered."""

    at: datetime
    headers: Mapping[str, str]
    body: bytes
    answered: str
    at_once: int

    @property
    def is_test(self) -> bool:
        return self.headers["X-Siren-Event"] == webhooks.TEST


@dataclass
class Subscriber:
    """A receiver. `trouble` is the span in which it answers badly, without end for one that never recovers."""

    number: int
    organization: str
    fate: str
    names: tuple[str, ...]
    trouble: tuple[datetime, datetime]
    id: int = 0
    secret: str = ""
    posts: list[Post] = field(default_factory=list)
    at_work: int = 0

    @property
    def url(self) -> str:
        return f"https://receiver-{self.number}.example/hooks"

    @property
    def lives(self) -> bool:
        return self.fate in LIVING

    def answer(self, now: datetime) -> str:
        """The name of its behaviour at a moment."""
        worst = FATES[self.fate][1]
        if self.fate == "limited":
            return "busy" if any(it.answered == "well" and now - it.at < _PERIOD for it in self.posts) else "well"
        return worst if self.trouble[0] <= now < self.trouble[1] else "well"

    def heard(self) -> set[str]:
        """Ids of the events that it took."""
        return {it.headers["webhook-id"] for it in self.posts if it.answered in ("well", "endlessly")}

    def unverified(self) -> int:
        """Posts whose signature is not that of the library of Standard Webhooks."""
        judge = Webhook(self.secret)
        return sum(not _is_signed(judge, it) for it in self.posts)


def _is_signed(judge: Webhook, post: Post) -> bool:
    about = post.headers
    signed = judge.sign(about["webhook-id"], times.parse(times.text(post.at)), post.body.decode())
    return bool(about["webhook-signature"] == signed)


class Subscribers:
    """All receivers, behind real servers on loopback, one for each behaviour."""

    def __init__(self, all_of_them: list[Subscriber], timeline: Timeline, chance: Random, thrown: Counter[str]) -> None:
        self.all, self._thrown = all_of_them, thrown
        self._by_url = {it.url: it for it in all_of_them}
        self._timeline, self._chance = timeline, chance
        self._servers: dict[str, Receiver] = {}
        self._send = sender.post
        #: The share of workers that die after a post.
        self.mortality = 0.0
        #: Called at the beginning of each post.
        self.noticed: Callable[[Subscriber, Post], None] = lambda to, post: None

    @contextlib.contextmanager
    def served(self) -> Iterator[None]:
        with contextlib.ExitStack() as running:
            for name, behaviour in BEHAVIOURS.items():
                self._servers[name] = running.enter_context(Receiver(behaviour))
            yield

    def post(self, url: str, headers: Mapping[str, str], body: bytes, *, local: bool = False) -> Sent:
        """In place of the sender: the same post, to the server that answers as the receiver does now."""
        assert not local, "the template allows no loopback"
        to = self._by_url[url]
        answered = to.answer(self._timeline.moment)
        post = Post(self._timeline.moment, headers, body, answered, to.at_work + 1)
        to.posts.append(post)
        to.at_work += not post.is_test
        self.noticed(to, post)
        try:
            self._timeline.wait(_SECONDS.get(to.fate) or self._chance.uniform(0.05, 0.5))
            server, patience = self._servers[answered], _PATIENCE if answered == "never" else sender.SECONDS
            sent = self._send(server.url, headers, body, local=True, deadline=patience)
            server.requests.clear()
        finally:
            to.at_work -= not post.is_test
        if self._chance.random() < self.mortality:
            self._thrown["worker that died after its post"] += 1
            raise SystemError("the worker died after its post")
        return sent


def drawn(
    count: int, organizations: Sequence[str], names: Sequence[str], start: datetime, chance: Random
) -> list[Subscriber]:
    """So many receivers with fates in proportion, shared among the organizations."""
    fates = [fate for fate, (share, _) in FATES.items() for _ in range(share)]
    found = []
    for number in range(count):
        fate = fates[number % len(fates)]
        chosen = tuple(sorted(chance.sample(names, chance.randint(1, 2)))) if number else ("*",)
        organization = organizations[number // len(fates) % len(organizations)]
        found.append(Subscriber(number, organization, fate, chosen, _trouble(fate, start, chance)))
    return found


def _trouble(fate: str, start: datetime, chance: Random) -> tuple[datetime, datetime]:
    end = start + timedelta(days=3650)
    if fate == "recovering":
        since = start + timedelta(days=chance.uniform(0, 6))
        return since, since + timedelta(hours=chance.uniform(1, 60))
    if fate == "leaving":
        return start + timedelta(days=chance.uniform(2, 6)), end
    return start, end
