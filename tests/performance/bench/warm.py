"""A sale in a warm process, call by call, next to the bare PutItem and the rejected alternative.

Measured in CPU time, since others use this machine too.
"""

import json
import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any
from unittest import mock

import boto3

from tests.performance.bench import idempotent
from tests.performance.bench.row import Row
from tests.performance.bench.stubbed import in_a_function, log_unread, stub
from tests.stack.wiring import load
from tributary.api.http import requests
from tributary.ledger.organization.api_keys import Principal
from tributary.ledger.store import table

_CALLS, _WARMING = 2000, 200
_CALLER = Principal("demo", 1, ("event:*",), None, None)
_SALE = {"source": "shopify", "total": 49.99, "trackingId": 4218, "currency": "USD"}
_ITEMS = [{"name": "Blue Widget", "amount": 19.99}, {"name": "Red Widget", "amount": 15, "quantity": 2}]
_CONTEXT = mock.Mock(aws_request_id="request", function_name="report_sale", memory_limit_in_mb=512)
_CONTEXT.get_remaining_time_in_millis.return_value = 10_000


def rows() -> list[Row]:
    with in_a_function(), mock.patch.object(requests.api_keys, "principal", return_value=_CALLER), log_unread():
        table.client.cache_clear()
        stub(table.client())
        ours, put, bare = load("report_sale").handler, _put(), stub(boto3.client("dynamodb"))
        other = idempotent.handler(put)
        measured: list[Callable[[int], object]] = [
            lambda number: ours(_event(number), _CONTEXT),
            lambda _: bare.put_item(**put),
            lambda number: other(_event(number), _CONTEXT),
        ]
        try:
            medians = _medians(measured)
        finally:
            table.client.cache_clear()
            requests.forget_keys()
    return [
        Row("warm report_sale | the same PutItem, bare", medians[0], medians[1], "µs CPU", 1.6),
        Row("warm report_sale | with Powertools' idempotency utility", medians[0], medians[2], "µs CPU", 0.5),
    ]


def _medians(measured: list[Callable[[int], object]]) -> list[float]:
    times: list[list[float]] = [[] for _ in measured]
    for number in range(_CALLS + _WARMING):
        for call, taken in zip(measured, times, strict=True):
            start = time.process_time()
            call(number)
            taken.append((time.process_time() - start) * 1e6)
    return [statistics.median(taken[_WARMING:]) for taken in times]


def _put() -> Mapping[str, Any]:
    """The parameters of report_sale's put."""
    seen: list[Mapping[str, Any]] = []
    events = table.client().meta.events
    events.register("provide-client-params.dynamodb.PutItem", lambda params, **_: seen.append(dict(params)), "spy")
    answer = load("report_sale").handler(_event(0), _CONTEXT)
    events.unregister("provide-client-params.dynamodb.PutItem", unique_id="spy")
    assert answer["statusCode"] == 200, answer
    return seen[0]


def _event(number: int) -> dict[str, Any]:
    path = "/siren/v1/event/sale"
    return {
        "version": "2.0",
        "routeKey": f"POST {path}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"content-type": "application/json", "authorization": "Bearer sk_live_1"},
        "requestContext": {"requestId": "1", "stage": "$default", "http": {"method": "POST", "path": path}},
        "isBase64Encoded": False,
        "body": json.dumps({**_SALE, "externalId": f"ORD-{number}", "items": _ITEMS}),
    }
