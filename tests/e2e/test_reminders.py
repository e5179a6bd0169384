"""Reminders on the real stack with the template's roles: scheduled, superseded, and announced on time."""

import json
from typing import Any

import pytest

from tests.e2e.support.roles import journey_with_roles
from tests.stack.journey import Journey, client, eventually, ledger_of, physical_name
from tributary.domain import times
from tributary.ledger.catalogue import products

pytestmark = pytest.mark.slow

ITEM = {"productId": "SKU-1", "title": "Coffee", "quantity": 1}
#: Seconds, in which warm functions must have handled the order.
AHEAD, HOUR = 5, 3600


def test_a_reminder_is_announced_on_time_and_only_the_newest_orders_stays_scheduled() -> None:
    with journey_with_roles() as journey:
        heard = _listen(journey, "ecommerce.replenishment_due")
        with ledger_of(journey.stack):
            again = {"replenishment": {"days": 1, "match": "product"}}
            products.upsert_many(journey.organization, "sequenzy", [("SKU-1", {"title": "Coffee", **again})])
        _push(journey, "too old", due_in=-60)
        _push(journey, "older", due_in=HOUR)
        (older,) = eventually(lambda: _schedules(journey))
        _push(journey, "newer", due_in=HOUR + 1)
        (newer,) = eventually(lambda: [it for it in _schedules(journey) if it != older])

        _push(journey, "due", due_in=AHEAD, customer={"email": "grace@example.com"})
        (event,) = eventually(lambda: _events(journey, heard))
        shown = event["detail"]["data"]
        assert (shown["orderId"], shown["productId"], event["source"]) == ("due", "SKU-1", "tributary")
        assert shown["dueAt"] <= event["detail"]["metadata"]["occurredAt"]
        eventually(lambda: _schedules(journey) == [newer])


def _push(journey: Journey, order: str, due_in: float, **members: Any) -> None:
    """Pushes an order whose reminder is due in so many seconds."""
    ordered = times.later(times.now(), days=-1, seconds=due_in)
    body = {"orderId": order, "orderedAt": ordered, "totalCents": 999, "currency": "USD", "items": [ITEM]}
    headers = {"Authorization": f"Bearer {journey.keys['admin']}"}
    body |= {"customer": {"email": "ada@example.com"}, **members}
    answer = journey.http.post(f"{journey.stack.root_url}/api/v1/orders", json=body, headers=headers)
    assert answer.status_code == 202, answer.text


def _schedules(journey: Journey) -> list[str]:
    asked = {"GroupName": physical_name(journey.stack, "Reminders")}
    return [it["Name"] for it in client(journey.stack, "scheduler").list_schedules(**asked)["Schedules"]]


def _listen(journey: Journey, detail_type: str) -> str:
    """Create a queue for events of a type, as another system would; return its URL."""
    sqs, events = client(journey.stack, "sqs"), client(journey.stack, "events")
    url = sqs.create_queue(QueueName="listener")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    pattern = json.dumps({"source": ["tributary"], "detail-type": [detail_type]})
    events.put_rule(Name="listener", EventBusName=journey.stack.bus, EventPattern=pattern)
    events.put_targets(Rule="listener", EventBusName=journey.stack.bus, Targets=[{"Id": "queue", "Arn": arn}])
    return str(url)


def _events(journey: Journey, url: str) -> list[Any]:
    found = client(journey.stack, "sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(message["Body"]) for message in found]
