"""The functions in one process with many threads, on the emulator's DynamoDB.

Its conditional writes are atomic under threads, unlike moto's. Each thread stands for a process of Lambda.
"""

import contextlib
import os
import threading
from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any
from unittest import mock

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

from local import aws
from local.emulator_process import EmulatorProcess
from tests.stack import exchange, wiring
from tests.stack.dialects.spoken import Call
from tests.stack.exchange import Answer, Item
from tests.stack.house import BASE
from tests.stack.keys import key_header
from tests.template import resources
from tributary.api.http import requests
from tributary.ledger.organization import api_keys
from tributary.ledger.programs import programs
from tributary.ledger.store import table
from tributary.ledger.store.values import decode_item

THREADS = 16
_TABLE = "ledger"


class Functions:
    """Calls of one organization. Each thread loads the functions anew, as each process does."""

    def __init__(self, emulator: EmulatorProcess) -> None:
        self._dynamodb = emulator.client("dynamodb")
        self._mine = _Mine()

    def new_key(self, organization: str) -> str:
        return str(api_keys.create(organization, "storm", ["admin", "event:*"])["rawKey"])

    def call(
        self,
        key: str,
        method: str,
        path: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        base: str = BASE,
        **query: Any,
    ) -> Answer:
        route, function, parameters = wiring.route_of(method, base + path)
        sent = {"content-type": "application/json", **key_header(wiring.below_stage(base + path), key)}
        sent |= headers or {}
        stage = wiring.stage_of(base + path)
        event = exchange.http_event(method, base + path, route, parameters, query, sent, body, stage)
        context = SimpleNamespace(
            aws_request_id="request", get_remaining_time_in_millis=lambda: wiring.milliseconds(function)
        )
        answer = self._mine.handler(function)(event, context)
        return Answer(answer["statusCode"], {**answer.get("headers", {})}, answer["body"])

    def deliver(self, function: str, organization: str, detail_type: str, data: Item) -> None:
        """Hand an event to a consumer, as EventBridge would without a queue."""
        detail = {"metadata": {"organization": organization, "id": "evt_1", "correlationId": "storm"}, "data": data}
        event = {"id": "1", "source": "tributary", "detail-type": detail_type, "detail": detail}
        context = SimpleNamespace(
            aws_request_id="request", get_remaining_time_in_millis=lambda: wiring.milliseconds(function)
        )
        self._mine.handler(function)(event, context)

    def records(self, organization: str, entity: str) -> list[Item]:
        """All items of a kind, strongly consistent."""
        asked = {"TableName": _TABLE, "ConsistentRead": True}
        pages = self._dynamodb.get_paginator("scan").paginate(**asked)
        items = (decode_item(item) for page in pages for item in page["Items"])
        return [it for it in items if (it["organization"], it["entity"]) == (organization, entity)]


def ask(called: Functions, key: str, call: Call) -> Answer:
    """A function's answer to a call of any dialect."""
    return called.call(key, call.method, call.path, call.body, base=call.base)


@contextlib.contextmanager
def functions() -> Iterator[Functions]:
    """Start the functions on a table of their own."""
    environment = {**aws.ROOT_CREDENTIALS, "AWS_DEFAULT_REGION": aws.REGION, "TABLE_NAME": _TABLE}
    emulator = EmulatorProcess.start()
    environment["AWS_ENDPOINT_URL_DYNAMODB"] = emulator.endpoint
    try:
        _make_table(emulator.client("dynamodb"))
        with mock.patch.dict(os.environ, environment), _an_event_for_each_thread():
            _forget()
            table.client()  # before the threads, each of which would make one
            yield Functions(emulator)
    finally:
        _forget()
        emulator.stop()


def _make_table(dynamodb: Any) -> None:
    properties = resources("AWS::DynamoDB::Table")["Table"]
    taken = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
    dynamodb.create_table(TableName=_TABLE, **{name: properties[name] for name in taken})


def _forget() -> None:
    table.client.cache_clear()
    requests.forget_keys()
    programs.forget()


class _Mine(threading.local):
    """The functions that this thread has loaded."""

    def __init__(self) -> None:
        self._handlers: dict[str, Any] = {}

    def handler(self, function: str) -> Any:
        if function not in self._handlers:
            self._handlers[function] = wiring.load.__wrapped__(function).handler
        return self._handlers[function]


@contextlib.contextmanager
def _an_event_for_each_thread() -> Iterator[None]:
    """Give each thread its own event; Powertools keeps it in the resolvers' class, as a process of Lambda has one at a
    time."""
    at_hand = threading.local()
    read = APIGatewayHttpResolver._to_proxy_event

    def note(app: Any, event: Any) -> Any:
        at_hand.event = read(app, event)
        return at_hand.event

    noted = property(lambda _: at_hand.event)
    with (
        mock.patch.object(APIGatewayHttpResolver, "_to_proxy_event", note),
        mock.patch.object(APIGatewayHttpResolver, "current_event", noted, create=True),
    ):
        yield
