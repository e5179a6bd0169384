"""A point of sale and its requests, as in the original's documentation."""

import json
from typing import Any

from tests.stack.exchange import Answer
from tests.stack.house import House

BASE, STORE, BUYER = "/v1", "paris-rivoli-01", "crm-customer-4815"
#: The documented example, byte for byte.
EXAMPLE = """{
"external_id": "TICKET-2026-04-25-001234:PURCHASE",
"type": "PURCHASE",
"occurred_at": "2026-04-25T14:32:00+02:00",
"store_id": "paris-rivoli-01",
"currency": "EUR",
"profile_id": "crm-customer-4815",
"total_amount_cents": 12500,
"total_discount_cents": 0,
"total_tax_cents": 2083,
"source": "Cegid POS v3",
"line_items": [
{
"external_id": "LINE-001",
"product": {
"external_id": "SKU-12345",
"name": "White T-shirt M",
"properties": { "category": "Menswear", "size": "M", "color": "white" }
},
"quantity": 2,
"unit_price_cents": 5000,
"total_price_cents": 10000,
"tax_cents": 1667
},
{
"external_id": "LINE-002",
"product": { "external_id": "SKU-67890", "name": "Tote bag" },
"quantity": 1,
"unit_price_cents": 2500,
"total_price_cents": 2500,
"tax_cents": 416
}
]
}"""


def event(**members: Any) -> dict[str, Any]:
    """The example with other members; members given as `...` are omitted."""
    body = json.loads(EXAMPLE) | members
    return {name: value for name, value in body.items() if value is not ...}


def line(quantity: int = 1, total: int = 12500, **members: Any) -> dict[str, Any]:
    return {"quantity": quantity, "total_price_cents": total, **members}


def push(house: House, body: Any = EXAMPLE, key: str = "events", **options: Any) -> Answer:
    return house.post("/sales-events", body, key=key, base=BASE, **options)


def read(house: House, path: str, key: str = "events", **query: Any) -> Answer:
    return house.get(path, key=key, base=BASE, **query)


def store(house: House, external_id: str = STORE, **members: Any) -> Answer:
    return house.post("/stores", {"external_id": external_id, **members}, base=BASE)


def profile(house: House, external_id: str = BUYER, **members: Any) -> Answer:
    return house.post("/profiles", {"external_id": external_id, **members}, base=BASE)


def totals(house: House, reference: str = BUYER) -> list[tuple[Any, ...]]:
    """Currency, count, purchased, returned and net of a profile."""
    names = ("currency", "purchases_count", "purchased_cents", "returned_cents", "net_cents")
    rows = read(house, f"/profiles/{reference}", "admin").json["totals"]
    return [tuple(row[name] for name in names) for row in rows]


def issues(answer: Answer) -> dict[str, str]:
    assert (answer.status, answer.json["code"]) == (422, "VALIDATION_FAILED"), answer.text
    return {issue["path"]: issue["message"] for issue in answer.json["issues"]}
