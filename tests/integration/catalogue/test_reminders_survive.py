"""Scheduling of reminders survives crashes, delays and races: a repeat repairs it, and nothing outdated or duplicate
is announced.
"""

import contextlib
import json
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

import pytest
from botocore.exceptions import EndpointConnectionError

from tests.stack.exchange import Message
from tests.stack.house import House
from tests.stack.scenarios.reminder_shop import bought, buy, days_ago, due, reminders, stock
from tests.stack.scenarios.shop import push
from tributary import schedules
from tributary.domain import times


def update_message(house: House, order: str = "o-1", ago: float = 1, **members: Any) -> Message:
    """An order update as a message in the scheduling function's queue; the other consumers have handled theirs."""
    push(house, order, orderedAt=days_ago(ago), items=bought(), **members)
    house.publish()
    arrived = house.arrived()
    (message,) = [it for it in arrived if it.function == "schedule_reminders"]
    assert all(house.consume(it) for it in arrived if it is not message)
    return message


@contextlib.contextmanager
def failing(house: House, operation: str, after: bool = False) -> Iterator[None]:
    """Loses Scheduler's answer to the next such call, or the call itself."""
    hooks = house.schedule_client().meta.events
    name = f"{'after' if after else 'before'}-call.scheduler.{operation}"

    def fail(**_: Any) -> None:
        raise EndpointConnectionError(endpoint_url="scheduler")

    hooks.register(name, fail)
    try:
        yield
    finally:
        hooks.unregister(name, fail)


@contextlib.contextmanager
def overtaken(house: House, operation: str, act: Callable[[], object]) -> Iterator[None]:
    """Run a callback just before the next such call reaches Scheduler."""
    hooks, acts = house.schedule_client().meta.events, [act]

    def interrupt(**_: Any) -> None:
        if acts:
            acts.pop()()

    hooks.register(f"before-call.scheduler.{operation}", interrupt)
    try:
        yield
    finally:
        hooks.unregister(f"before-call.scheduler.{operation}", interrupt)
    assert not acts, f"no {operation} was made"


@pytest.mark.parametrize("after", [False, True], ids=["the call", "its answer"])
def test_a_repeat_makes_a_schedule_that_was_not_made_or_not_confirmed(house: House, after: bool) -> None:
    stock(house)
    message = update_message(house)
    with failing(house, "CreateSchedule", after):
        assert not house.consume(message)
    assert reminders(house) == [("o-1", "pending")]
    assert len(house.scheduled()) == after

    assert house.consume(message)
    assert len(house.scheduled()) == 1
    assert [it["orderId"] for it in due(house)] == ["o-1"]


def test_a_repeat_finds_a_write_whose_answer_was_lost(house: House) -> None:
    stock(house)
    message = update_message(house)
    with mock.patch.object(schedules, "create", side_effect=TimeoutError):
        assert not house.consume(message)
    before = house.ledger("reminder")

    assert house.consume(message)
    assert house.ledger("reminder") == before
    assert len(due(house)) == 1


def test_a_reminder_due_before_it_can_be_scheduled_is_announced_immediately(house: House) -> None:
    stock(house)
    message = update_message(house)
    with failing(house, "CreateSchedule"):
        assert not house.consume(message)
    (reminder,) = house.ledger("reminder")

    with mock.patch.object(times, "now", return_value=times.later(reminder["dueAt"], seconds=1)):
        assert house.consume(message)
        assert house.consume(message)
    assert house.scheduled() == {}
    assert [it["orderId"] for it in due(house)] == ["o-1"]


@pytest.mark.parametrize("after", [False, True], ids=["the call", "its answer"])
def test_a_repeat_deletes_an_older_schedule_that_could_not_be_deleted(house: House, after: bool) -> None:
    stock(house)
    buy(house, "o-1", ago=2)
    message = update_message(house, "o-2")
    with failing(house, "DeleteSchedule", after):
        assert not house.consume(message)
    assert reminders(house) == [("o-1", "pending")]

    assert house.consume(message)
    assert len(house.scheduled()) == 1
    assert [it["orderId"] for it in due(house)] == ["o-2"]


def test_a_repeat_applies_a_cancellation_that_failed(house: House) -> None:
    stock(house)
    buy(house)
    message = update_message(house, status="cancelled")
    with failing(house, "DeleteSchedule"):
        assert not house.consume(message)

    assert house.consume(message)
    assert (reminders(house), house.scheduled()) == ([("o-1", "silent")], {})


def test_a_schedule_of_a_superseded_order_fires_without_announcement(house: House) -> None:
    stock(house)
    older, newer = update_message(house, "o-1", ago=2), update_message(house, "o-2")
    with overtaken(house, "CreateSchedule", lambda: house.consume(newer)):
        assert house.consume(older)

    assert len(house.scheduled()) == 2
    assert [it["orderId"] for it in due(house)] == ["o-2"]


def test_a_schedule_of_a_cancelled_order_fires_without_announcement(house: House) -> None:
    stock(house)
    placed = update_message(house)

    def cancel() -> None:
        assert house.consume(update_message(house, status="cancelled"))

    with overtaken(house, "CreateSchedule", cancel):
        assert house.consume(placed)

    assert len(house.scheduled()) == 1
    assert due(house) == []


def test_a_cancellation_before_the_reminders_write_is_applied(house: House) -> None:
    stock(house)
    placed = update_message(house)

    def cancel() -> None:
        assert house.consume(update_message(house, status="cancelled"))

    with house.meanwhile("PutItem", cancel):
        assert house.consume(placed)

    assert (reminders(house), house.scheduled()) == ([("o-1", "silent")], {})


@pytest.mark.parametrize("first", ["o-1", "o-2"])
@pytest.mark.parametrize("before", [True, False], ids=["over an older one", "as the first"])
def test_the_newer_of_two_concurrent_orders_keeps_the_reminder(house: House, first: str, before: bool) -> None:
    stock(house)
    if before:
        buy(house, "o-0", ago=3)
    messages = {"o-1": update_message(house, "o-1", ago=2), "o-2": update_message(house, "o-2")}
    second = "o-2" if first == "o-1" else "o-1"
    with house.meanwhile("PutItem", lambda: house.consume(messages[second])):
        assert house.consume(messages[first])

    assert reminders(house) == [("o-2", "pending")]
    assert [it["orderId"] for it in due(house)] == ["o-2"]


def test_a_schedules_duplicate_message_is_announced_once(house: House) -> None:
    stock(house)
    buy(house)
    (message,) = house.pass_time("2100-01-01T00:00:00")
    assert house.arrived() == [message]

    assert all(house.consume(message) for _ in range(3))
    house.publish()
    assert [it["detail-type"] for it in house.on_the_bus[-1:]] == ["ecommerce.replenishment_due"]
    assert house.publish() == []


def test_an_undelivered_schedule_is_announced_when_its_dead_letter_is_redriven(house: House) -> None:
    """Scheduler's dead letter is its request to the queue, not the message."""
    stock(house)
    buy(house)
    (message,) = house.pass_time("2100-01-01T00:00:00")
    house.arrived()
    request = {"MessageBody": message.body, "QueueUrl": "https://sqs.us-east-1.amazonaws.com/1/queue"}

    assert house.consume(Message(message.function, json.dumps(request)))
    assert house.dead_letters("release_reminder") == []
    assert len(due(house)) == 1


def test_a_cancellation_at_the_due_moment_withdraws_the_reminder(house: House) -> None:
    stock(house)
    buy(house)
    cancelled = update_message(house, status="cancelled")
    (message,) = house.pass_time("2100-01-01T00:00:00")
    house.arrived()
    with house.meanwhile("TransactWriteItems", lambda: house.consume(cancelled)):
        assert house.consume(message)

    assert reminders(house) == [("o-1", "silent")]
    assert due(house) == []


def test_a_reminder_due_while_it_is_superseded_is_announced_as_is_the_next(
    house: House,
) -> None:
    stock(house)
    buy(house, "o-1", ago=2)
    newer = update_message(house, "o-2")
    (message,) = house.pass_time("2100-01-01T00:00:00")
    house.arrived()
    with house.meanwhile("PutItem", lambda: house.consume(message)):
        assert house.consume(newer)
    house.deliver()

    assert [it["orderId"] for it in due(house)] == ["o-2"]
    told_due = [it for it in house.on_the_bus if it["detail-type"] == "ecommerce.replenishment_due"]
    assert [it["detail"]["data"]["orderId"] for it in told_due] == ["o-1", "o-2"]


def test_an_outage_of_scheduler_does_not_delay_obligations(house: House) -> None:
    stock(house)
    push(house, orderedAt=days_ago(1), items=bought())
    with failing(house, "CreateSchedule"):
        house.deliver()

    assert [it["listed"]["status"] for it in house.ledger("transaction")] == ["complete"]
    assert [code for code, _ in house.dead_letters("schedule_reminders")] == ["failed"]
    assert house.dead_letters("follow_order") == []
