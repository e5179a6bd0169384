"""Reminders on the real stack with the template's roles: scheduled, superseded, announced when their moment comes."""

import json
from typing import Any

import pytest

from tests.e2e.journey import Way, client, eventually, ledger_of, physical_name
from tests.e2e.roles import way_with_roles
from tributary.domain import times
from tributary.ledger.catalogue import products

pytestmark = pytest.mark.slow

ITEM = {"productId": "SKU-1", "title": "Coffee", "quantity": 1}
#: Seconds; until then the order has to have been followed by functions that are awake.
AHEAD, HOUR = 5, 3600


def test_a_reminder_is_announced_when_its_moment_comes_and_only_the_newest_orders_stays_scheduled() -> None:
    with way_with_roles() as way:
        heard = _listen(way, "ecommerce.replenishment_due")
        with ledger_of(way.stack):
            again = {"replenishment": {"days": 1, "match": "product"}}
            products.upsert_many(way.organization, "sequenzy", [("SKU-1", {"title": "Coffee", **again})])
        _push(way, "too old", due_in=-60)
        _push(way, "older", due_in=HOUR)
        (older,) = eventually(lambda: _schedules(way))
        _push(way, "newer", due_in=HOUR + 1)
        (newer,) = eventually(lambda: [it for it in _schedules(way) if it != older])

        _push(way, "due", due_in=AHEAD, customer={"email": "grace@example.com"})
        (event,) = eventually(lambda: _events(way, heard))
        told = event["detail"]["data"]
        assert (told["orderId"], told["productId"], event["source"]) == ("due", "SKU-1", "tributary")
        assert told["dueAt"] <= event["detail"]["metadata"]["occurredAt"]
        eventually(lambda: _schedules(way) == [newer])


def _push(way: Way, order: str, due_in: float, **members: Any) -> None:
    """An order whose reminder is due in so many seconds."""
    ordered = times.later(times.now(), days=-1, seconds=due_in)
    body = {"orderId": order, "orderedAt": ordered, "totalCents": 999, "currency": "USD", "items": [ITEM]}
    headers = {"Authorization": f"Bearer {way.keys['admin']}"}
    body |= {"customer": {"email": "ada@example.com"}, **members}
    answer = way.http.post(f"{way.stack.root_url}/api/v1/orders", json=body, headers=headers)
    assert answer.status_code == 202, answer.text


def _schedules(way: Way) -> list[str]:
    asked = {"GroupName": physical_name(way.stack, "Reminders")}
    return [it["Name"] for it in client(way.stack, "scheduler").list_schedules(**asked)["Schedules"]]


def _listen(way: Way, detail_type: str) -> str:
    """A queue of somebody else's for events of a type; its URL."""
    sqs, events = client(way.stack, "sqs"), client(way.stack, "events")
    url = sqs.create_queue(QueueName="listener")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    pattern = json.dumps({"source": ["tributary"], "detail-type": [detail_type]})
    events.put_rule(Name="listener", EventBusName=way.stack.bus, EventPattern=pattern)
    events.put_targets(Rule="listener", EventBusName=way.stack.bus, Targets=[{"Id": "queue", "Arn": arn}])
    return str(url)


def _events(way: Way, url: str) -> list[Any]:
    found = client(way.stack, "sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(message["Body"]) for message in found]
