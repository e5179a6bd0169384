"""Batches on the real stack, where their rows are written by threads and several clients send the same."""

import json
from typing import Any

import pytest

from tests.e2e.way import Way, at_once, at_rest

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


def post(way: Way, path: str, content: str, media_type: str = "application/json") -> Any:
    headers = {"Authorization": f"Bearer {way.keys['admin']}", "x-api-key": way.keys["admin"]}
    url = way.stack.root_url + path
    return way.http.post(url, content=content, headers={**headers, "Content-Type": media_type}, timeout=60)


def row(path: str, number: int) -> dict[str, Any]:
    """Five customers share the orders and the purchases of a batch."""
    buyer = f"buyer-{number % 5}"
    shared = {
        "/api/v1/orders": {"customer": {"email": f"{buyer}@example.com"}},
        "/v1/sales-events": {"profile_id": buyer},
    }
    return {**MEMBERS[path], NAMES[path]: f"B-{number}", **shared.get(path, {})}


@pytest.mark.parametrize("path", MEMBERS)
def test_rows_that_stand_twice_in_batches_that_come_at_once_are_each_recorded_once(way: Way, path: str) -> None:
    assert post(way, "/v1/stores", json.dumps({"external_id": "paris"})).status_code == 201
    rows = [row(path, number) for number in range(ROWS)] * 2
    lines = "\n".join(map(json.dumps, rows))

    answers = at_once(CLIENTS, lambda _: post(way, f"{path}/batch", lines, "application/x-ndjson"), range(CLIENTS))
    at_rest(way.stack)

    told = [answer.json() for answer in answers]
    assert [(it["received"], it["failed"]) for it in told] == [(2 * ROWS, 0)] * CLIENTS
    assert sum(it["created"] for it in told) == ROWS
    assert sorted(it["sourceId"] for it in way.listed("transactions", fields="sourceId")) == sorted(
        f"B-{number}" for number in range(ROWS)
    )
    for one in told:
        assert [it["index"] for it in one["results"]] == list(range(2 * ROWS))
        for first, second in zip(one["results"][:ROWS], one["results"][ROWS:], strict=True):
            assert {**first["body"], "status": 0, "created": 0, "message": 0} == {
                **second["body"], "status": 0, "created": 0, "message": 0,
            }  # fmt: skip
