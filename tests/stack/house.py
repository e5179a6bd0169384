"""The real functions in one process: HTTP requests go to the function that the template routes them to, and `deliver`
plays stream, bus and queues as the template wires them, in any order and as often as a test likes.

DynamoDB, EventBridge, its Scheduler and SQS are moto's. Its transactions are not atomic under threads, so nothing here
is concurrent.
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
from tests.stack.moto_stack import BUS, GROUP, REGION, TABLE, client, furnished, messages_in, moto_table, stream
from tests.stack.moto_state import MotoState
from tests.stack.wiring import below_stage, consumers, load, route_of, rules, stage_of, variables
from tributary import bus, schedules
from tributary.api.http import requests
from tributary.api.http.dialect import BASES
from tributary.ledger.customers import rfm
from tributary.ledger.programs import programs
from tributary.ledger.store import counts, table
from tributary.ledger.store.values import decode_item
from tributary.workflows import relay

BASE = "/siren/v1"
_BEYOND_ANY_TEST = 100
#: moto does not bear more.
_ONE_AT_A_TIME = {"IMPORT_THREADS": "1"}


class House:
    """The demo organization on an in-process stack. Ledger, bus and queues are made from the template."""

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

    # the way in

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
        """The seed's example: 49.99 of the demo visit, unless told otherwise."""
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
        """The trackingId of a new visitor."""
        return int(self.visit(collaborator).headers["X-Siren-OID"])

    def new_program(self, **settings: Any) -> int:
        """A program like the demo's, with other settings where they are given."""
        calculation = {"transactionPercent": 10, "autoApprove": True, **settings.pop("calculation", {})}
        body = {"name": "Another", "incentiveType": "saleTransactionPercentage"}
        body |= {"transactionCompilers": ["includeLineItems"], "incentiveCalculation": calculation, **settings}
        return int(self.post("/programs", body).json["id"])

    def new_collaborator(self, *program_ids: int, **profile: Any) -> int:
        body = {"fullName": "Another", "programs": list(program_ids), **profile}
        return int(self.post("/collaborators", body).json["id"])

    def new_key(self, *scopes: str, organization: str = seed.ORGANIZATION, **options: Any) -> str:
        """A new key, known to `call` by its own text."""
        with self._environment("manage_api_keys"):
            return str(requests.api_keys.create(organization, "another", scopes, **options)["rawKey"])

    def set_count_of_keys(self, active: int) -> None:
        """As if so many keys had been made."""
        key = {"pk": {"S": f"{seed.ORGANIZATION}#api-keys"}, "sk": {"S": "count"}}
        changes = {"active": {"Value": {"N": str(active)}, "Action": "PUT"}}
        client("dynamodb").update_item(TableName=TABLE, Key=key, AttributeUpdates=changes)

    # the way through

    def deliver(self, arrange: Callable[[list[Message]], list[Message]] = list) -> list[Message]:
        """Publishes what changed and has it consumed, until nothing more happens; returns what was consumed.

        `arrange` may reorder and repeat each round's messages. A message that fails comes again, until its consumer
        sets it aside."""
        handled: list[Message] = []
        waiting: list[Message] = []
        for _ in range(_BEYOND_ANY_TEST):
            self.publish()
            waiting = arrange(waiting + self.arrived())
            if not waiting:
                return handled
            handled += waiting
            waiting = [message for message in waiting if not self.consume(message)]
        raise AssertionError("the house never comes to rest")

    def publish(self) -> list[Item]:
        """Hands all changes since the last time to the relay; returns them."""
        changes = stream()[self._published :]
        self._published += len(changes)
        if changes:
            assert self.relay(changes) == {"batchItemFailures": []}
        return changes

    def go_back(self, state: MotoState) -> None:
        """To what stood in moto once, with nothing under way, in a new process."""
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
        """What the bus has put into the consumers' queues; they are empty afterwards."""
        arrived, self._arrived = self._arrived, []
        return arrived

    def consume(self, message: Message) -> bool:
        """Hands one message to its function; whether it is done with."""
        return self.consume_together([message]) == []

    def consume_together(self, messages: Sequence[Message]) -> list[Message]:
        """Hands a batch to its function; returns those that failed."""
        for message in messages:
            message.receives += 1
        self.handled += messages
        failures = self.invoke(messages[0].function, sqs_event(*messages))["batchItemFailures"]
        failed = {failure["itemIdentifier"] for failure in failures}
        return [message for place, message in enumerate(messages) if f"message-{place}" in failed]

    def changes_of_repeats(self) -> int:
        """Consumes once more all that was consumed; how many changes of the ledger that made."""
        before = self.changes()
        for message in {(it.function, it.body): it for it in self.handled}.values():
            assert self.consume(message)
        return self.changes() - before

    def event(self, detail_type: str, detail: Any, source: str = "other.shop", **members: Any) -> None:
        """An event reaches the bus; its rules take it to queues."""
        event = {"id": "0a1b", "source": source, "account": ACCOUNT, "detail-type": detail_type, "detail": detail}
        body = json.dumps({"version": "0", "region": "us-east-1", "resources": [], **event, **members})
        self.on_the_bus.append(json.loads(body))
        self._arrived += [Message(it, body) for it, pattern in rules() if pattern.matches_event(json.loads(body))]

    def _put(self, params: Any, **_: Any) -> None:
        for entry in json.loads(params["body"])["Entries"]:
            assert entry["EventBusName"] == BUS
            self.event(entry["DetailType"], json.loads(entry["Detail"]), entry["Source"])

    def scheduled(self) -> dict[str, str]:
        """The one-time schedules that there are: name to moment, which is UTC."""
        found = scheduler_backends[ACCOUNT][REGION].schedule_groups[GROUP].schedules.values()
        return {it.name: it.schedule_expression.removeprefix("at(").removesuffix(")") for it in found}

    def pass_time(self, until: str) -> list[Message]:
        """What is scheduled up to a moment lies in its queue; its schedule is gone. Returns the messages."""
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
        """Code and reason of what a consumer set aside."""
        return [(it["code"], it["reason"]) for it in self.dead_letters_of(function)]

    def dead_letters_of(self, function: str, queue: str = "DEAD_LETTER_QUEUE_URL") -> list[Mapping[str, str]]:
        """What lies in a function's own queue, attributes and `body`."""
        return messages_in(self._variables(function)[queue])

    def invoke(self, function: str, event: Any) -> Any:
        """Runs a function's handler with the environment that the template gives it."""
        context = SimpleNamespace(aws_request_id="request", function_name=function, memory_limit_in_mb=512)
        context.get_remaining_time_in_millis = lambda: 20_000
        context.invoked_function_arn = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:{function}"
        with self._environment(function):
            return load(function).handler(json.loads(json.dumps(event, default=str)), context)

    # what came of it

    def ledger(self, entity: str | None = None) -> list[Item]:
        """All items, or those of an entity, in key order."""
        items = [decode_item(item.to_json()["Attributes"]) for item in moto_table().all_items()]
        return sorted((i for i in items if entity in (None, i["entity"])), key=lambda item: (item["pk"], item["sk"]))

    def owed(self) -> list[tuple[str, int]]:
        """Status and value of every obligation."""
        return sorted((item["listed"]["status"], item["listed"]["value"]) for item in self.ledger("obligation"))

    def conversions(self) -> list[tuple[str, int]]:
        """Status and value of every conversion."""
        return sorted((item["listed"]["status"], item["listed"]["value"]) for item in self.ledger("conversion"))

    def decision(self) -> Item:
        """The only decision there is."""
        (decision,) = self.ledger("decision")
        return decision

    def changes(self) -> int:
        """How many changes the ledger has seen; a cheaper question than what it holds."""
        return len(moto_table().stream_shard.items)

    @contextlib.contextmanager
    def requests_made(self) -> Iterator[Requests]:
        """The requests that the functions make of DynamoDB meanwhile, seen at botocore's hook."""
        seen = Requests()

        def note(model: Any, params: Any, **_: Any) -> None:
            seen.made.append((model.name, json.loads(params["body"])))

        with self._hooked("before-call.dynamodb", note):
            yield seen

    @contextlib.contextmanager
    def meanwhile(self, operation: str, act: Callable[[], object]) -> Iterator[None]:
        """Does something right before the next such request reaches DynamoDB: after all that its sender has read."""
        acts = [act]

        def interrupt(**_: Any) -> None:
            if acts:
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
        own = {"content-type": "application/json"}
        if key is not None and below_stage(path).startswith(f"{BASES['noticia']}/"):
            own["x-api-key"] = self.keys.get(key, key)
        elif key is not None:
            own["authorization"] = f"Bearer {self.keys.get(key, key)}"
        return own | {name.lower(): value for name, value in (headers or {}).items()}

    def _variables(self, function: str) -> dict[str, str]:
        return variables(function)

    @contextlib.contextmanager
    def _environment(self, function: str) -> Iterator[None]:
        with mock.patch.dict(os.environ, self._variables(function) | _ONE_AT_A_TIME):
            yield


@contextlib.contextmanager
def in_process() -> Iterator[House]:
    """A house of its own, which nothing else sees."""
    with mock.patch.dict(os.environ, AWS_DEFAULT_REGION=REGION), mock_aws():
        house = House()
        yield house
        house.close()


def _new_process() -> None:
    """A new process has kept nothing, but for its clients: making them is slow, and moto answers old ones too."""
    programs.forget()
    counts.forget()
    rfm.forget()
    requests.forget_keys()


def forget_clients() -> None:
    """So that nothing that runs later in this process talks to moto, or believes that it does."""
    for made in (table.client, relay.client, bus.sqs, schedules.client, client):
        made.cache_clear()
