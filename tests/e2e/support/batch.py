"""Batches and their rows."""

from typing import Any

from tests.stack.journey import Journey
from tests.stack.keys import key_header

ROWS, CLIENTS = 40, 4


MEMBERS = {
    "/siren/v1/event/sale": {"source": "shopify", "trackingId": 1, "total": 10},
    "/api/v1/orders": {"totalCents": 1000, "currency": "USD"},
    "/v1/sales-events": {
        "type": "PURCHASE",
        "occurred_at": "2026-01-01T00:00:00Z",
        "store_id": "paris",
        "currency": "EUR",
        "total_amount_cents": 1000,
        "total_discount_cents": 0,
        "line_items": [{"quantity": 1, "total_price_cents": 1000}],
    },
}

NAMES = {"/siren/v1/event/sale": "externalId", "/api/v1/orders": "orderId", "/v1/sales-events": "external_id"}


def post(journey: Journey, path: str, content: str, media_type: str = "application/json") -> Any:
    headers = {**key_header(path, journey.keys["admin"]), "Content-Type": media_type}
    return journey.http.post(journey.stack.root_url + path, content=content, headers=headers, timeout=60)


def row(path: str, number: int) -> dict[str, Any]:
    """A row of a batch; five customers share its orders and purchases."""
    buyer = f"buyer-{number % 5}"
    shared = {
        "/api/v1/orders": {"customer": {"email": f"{buyer}@example.com"}},
        "/v1/sales-events": {"profile_id": buyer},
    }
    return {**MEMBERS[path], NAMES[path]: f"B-{number}", **shared.get(path, {})}
