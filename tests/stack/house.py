"""The in-process stack: the real functions on moto, wired as the template wires them.

HTTP requests go to the function of their route. `deliver` plays stream, bus and queues, in any order and with any
repetition. DynamoDB, EventBridge, its Scheduler and SQS are moto's. Its transactions are not atomic under threads, so
nothing here is concurrent.
"""

import contextlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any
from unittest import mock

from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID as ACCOUNT
from moto.scheduler.models import scheduler_backends

from local import seed
from tests.stack.exchange import Answer, Item, Message, Requests, http_event, sqs_event
from tests.stack.keys import key_header
from tests.stack.moto_stack import (
    BUS,
    GROUP,
    REGION,
    TABLE,
    client,
    furnished,
    messages_in,
    moto_table,
    note_use,
    stream,
)
from tests.stack.moto_state import MotoState
from tests.stack.swift_moto import swift_moto
from tests.stack.wiring import below_stage, load, milliseconds, route_of, rules, stage_of, variables
from tests.template import consumers
from tributary import bus, schedules, sealing
from tributary.api.http import requests
from tributary.ledger.connections import connections
from tributary.ledger.customers import rfm
from tributary.ledger.distributions import distributors
from tributary.ledger.payouts import proofs
from tributary.ledger.programs import programs
from tributary.ledger.store import counts, table
from tributary.ledger.store.values import decode_item
from tributary.ledger.webhooks import presence, subscriptions
from tributary.workflows import relay

BASE = "/siren/v1"
_BEYOND_ANY_TEST = 100
#: moto is not thread-safe.
_ONE_AT_A_TIME = {"IMPORT_THREADS": "1"}


class House:
    """The in-process stack with the demo organization. Ledger, bus and queues are made from the template."""

    def __init__(self) -> None:
        _new_process()
        self.demo = furnished()
        self.keys: dict[str, str] = self.demo["keys"]
        self.program_id: int = self.demo["demo"]["programId"]
        self.collaborator_id: int = self.demo["demo"]["collaboratorId"]
        self.tracking_id: int = self.demo["demo"]["trackingId"]
        self._published = len(stream())
        self._arrived: list[Message] = []
        self.on_the_bus: list[Item] = []
        self.handled: list[Message] = []
        self._bus_hooks = self.bus_client().meta.events
        self._bus_hooks.register("before-call.events.PutEvents", self._put)

    def close(self) -> None:
        self._bus_hooks.unregister("before-call.events.PutEvents", self._put)

    # requests

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = "admin",
        headers: Mapping[str, str] | None = None,
        base: str = BASE,
        **query: Any,
    ) -> Answer:
        """A request with a demo key, by its name, or any other. A body of text or bytes is sent as it is."""
        route, function, path_parameters = route_of(method, base + path)
        sent = self._headers(base + path, key, headers)
        stage = stage_of(base + path)
        event = http_event(method, base + path, route, path_parameters, query, sent, body, stage)
        answer = self.invoke(function, event)
        return Answer(answer["statusCode"], {**answer.get("headers", {})}, answer["body"])

    def get(self, path: str, **options: Any) -> Answer:
        return self.call("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> Answer:
        return self.call("POST", path, body, **options)

    def put(self, path: str, body: Any = None, **options: Any) -> Answer:
        return self.call("PUT", path, body, **options)

    def delete(self, path: str, **options: Any) -> Answer:
        return self.call("DELETE", path, **options)

    def sale(self, external_id: str = "ORD-1004", tracking_id: int | None = None, **members: Any) -> Answer:
        """Report the seed's example: 49.99 for the demo visit, unless given otherwise."""
        body = {"source": "shopify", "externalId": external_id, "total": 49.99}
        body |= {"trackingId": tracking_id or self.tracking_id, "items": [{"name": "Blue Widget", "amount": 49.99}]}
        return self.post("/event/sale", body | members, key="events")

    def refund(self, external_id: str = "ORD-1004", **members: Any) -> Answer:
        return self.post("/event/refund", {"source": "shopify", "externalId": external_id, **members}, key="events")

    def visit(
        self, collaborator: Any = None, headers: Mapping[str, str] | None = None, key: str = "events", **members: Any
    ) -> Answer:
        body = {"collaboratorId": collaborator or self.collaborator_id, **members}
        return self.post("/event/site-visited", body, key=key, headers=headers)

    def new_visit(self, collaborator: Any = None) -> int:
        """Report a new visitor's visit; return the trackingId."""
        return int(self.visit(collaborator).headers["X-Siren-OID"])

    def new_program(self, **settings: Any) -> int:
        """Create a program like the demo's, with the given settings."""
        calculation = {"transactionPercent": 10, "autoApprove": True, **settings.pop("calculation", {})}
        body = {"name": "Another", "incentiveType": "saleTransactionPercentage"}
        body |= {"transactionCompilers": ["includeLineItems"], "incentiveCalculation": calculation, **settings}
        return int(self.post("/programs", body).json["id"])

    def new_collaborator(self, *program_ids: int, **profile: Any) -> int:
        body = {"fullName": "Another", "programs": list(program_ids), **profile}
        return int(self.post("/collaborators", body).json["id"])

    def new_key(self, *scopes: str, organization: str = seed.ORGANIZATION, **options: Any) -> str:
        """Create a key, known to `call` by its own text."""
        with self._environment("manage_api_keys"):
            made = str(requests.api_keys.create(organization, "another", scopes, **options)["rawKey"])
            note_use([made])
            return made

    def set_count_of_keys(self, active: int) -> None:
        """Set the stored number of active keys."""
        key = {"pk": {"S": f"{seed.ORGANIZATION}#api-keys"}, "sk": {"S": "count"}}
        changes = {"active": {"Value": {"N": str(active)}, "Action": "PUT"}}
        client("dynamodb").update_item(TableName=TABLE, Key=key, AttributeUpdates=changes)

    # delivery

    def deliver(self, arrange: Callable[[list[Message]], list[Message]] = list) -> list[Message]:
        """Publish all changes and have them consumed until nothing is left; return the consumed messages.

        `arrange` may reorder and repeat each round's messages. A message that fails is received again until it becomes
        a dead letter."""
        handled: list[Message] = []
        waiting: list[Message] = []
        for _ in range(_BEYOND_ANY_TEST):
            published = self.publish()
            waiting = arrange(waiting + self.arrived())
            if not waiting and not published:  # the relay writes too
                return handled
            handled += waiting
            waiting = [message for message in waiting if not self.consume(message)]
        raise AssertionError("messages were still arriving after 100 rounds")

    def publish(self) -> list[Item]:
        """Hands all changes since the last call to the relay; returns them."""
        changes = stream()[self._published :]
        self._published += len(changes)
        if changes:
            assert self.relay(changes) == {"batchItemFailures": []}
        return changes

    def go_back(self, state: MotoState) -> None:
        """Restores a saved state of moto, with no message pending and in a new process."""
        state.restore()
        _new_process()
        self._published, self._arrived = len(stream()), []

    def bus_client(self) -> Any:
        """The relay's own client, for a Stubber."""
        with self._environment("publish_events"):
            return relay.client()

    def relay(self, records: Sequence[Item]) -> Any:
        return self.invoke("publish_events", {"Records": list(records)})

    def arrived(self) -> list[Message]:
        """Empty the consumers' queues; return the messages."""
        arrived, self._arrived = self._arrived, []
        return arrived

    def consume(self, message: Message) -> bool:
        """Hands one message to its function; false if it must be received again."""
        return self.consume_together([message]) == []

    def consume_together(self, messages: Sequence[Message]) -> list[Message]:
        """Hands a batch to its function; returns the messages that failed."""
        for message in messages:
            message.receives += 1
        self.handled += messages
        failures = self.invoke(messages[0].function, sqs_event(*messages))["batchItemFailures"]
        failed = {failure["itemIdentifier"] for failure in failures}
        return [message for place, message in enumerate(messages) if f"message-{place}" in failed]

    def changes_of_repeats(self) -> int:
        """Consumes every handled message once more; returns how many changes to the ledger that made."""
        before = self.changes()
        for message in {(it.function, it.body): it for it in self.handled}.values():
            assert self.consume(message)
        return self.changes() - before

    def event(self, detail_type: str, detail: Any, source: str = "other.shop", **members: Any) -> None:
        """Put an event on the bus, whose rules deliver it to queues."""
        event = {"id": "0a1b", "source": source, "account": ACCOUNT, "detail-type": detail_type, "detail": detail}
        body = json.dumps({"version": "0", "region": "us-east-1", "resources": [], **event, **members})
        self.on_the_bus.append(json.loads(body))
        self._arrived += [Message(it, body) for it, pattern in rules() if pattern.matches_event(json.loads(body))]

    def _put(self, params: Any, **_: Any) -> None:
        for entry in json.loads(params["body"])["Entries"]:
            assert entry["EventBusName"] == BUS
            self.event(entry["DetailType"], json.loads(entry["Detail"]), entry["Source"])

    def scheduled(self) -> dict[str, str]:
        """The pending one-time schedules: name to moment in UTC."""
        found = scheduler_backends[ACCOUNT][REGION].schedule_groups[GROUP].schedules.values()
        return {it.name: it.schedule_expression.removeprefix("at(").removesuffix(")") for it in found}

    def pass_time(self, until: str) -> list[Message]:
        """Fire the schedules up to a moment and delete them; return their messages, which wait in the queue too."""
        group = scheduler_backends[ACCOUNT][REGION].schedule_groups[GROUP]
        due = [group.schedules.pop(name) for name, moment in self.scheduled().items() if moment <= until]
        fired = [Message(consumers()[it.target["Arn"].rpartition(":")[2]], it.target["Input"]) for it in due]
        self._arrived += fired
        return fired

    def schedule_client(self) -> Any:
        """The functions' own client of Scheduler, for a Stubber."""
        with self._environment("schedule_reminders"):
            return schedules.client()

    def dead_letters(self, function: str) -> list[tuple[str, str]]:
        """Code and reason of a consumer's dead letters."""
        return [(it["code"], it["reason"]) for it in self.dead_letters_of(function)]

    def dead_letters_of(self, function: str) -> list[Mapping[str, str]]:
        """The messages in a function's dead-letter queue: attributes and `body`."""
        return messages_in(self._variables(function)["DEAD_LETTER_QUEUE_URL"])

    def tries(self, function: str) -> int:
        """The number of receives before a message of the function becomes a dead letter."""
        return int(self._variables(function)["MAX_RECEIVES"])

    def invoke(self, function: str, event: Any) -> Any:
        """Run a function's handler with its environment from the template."""
        context = SimpleNamespace(aws_request_id="request", function_name=function, memory_limit_in_mb=512)
        context.get_remaining_time_in_millis = lambda: milliseconds(function)
        context.invoked_function_arn = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:{function}"
        with self._environment(function):
            return load(function).handler(json.loads(json.dumps(event, default=str)), context)

    # results

    def ledger(self, entity: str | None = None) -> list[Item]:
        """All items, or those of one entity, in key order."""
        items = [decode_item(item.to_json()["Attributes"]) for item in moto_table().all_items()]
        return sorted((i for i in items if entity in (None, i["entity"])), key=lambda item: (item["pk"], item["sk"]))

    def owed(self) -> list[tuple[str, int]]:
        """Status and value of every obligation."""
        return sorted((item["listed"]["status"], item["listed"]["value"]) for item in self.ledger("obligation"))

    def conversions(self) -> list[tuple[str, int]]:
        """Status and value of every conversion."""
        return sorted((item["listed"]["status"], item["listed"]["value"]) for item in self.ledger("conversion"))

    def decision(self) -> Item:
        """The only decision in the ledger."""
        (decision,) = self.ledger("decision")
        return decision

    def changes(self) -> int:
        """The number of changes to the ledger so far; cheaper than reading its items."""
        return len(moto_table().stream_shard.items)

    @contextlib.contextmanager
    def requests_made(self) -> Iterator[Requests]:
        """Collect the requests that functions make of DynamoDB, seen at botocore's hook."""
        seen = Requests()

        def note(model: Any, params: Any, **_: Any) -> None:
            seen.made.append((model.name, json.loads(params["body"])))

        with self._hooked("before-call.dynamodb", note):
            yield seen

    @contextlib.contextmanager
    def meanwhile(self, operation: str, act: Callable[[], object], after: int = 0) -> Iterator[None]:
        """Run a callback just before the next such request reaches DynamoDB, after all reads of its sender.

        `after` lets so many pass before."""
        acts, passed = [act], list[None]()

        def interrupt(**_: Any) -> None:
            if len(passed) < after:
                passed.append(None)
            elif acts:
                acts.pop()()

        with self._hooked(f"before-call.dynamodb.{operation}", interrupt):
            yield
        assert not acts, f"no {operation} was made, so nothing was interrupted"

    @contextlib.contextmanager
    def _hooked(self, name: str, handler: Callable[..., None]) -> Iterator[None]:
        with self._environment("report_sale"):
            hooks = table.client().meta.events
        hooks.register(name, handler)
        try:
            yield
        finally:
            hooks.unregister(name, handler)

    def _headers(self, path: str, key: str | None, headers: Mapping[str, str] | None) -> dict[str, str]:
        own = {} if key is None else key_header(below_stage(path), self.keys.get(key, key))
        given = {name.lower(): value for name, value in (headers or {}).items()}
        return {"content-type": "application/json", **own, **given}

    def _variables(self, function: str) -> dict[str, str]:
        return variables(function)

    @contextlib.contextmanager
    def _environment(self, function: str) -> Iterator[None]:
        with _variables_set(self._variables(function) | _ONE_AT_A_TIME):
            yield


@contextlib.contextmanager
def _variables_set(variables: Mapping[str, str]) -> Iterator[None]:
    """These alone: `mock.patch.dict` sets the whole environment anew."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update({name: value for name, value in variables.items() if before[name] != value})
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            elif os.environ.get(name) != value:
                os.environ[name] = value


@contextlib.contextmanager
def in_process() -> Iterator[House]:
    """Start an in-process stack of its own, isolated from all others."""
    with mock.patch.dict(os.environ, AWS_DEFAULT_REGION=REGION), swift_moto(), mock_aws():
        house = House()
        yield house
        house.close()


def _new_process() -> None:
    """Clear everything that a new process would not have, except clients: these are slow to make and work with every
    moto."""
    programs.forget()
    counts.forget()
    rfm.forget()
    proofs.forget()
    distributors.forget()
    presence.forget()
    subscriptions.forget()
    connections.forget()
    requests.forget_keys()


def forget_clients() -> None:
    """Drop cached clients, so that later tests in this process do not reach moto."""
    for made in (table.client, relay.client, bus.sqs, schedules.client, sealing.client, client):
        made.cache_clear()
