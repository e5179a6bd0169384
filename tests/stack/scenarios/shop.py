"""A shop that pushes its orders to the demo organization."""

import json
from typing import Any

from tests.stack.exchange import Answer
from tests.stack.house import House

BASE = "/api/v1"
ADA = {"email": "ada@example.com", "externalId": "crm-1", "firstName": "Ada", "lastName": "Lovelace"}
ITEMS = [
    {"productId": "sku-1", "title": "Blue Widget", "quantity": 2, "priceCents": 1500, "variantId": "v-1"},
    {"productId": "sku-2", "title": "Red Widget", "quantity": 1, "priceCents": 1999},
]
MONDAY, TUESDAY, WEDNESDAY = (f"2026-11-{day:02}T12:00:00.000Z" for day in (2, 3, 4))


def order(order_id: str = "o-1", status: str | None = None, **members: Any) -> dict[str, Any]:
    """An order of 49.99 by Ada; a member given as `...` is omitted."""
    body: dict[str, Any] = {"orderId": order_id, "totalCents": 4999, "currency": "USD", "customer": ADA}
    body |= {"orderedAt": MONDAY, "items": ITEMS} | ({"status": status} if status else {}) | members
    return {name: value for name, value in body.items() if value is not ...}


def push(house: House, *args: Any, key: str = "admin", **members: Any) -> Answer:
    return house.post("/orders", order(*args, **members), key=key, base=BASE)


def read(house: House, order_id: str = "o-1") -> Any:
    return house.get(f"/orders/{order_id}", base=BASE).json["order"]


def job(house: House, job_id: str) -> Any:
    return house.get(f"/jobs/{job_id}", base=BASE).json["job"]


def subscriber(house: House, email: str = ADA["email"]) -> Any:
    return house.get(f"/subscribers/{email}", base=BASE).json["subscriber"]


def announced(house: House) -> list[Any]:
    """Each event delivered to the consumers of orders, once."""
    events = {it.body: json.loads(it.body) for it in house.handled if it.detail_type.startswith("ecommerce.")}
    return sorted(events.values(), key=lambda event: event["detail"]["metadata"]["id"])
