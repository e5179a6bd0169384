"""Exact requests to DynamoDB and Scheduler for an order's reminders."""

from collections.abc import Callable
from typing import Any

from tests.stack.house import House
from tests.stack.scenarios.reminder_shop import bought, buy, days_ago, stock
from tests.stack.scenarios.shop import ADA, BASE, push


def asked(house: House, act: Callable[[], object]) -> tuple[dict[str, int], list[str]]:
    """Collect requests to DynamoDB, and calls of Scheduler."""
    calls: list[str] = []

    def note(model: Any, **_: Any) -> None:
        calls.append(model.name)

    hooks = house.schedule_client().meta.events
    hooks.register("before-call.scheduler", note)
    try:
        with house.requests_made() as made:
            act()
    finally:
        hooks.unregister("before-call.scheduler", note)
    return made.counts, calls


def followed(house: House, order: str, ago: float = 1, **members: Any) -> tuple[dict[str, int], list[str]]:
    """The requests for following one order update."""
    push(house, order, orderedAt=days_ago(ago), items=[*bought(), *bought("sku-2", "v-1")], **members)
    house.publish()
    (message,) = [it for it in house.arrived() if it.function == "schedule_reminders"]
    return asked(house, lambda: house.consume(message))


READS, PLACED = {"Query": 1, "BatchGetItem": 2}, {"Query": 2, "BatchGetItem": 2}


def test_requests_of_an_order_without_reminders(house: House) -> None:
    assert followed(house, "o-1") == (PLACED, [])


def test_requests_of_orders_of_two_products_first_superseding_repeated_and_cancelled(house: House) -> None:
    stock(house, "sku-1")
    stock(house, "sku-2", match="variant")

    assert followed(house, "o-1", ago=2) == ({**PLACED, "PutItem": 3}, ["CreateSchedule"] * 2)
    assert followed(house, "o-2") == ({**PLACED, "PutItem": 3}, ["DeleteSchedule", "CreateSchedule"] * 2)
    assert followed(house, "o-1", status="cancelled") == (READS, [])
    assert followed(house, "o-2", status="refunded", refundId="r", refundAmountCents=1) == ({"Query": 1}, [])
    assert followed(house, "o-2", status="cancelled") == ({**READS, "UpdateItem": 2}, ["DeleteSchedule"] * 2)
    assert followed(house, "o-2", status="refunded") == (READS, [])


def test_requests_of_an_order_of_a_product_the_customer_waits_for(house: House) -> None:
    stock(house, days=None)
    assert house.post("/back-in-stock", {"productId": "sku-1", "customer": ADA}, base=BASE).status == 202

    assert followed(house, "o-1", ago=0) == ({**PLACED, "TransactWriteItems": 1}, [])


def test_requests_of_an_update_whose_order_was_not_placed(house: House) -> None:
    assert followed(house, "o-1", status="cancelled") == ({"Query": 1}, [])


def test_requests_of_a_due_reminder(house: House) -> None:
    stock(house)
    buy(house)
    (message,) = house.pass_time("2100-01-01T00:00:00")

    for _ in range(2):
        assert asked(house, lambda: house.consume(message)) == ({"TransactWriteItems": 1}, [])
