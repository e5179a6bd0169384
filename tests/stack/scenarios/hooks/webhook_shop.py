"""Webhooks of the in-process stack: receivers that answer as they are told, and the queue of attempts."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from moto.core import DEFAULT_ACCOUNT_ID as ACCOUNT
from moto.dynamodb.models import dynamodb_backends
from moto.scheduler.models import scheduler_backends
from moto.sqs.models import sqs_backends

from local.seed import ORGANIZATION
from tests.stack.exchange import Answer, Item, Message
from tests.stack.house import House
from tests.stack.moto_stack import DELIVERIES, REGION, RETRIES
from tributary.domain import times, webhooks
from tributary.ledger.store.values import decode_item
from tributary.ledger.webhooks import deliveries, presence, subscriptions
from tributary.outbound import signing
from tributary.outbound.attempt import Sent
from tributary.workflows.webhooks import sending

URL = "https://hooks.example/tributary"
QUEUE = "SendWebhookQueue"
#: The samples in events/: a webhook, one to be deleted, and a delivery of the first.
WEBHOOK, SPARE = 4001, 4002
DELIVERY = "evt_" + "0" * 31 + "1"


def webhooks_of_the_samples() -> None:
    """Make the webhooks and the delivery that the samples name; the name of its event is rare there."""
    for number in (WEBHOOK, SPARE):
        asked = (ORGANIZATION, URL, ["currency.deleted"], "", signing.new_secret())
        item = subscriptions.create(*asked, new_id=number)
        if number == WEBHOOK:
            body = webhooks.body(DELIVERY, "currency.deleted", {"currencies": ["EUR"]})
            event = webhooks.Told(DELIVERY, "currency.deleted", body)
            deliveries.put_new(item, event, deliveries.FAILED, "2026-11-21T12:00:00.000Z")


@dataclass(frozen=True)
class Post:
    """One request to a receiver."""

    url: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def type(self) -> str:
        return str(self.json["type"])


@dataclass
class Receivers:
    """Receivers by URL, each with the status that it answers; the posts in order."""

    status: dict[str, int | None] = field(default_factory=dict)
    posts: list[Post] = field(default_factory=list)
    retry_after: int | None = None

    def post(self, url: str, headers: Mapping[str, str], body: bytes, *, local: bool = False) -> Sent:
        assert not local, "the template allows no loopback"
        self.posts.append(Post(url, headers, body))
        status = self.status.get(url, 200)
        return Sent(status, 7, None if status else "timeout", self.retry_after)

    def types(self, url: str = URL) -> list[str]:
        return [it.type for it in self.posts if it.url == url]


@dataclass(frozen=True)
class Due:
    """A message of the queue of attempts, with its delay."""

    body: str
    seconds: int
    group: str


class WebhookShop:
    """The in-process stack with receivers; attempts are made when a test wants them."""

    def __init__(self, house: House, receivers: Receivers) -> None:
        self.house, self.receivers = house, receivers

    def subscribe(self, *events: str, url: str = URL, **members: Any) -> Item:
        answer = self.house.post("/webhooks", {"targetUrl": url, "events": list(events) or ["*"], **members})
        assert answer.status == 201, answer.text
        presence.forget()  # as seconds later
        return dict(answer.json)

    def get(self, webhook_id: int) -> Item:
        return dict(self.house.get(f"/webhooks/{webhook_id}").json)

    def deliveries(self, webhook_id: int, **query: Any) -> list[Item]:
        answer = self.house.get(f"/webhooks/{webhook_id}/deliveries", **{"number": 200, **query})
        assert answer.status == 200, answer.text
        return list(answer.json)

    def states(self, webhook_id: int) -> dict[str, str]:
        return {it["type"]: it["status"] for it in self.deliveries(webhook_id)}

    def tell(self, detail_type: str = "ProgramCreated", number: int = 1, **data: Any) -> None:
        """An event of the relay, delivered to its consumers."""
        metadata = {
            "id": f"evt_{number:032x}",
            "organization": ORGANIZATION,
            "correlationId": "request",
            "webhooks": True,
        }
        self.house.event(detail_type, {"metadata": metadata, "data": data or {"programId": 1001}}, "tributary")
        self.house.deliver()

    def due(self) -> list[Due]:
        """Empty the queue of attempts."""
        queue = sqs_backends[ACCOUNT][REGION].queues[QUEUE]
        found, queue._messages = list(queue._messages), []
        now = times.parse(times.now()).timestamp()
        return [Due(it.body, max(0, round(it.delayed_until / 1000 - now)), it.group_id) for it in found]

    def attempt(self, due: Due | str) -> bool:
        body = due if isinstance(due, str) else due.body
        return self.house.consume(Message("send_webhook", body))

    def attempt_all(self) -> list[Due]:
        """Make the attempts of the queue; return their messages."""
        made = self.due()
        for it in made:
            assert self.attempt(it)
        return made

    def scheduled(self) -> dict[str, str]:
        """The bodies of scheduled attempts, by moment."""
        found = scheduler_backends[ACCOUNT][REGION].schedule_groups[RETRIES].schedules.values()
        return {it.schedule_expression.removeprefix("at(").removesuffix(")"): it.target["Input"] for it in found}

    def fire(self) -> None:
        """Make the attempts that are scheduled."""
        group, bodies = scheduler_backends[ACCOUNT][REGION].schedule_groups[RETRIES], self.scheduled().values()
        group.schedules.clear()
        for body in bodies:
            assert self.attempt(body)

    def stored(self) -> list[Item]:
        """Every item of the table of deliveries."""
        table = dynamodb_backends[ACCOUNT][REGION].get_table(DELIVERIES)
        return [decode_item(it.to_json()["Attributes"]) for it in table.all_items()]

    def change(self, webhook_id: int, **members: Any) -> Answer:
        return self.house.call("PATCH", f"/webhooks/{webhook_id}", members)


@contextmanager
def receiving(house: House) -> Iterator[WebhookShop]:
    """Receivers in place of the network."""
    receivers = Receivers()
    with mock.patch.object(sending.sender, "post", receivers.post):
        yield WebhookShop(house, receivers)


def later(**by: float) -> Any:
    """The clock of the ledger, set ahead."""
    return mock.patch.object(times, "now", return_value=times.later(times.now(), **by))
