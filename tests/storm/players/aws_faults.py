"""Faults between the functions and AWS, injected at botocore's hooks."""

import contextlib
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from random import Random
from types import SimpleNamespace
from typing import Any
from unittest import mock

import botocore.endpoint
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError
from moto.core.models import botocore_stubber

from tests.stack.house import House
from tributary.ledger.store import table

_WRITES = ("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems")
#: botocore runs all its hooks even after one has answered; moto does not serve this address, so nothing is applied.
_NOWHERE = "https://refused.invalid/"
_CANCELED = "TransactionCanceledException"

Handler = Callable[..., Any]


class Faults:
    """Fails each call of DynamoDB and EventBridge with a probability, half of them before it is applied and half after.

    The bus may also refuse some entries. botocore's own retries can fail too, so that it repeats calls that were
    applied."""

    def __init__(self, house: House, chance: Random, thrown: Counter[str], probability: float) -> None:
        self._house, self._chance, self._thrown, self._probability = house, chance, thrown, probability

    @contextlib.contextmanager
    def thrown(self) -> Iterator[None]:
        ledger, bus = _ledger_hooks(self._house), self._house.bus_client().meta.events
        with contextlib.ExitStack() as hooks:
            hooks.enter_context(_no_pauses())
            hooks.enter_context(_hooked(ledger, "before-send.dynamodb", self._break_the_connection))
            hooks.enter_context(_hooked(bus, "before-call.events.PutEvents", self._take_a_part))
            # botocore runs an operation's hooks before a service's: the bus must fail before it delivers.
            for events, call in ((ledger, "dynamodb"), (bus, "events.PutEvents")):
                hooks.enter_context(_hooked(events, f"before-call.{call}", self._fail))
                hooks.enter_context(_hooked(events, f"after-call.{call}", self._lose_the_answer))
            yield

    def _happens(self, what: str, share: float) -> bool:
        happens = self._chance.random() < self._probability * share
        self._thrown[what] += happens
        return happens

    def _fail(self, model: Any, **_: Any) -> None:
        if self._happens("call that failed", 0.5):
            raise EndpointConnectionError(endpoint_url=model.name)

    def _lose_the_answer(self, model: Any, **_: Any) -> None:
        if self._happens("call that was applied and timed out", 0.5):
            raise ReadTimeoutError(endpoint_url=model.name)

    def _break_the_connection(self, request: Any, event_name: str, **_: Any) -> None:
        if self._happens("connection that broke before the request", 0.25):
            raise ConnectTimeoutError(endpoint_url=request.url)
        if self._happens("connection that broke after the request", 0.25):
            botocore_stubber(event_name=event_name, request=request)
            raise ReadTimeoutError(endpoint_url=request.url)

    def _take_a_part(self, params: Any, **_: Any) -> Any:
        if not self._happens("batch of events taken in part", 1):
            return None
        entries = json.loads(params["body"])["Entries"]
        taken = [self._chance.random() < 0.5 for _ in entries]
        for entry, is_taken in zip(entries, taken, strict=True):
            if is_taken:
                self._house.event(entry["DetailType"], json.loads(entry["Detail"]), entry["Source"])
        results = [{"EventId": "1"} if is_taken else {"ErrorCode": "InternalFailure"} for is_taken in taken]
        return SimpleNamespace(status_code=200), {"Entries": results, "FailedEntryCount": taken.count(False)}


class Conflicts:
    """Throttles every call of DynamoDB once or twice, and adds up to three conflicts to every write, in any order,
    before it passes."""

    def __init__(self, house: House, chance: Random, thrown: Counter[str]) -> None:
        self._house, self._chance, self._thrown = house, chance, thrown
        self._ahead: dict[str, list[str]] = {}

    @contextlib.contextmanager
    def thrown(self) -> Iterator[None]:
        events = _ledger_hooks(self._house)
        with _no_pauses(), _hooked(events, "before-send.dynamodb", self._refuse):
            yield

    def _refuse(self, request: Any, event_name: str, **_: Any) -> AWSResponse | None:
        operation, call = event_name.rsplit(".", 1)[-1], json.loads(request.body)
        call.pop("ClientRequestToken", None)  # random, so it would make every storm another
        name = json.dumps([operation, call])
        ahead = self._ahead.setdefault(name, self._trouble(operation))
        if not ahead:
            del self._ahead[name]
            return None
        code = ahead.pop()
        return self._answer(request, code, self._reasons(call) if code == _CANCELED else None)

    def _trouble(self, operation: str) -> list[str]:
        conflict = _CANCELED if operation == "TransactWriteItems" else "TransactionConflictException"
        conflicts = [conflict] * self._chance.randint(1, 3) if operation in _WRITES else []
        trouble = ["ProvisionedThroughputExceededException"] * self._chance.randint(1, 2) + conflicts
        self._chance.shuffle(trouble)
        return trouble

    def _reasons(self, call: Any) -> list[dict[str, str]]:
        actions = len(call["TransactItems"])
        codes = [self._chance.choice(["None", "TransactionConflict", "ThrottlingError"]) for _ in range(actions)]
        codes[self._chance.randrange(actions)] = "TransactionConflict"
        return [{"Code": code, "Message": "thrown by the storm"} for code in codes]

    def _answer(self, request: Any, code: str, reasons: list[dict[str, str]] | None = None) -> AWSResponse:
        self._thrown[code] += 1
        body: dict[str, Any] = {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "thrown by the storm"}
        body |= {"CancellationReasons": reasons} if reasons else {}
        request.url = _NOWHERE
        raw = mock.Mock(stream=lambda **_: [json.dumps(body).encode()])
        return AWSResponse(_NOWHERE, 400, {"content-type": "application/x-amz-json-1.0"}, raw)


@contextlib.contextmanager
def _no_pauses() -> Iterator[None]:
    """Skips the pauses between retries. Other threads of this process rely on their sleep."""
    awake = SimpleNamespace(sleep=lambda _: None, time=time.time)
    with mock.patch.object(table, "time", awake), mock.patch.object(botocore.endpoint, "time", awake):
        yield


def _ledger_hooks(house: House) -> Any:
    with house._environment("report_sale"):
        return table.client().meta.events


@contextlib.contextmanager
def _hooked(events: Any, name: str, handler: Handler) -> Iterator[None]:
    """Register first among hooks, so that no other hook sees a failed call."""
    events.register_first(name, handler)
    try:
        yield
    finally:
        events.unregister(name, handler)
