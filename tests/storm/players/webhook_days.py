"""Days of events by a virtual clock, told to receivers of webhooks while calls fail and workers die."""

import contextlib
import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Any
from unittest import mock

from local.seed import ORGANIZATION
from tests.stack.exchange import Answer, Item, Message
from tests.stack.house import House
from tests.storm.players.attempt_queue import VISIBILITY_SECONDS, AttemptQueue
from tests.storm.players.aws_faults import Faults
from tests.storm.players.people import People
from tests.storm.players.subscribers import Subscriber, Subscribers, drawn
from tests.storm.players.timeline import Timeline
from tributary import queues, schedules
from tributary.domain import times
from tributary.ledger.webhooks import gates, presence
from tributary.workflows.webhooks import dues, sending

DAYS = 10
START = datetime(2026, 11, 2, 9, tzinfo=UTC)
ANOTHER = "another"
_ORGANIZATIONS = (ORGANIZATION, ANOTHER)
_PROBABILITY, _MORTALITY, _REPEATED = 0.002, 0.005, 0.02
_PAGE, _CROWD, _THREADS = 100, 20, 200
#: Events of the bus that have one name each.
NAMED = {
    "RefundTriggered": "refund.created",
    "LeadTriggered": "lead.created",
    "CouponApplied": "coupon.applied",
    "OpportunityTriggered": "opportunity.created",
    "OpportunityInvalidated": "opportunity.invalidated",
    "EngagementsTriggered": "engagement.created",
    "EngagementCompleted": "engagement.completed",
    "ConversionApproved": "conversion.approved",
    "ConversionRejected": "conversion.rejected",
    "FulfillmentCreated": "fulfillment.created",
    "FulfillmentStatusChanged": "fulfillment.updated",
    "PayoutCreated": "payout.created",
    "PayoutPaid": "payout.paid",
    "MetricCredited": "metrics.updated",
    "DistributionClosed": "distribution.completed",
    "ProgramCreated": "program.created",
    "CollaboratorCreated": "collaborator.created",
    "CollaboratorUpdated": "collaborator.updated",
    "CollaboratorRegistered": "collaborator.registered",
    "CollaboratorDeactivated": "collaborator.deactivated",
}


@dataclass(frozen=True)
class Event:
    """An event of the relay."""

    id: str
    organization: str
    type: str
    at: datetime

    @property
    def detail(self) -> Item:
        about = {"id": self.id, "organization": self.organization, "correlationId": "request", "webhooks": True}
        return {"metadata": about, "data": {"event": self.id}}

    def is_for(self, subscriber: Subscriber) -> bool:
        names = (NAMED[self.type], "*")
        return subscriber.organization == self.organization and any(it in subscriber.names for it in names)


class WebhookDays:
    """The stack in virtual time, the events of ten days, and all receivers."""

    def __init__(self, house: House, chance: Random, thrown: Counter[str], subscribers: int, events: int) -> None:
        self.house, self._chance, self._thrown = house, chance, thrown
        self._timeline = Timeline(START, _THREADS)
        self.queue = AttemptQueue(house, self._timeline, chance, thrown)
        all_of_them = drawn(subscribers, _ORGANIZATIONS, sorted(NAMED.values()), START, chance)
        self.receivers = Subscribers(all_of_them, self._timeline, chance, thrown)
        self.events = list(itertools.islice(self._drawn(), events))
        self.people = People(self.call, self._timeline, chance, thrown)
        self._keys: dict[str, str] = {}

    def _drawn(self) -> Iterator[Event]:
        """Events at random moments, now and then in a crowd."""
        number = itertools.count(1)
        while True:
            at = START + timedelta(seconds=self._chance.uniform(60, DAYS * 24 * 3600))
            for _ in range(self._chance.choice([1, 1, 1, _CROWD])):
                organization, kind = self._chance.choice(_ORGANIZATIONS), self._chance.choice(sorted(NAMED))
                yield Event(f"evt_{next(number):032x}", organization, kind, at)

    @contextlib.contextmanager
    def by_the_clock(self) -> Iterator[None]:
        """The ledger, its queue and its schedules in virtual time, and the servers of the receivers."""
        with (
            # Of all attempts, since the environments of those that wait would replace each other.
            self.house._environment("send_webhook"),
            mock.patch.object(times, "now", self._timeline.now),
            mock.patch.object(queues, "send_later", self.queue.send_later),
            mock.patch.object(queues, "send_together", self.queue.send_together),
            mock.patch.object(schedules, "send_at", self.queue.send_at),
            mock.patch.object(dues, "random", self._chance),
            mock.patch.object(gates, "random", self._chance),
            mock.patch.object(sending.sender, "post", self.receivers.post),
            self.receivers.served(),
        ):
            self._keys = {ORGANIZATION: "admin", ANOTHER: self.house.new_key("admin", organization=ANOTHER)}
            yield

    def subscribe(self) -> None:
        for it in self.receivers.all:
            answer = self.call(it, "POST", "", {"targetUrl": it.url, "events": list(it.names)})
            assert answer.status == 201, answer.text
            it.id, it.secret = answer.json["id"], answer.json["signingSecret"]
        presence.forget()

    def replay_the_past(self) -> None:
        """Import sales of the past, and replay the archive: neither is news."""
        sale = {"source": "shopify", "total": 49.99, "trackingId": self.house.tracking_id}
        rows = [{**sale, "externalId": f"OLD-{number}"} for number in range(10)]
        assert self.house.post("/event/sale/batch", rows, automations="false").status == 200
        for number in range(20):
            past = Event(f"evt_{2**60 + number:032x}", ORGANIZATION, "ProgramCreated", START)
            self.house.event(past.type, past.detail, "tributary", **{"replay-name": "again"})
        self.house.deliver()

    def pass_by(self) -> None:
        """Tell every event at its moment, and let time pass until the last attempt."""
        for event in self.events:
            self._timeline.at(event.at, partial(self._tell, event))
        self.receivers.mortality, self.receivers.noticed = _MORTALITY, self.people.notice
        with Faults(self.house, self._chance, self._thrown, _PROBABILITY).thrown():
            self._timeline.run()
        self.receivers.mortality, self.receivers.noticed = 0, lambda to, post: None

    def _tell(self, event: Event) -> None:
        self.house.event(event.type, event.detail, "tributary")
        for it in self.house.arrived():
            if it.function == "fan_out_webhooks":
                again = self._chance.random() < _REPEATED
                self._thrown["event that came twice"] += again
                for message in [it, Message(it.function, it.body)][: 1 + again]:
                    self._fan_out(message)

    def _fan_out(self, message: Message) -> None:
        if not self.house.consume(message):
            self._timeline.after(VISIBILITY_SECONDS, partial(self._fan_out, message))

    def mend(self, subscribers: list[Subscriber]) -> None:
        """Let dead receivers answer again, activate those that were switched off, and replay what all missed."""
        for it in subscribers:
            self._timeline.after(0, partial(self._timeline.begin, partial(self._mend, it)))
        self._timeline.run()

    def _mend(self, subscriber: Subscriber) -> None:
        subscriber.trouble = (START, START)
        assert self.call(subscriber, "POST", "/test").json["success"]
        assert self.call(subscriber, "PATCH", "", {"status": "active"}).status == 200
        since = times.text(START)
        while since is not None:
            answer = self.call(subscriber, "POST", "/replay", {"from": since, "until": self._timeline.now()})
            since = answer.json["next"]

    # state

    def call(self, subscriber: Subscriber, method: str, path: str, body: Any = None, **query: Any) -> Answer:
        """A call about a subscriber's webhook."""
        whole = f"/webhooks/{subscriber.id}{path}" if subscriber.id else "/webhooks"
        return self.house.call(method, whole, body, key=self._keys[subscriber.organization], **query)

    def webhook(self, subscriber: Subscriber) -> Item:
        return dict(self.call(subscriber, "GET", "").json)

    def log(self, subscriber: Subscriber) -> list[Item]:
        """Every delivery to a subscriber."""
        found = list[Item]()
        for page in itertools.count(1):
            some = self.call(subscriber, "GET", "/deliveries", perPage=_PAGE, page=page).json
            found += some
            if len(some) < _PAGE:
                return found
        raise AssertionError("pages without end")

    def wanted(self, subscriber: Subscriber) -> set[str]:
        """Ids of the events that it wants."""
        return {it.id for it in self.events if it.is_for(subscriber)}
