"""A catalogue with a product to buy again, and its reminders."""

from collections.abc import Callable
from typing import Any

from tests.stack.exchange import Message
from tests.stack.house import House
from tests.stack.scenarios.shop import push
from tributary.domain import times
from tributary.ledger.catalogue import products

#: Later than everything scheduled here.
SOME_DAY = "2100-01-01T00:00:00"


def stock(
    house: House, product: str = "sku-1", days: int | None = 30, match: str = "product", source: str = "sequenzy"
) -> None:
    """Add a product to buy again after so many days, or never."""
    again = {"days": days, "match": match} if days else None
    with house._environment("schedule_reminders"):
        products.upsert_many("demo", source, [(product, {"title": "Widget", "replenishment": again})])


def bought(product: str = "sku-1", variant: str | None = None) -> list[dict[str, Any]]:
    item = {"productId": product, "title": "Widget", "quantity": 1}
    return [item | ({"variantId": variant} if variant else {})]


def days_ago(days: float) -> str:
    return times.later(times.now(), days=-days)


def buy(house: House, order: str = "o-1", ago: float = 1, items: Any = None, **members: Any) -> None:
    """Pushes a placed order and delivers its events."""
    assert push(house, order, orderedAt=days_ago(ago), items=items or bought(), **members).status == 202
    house.deliver()


def push_update(house: House, order: str = "o-1", **members: Any) -> None:
    """Pushes another update of an order and delivers its events."""
    assert push(house, order, orderedAt=..., items=[], **members).status == 202
    house.deliver()


def reminders(house: House) -> list[tuple[str, str]]:
    """Order and status of each reminder."""
    return [(it["orderId"], it["status"]) for it in house.ledger("reminder")]


def due(
    house: House, until: str = SOME_DAY, arrange: Callable[[list[Message]], list[Message]] = list
) -> list[dict[str, Any]]:
    """Lets time pass, running every due schedule; returns the data of each reminder announced as due, once each."""
    before = len(house.on_the_bus)
    house.pass_time(until)
    house.deliver(arrange)
    events = [event for event in house.on_the_bus[before:] if event["detail-type"] == "ecommerce.replenishment_due"]
    return [event["detail"]["data"] for event in events]
