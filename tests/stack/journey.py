"""The journey of a sale over HTTP and the bus, as a client sees it, with one organization per test.

Nothing sleeps for a fixed time: results are polled until they appear or a deadline passes.
"""

import contextlib
import functools
import itertools
import json
import os
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple, TypeVar
from unittest import mock

import httpx

from local.deployment import STACK
from local.seed import ACCOUNT
from local.stack import Stack
from tests.stack.keys import key_header
from tests.template import consumers
from tributary.domain import times
from tributary.domain.transaction import Sale
from tributary.ledger.earnings.decisions import SALE as SALE_DECISION
from tributary.ledger.organization import api_keys
from tributary.ledger.sales import transaction_items, transactions
from tributary.ledger.store import table
from tributary.ledger.store.values import decode_item

Item = dict[str, Any]
Found = TypeVar("Found")
Result = TypeVar("Result")

PATIENCE = 60.0
SOURCE = "shopify"
READER = [f"ledger:{what}:read" for what in ("conversions", "transactions", "obligations", "payouts")]
_SCOUT = "scout"
PROGRAM = {
    "name": "10 % of line items",
    "incentiveType": "saleTransactionPercentage",
    "transactionCompilers": ["includeLineItems"],
    "incentiveCalculation": {"transactionPercent": 10, "autoApprove": True},
}


def eventually(probe: Callable[[], Found], seconds: float = PATIENCE) -> Found:
    """Poll the probe until it finds something; return the result."""
    deadline = time.monotonic() + seconds
    while not (found := probe()) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert found, f"not within {seconds} s; the last answer was {found!r}"
    return found


def at_once(threads: int, work: Callable[[Any], Result], inputs: Iterable[Any]) -> list[Result]:
    """Run the work in so many threads; return all results."""
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, inputs))


class Earned(NamedTuple):
    """One award as a client sees it."""

    conversion: str
    obligation: str
    value: int


class Journey:
    """An organization on a stack, with a program and a collaborator like the demo's unless a test makes its own."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.organization = f"org-{uuid.uuid4().hex[:10]}"
        self.keys = {"admin": _first_key(stack, self.organization)}
        self.http = httpx.Client(timeout=60, trust_env=False, limits=httpx.Limits(max_connections=40))
        self.keys |= {"events": self._key(["event:*"]), "reader": self._key(READER)}
        self._numbers = itertools.count(1)

    def close(self) -> None:
        self.http.close()

    # calls

    def call(
        self, method: str, path: str, body: Any = None, key: str = "admin", base: str = "", **options: Any
    ) -> httpx.Response:
        """Send a request with the organization's key of that name; `base` precedes /siren/v1."""
        headers = {"Authorization": f"Bearer {self.keys[key]}", **options.pop("headers", {})}
        url = f"{self.stack.root_url}{base}/siren/v1{path}"
        return self.http.request(method, url, json=body, headers=headers, **options)

    def request(self, method: str, path: str, body: Any, key: str = "events") -> httpx.Response:
        """Send a request of any dialect; the path begins at the root."""
        headers = key_header(path, self.keys[key])
        return self.http.request(method, self.stack.root_url + path, json=body, headers=headers)

    def ok(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        answer = self.call(method, path, body, **options)
        assert answer.status_code in (200, 201), f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else answer

    def program(self, calculation: Mapping[str, Any] | None = None, **settings: Any) -> int:
        calculation = {**PROGRAM["incentiveCalculation"], **(calculation or {})}  # type: ignore[dict-item]
        return int(self.ok("POST", "/programs", {**PROGRAM, "incentiveCalculation": calculation, **settings})["id"])

    def collaborator(self, *programs: int) -> int:
        return int(self.ok("POST", "/collaborators", {"fullName": "Dana", "programs": programs})["id"])

    def house(self, **settings: Any) -> int:
        """Create a program with these settings and a collaborator in it; return the collaborator's id."""
        return self.collaborator(self.program(**settings))

    def visit(self, collaborator: int, opportunity: int | None = None) -> int:
        headers = {"X-Siren-OID": str(opportunity)} if opportunity else {}
        answer = self.call("POST", "/event/site-visited", {"collaboratorId": collaborator}, "events", headers=headers)
        assert answer.status_code == 200, answer.text
        return int(answer.headers["X-Siren-OID"])

    def sale(self, tracking_id: int, total: Any = 49.99, **members: Any) -> Item:
        """The body of a sale that has not been reported yet."""
        return {
            "source": SOURCE,
            "externalId": f"ORD-{next(self._numbers)}",
            "trackingId": tracking_id,
            "total": total,
        } | members

    def post_sale(self, body: Item) -> int:
        """Report the sale; return its transaction's id."""
        answer = self.ok("POST", "/event/sale", body, key="events", headers={"Prefer": "return=representation"})
        return int(answer["transactionId"])

    def lead(self) -> int:
        """Register an event, report one for a visit whose program pays 3.00 for it, and return the lead's id."""
        self.ok("POST", "/event-types", {"slug": "signup", "action": "lead", "name": "Sign-up"})
        pays = {"payoutPerLead": 300, "activeConversionTypes": ["signup"]}
        body = {"trackingId": self.visit(self.house(incentiveType="leadFixed", calculation=pays))}
        answer = self.ok("POST", "/event/signup", body, key="events", headers={"Prefer": "return=representation"})
        (conversion,) = eventually(lambda: self.listed("conversions", type="signup"))
        owed = eventually(lambda: [it for it in self.listed("obligations") if it["conversionId"] == conversion["id"]])
        assert [(it["value"], it["status"]) for it in owed] == [(300, "pending")]
        return int(answer["leadId"])

    def post_refund(self, sale: Item) -> httpx.Response:
        body = {name: sale[name] for name in ("source", "externalId")}
        return self.call("POST", "/event/refund", body, "events")

    def listed(self, resource: str, **query: Any) -> list[Item]:
        return list(self.ok("GET", f"/{resource}", params={"number": 200, **query}))

    def everything(self, resource: str, **query: Any) -> list[Item]:
        """The records of all pages."""
        pages = (self.listed(resource, offset=offset, **query) for offset in itertools.count(0, 200))
        return list(itertools.chain.from_iterable(itertools.takewhile(bool, pages)))

    def review(self, action: str, *conversions: int) -> int:
        return int(self.ok("POST", "/conversions/bulk", {"action": action, "ids": conversions})["affected"])

    # results

    def story(self, transaction_id: int) -> dict[str, Item]:
        """All items in a transaction's partition, by sort key."""
        asked = {"TableName": self.stack.table, "ConsistentRead": True, "KeyConditionExpression": "pk = :pk"}
        values = {":pk": {"S": f"{self.organization}#transaction#{transaction_id}"}}
        found = client(self.stack, "dynamodb").query(**asked, ExpressionAttributeValues=values)["Items"]
        return {item["sk"]: item for item in map(decode_item, found)}

    def decision(self, transaction_id: int) -> Item:
        """Wait for the decision about a sale."""
        return eventually(lambda: self.story(transaction_id).get(SALE_DECISION))

    def reasons(self, transaction_id: int) -> dict[int, str]:
        """Reason for each program's candidate."""
        return {it["programId"]: it["reason"] for it in self.decision(transaction_id)["candidates"]}

    def earned(self, transaction_id: int) -> dict[int, Earned]:
        """A transaction's conversions and obligations as the lists show them, by program."""
        obligations = {it["conversionId"]: it for it in self.listed("obligations")}
        return {
            it["programId"]: Earned(it["status"], obligations[it["id"]]["status"], obligations[it["id"]]["value"])
            for it in self.listed("conversions", transactionId=transaction_id)
            if it["id"] in obligations
        }

    def owed(self, transaction_id: int, count: int = 1) -> dict[int, Earned]:
        """Wait for so many awards of a transaction, each with its obligation in the state of its conversion."""
        return eventually(lambda: _settled(self.earned(transaction_id), count))

    def becomes(self, transaction_id: int, conversion: str, obligation: str) -> None:
        """Wait until the one award of a transaction has these states."""
        states = [(conversion, obligation)]
        eventually(lambda: [award[:2] for award in self.earned(transaction_id).values()] == states)

    def no_award(self, transaction_id: int) -> None:
        """Wait for the sale's decision and its consequences, then assert that nothing was earned."""
        self.decision(transaction_id)
        at_rest(self.stack)
        assert not [key for key in self.story(transaction_id) if key.startswith("award#")]

    @contextlib.contextmanager
    def held_up(self, function: str) -> Iterator[None]:
        """Pauses the function's queue mapping; its messages wait in the queue."""
        functions = client(self.stack, "lambda")
        name = physical_name(self.stack, function)
        (mapping,) = functions.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
        functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
        try:
            yield
        finally:
            functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)

    # the bus

    def bind(self, source: str) -> None:
        self.ok("POST", "/event-sources", {"source": source, "account": ACCOUNT})

    def put_event(self, detail_type: str, detail: Any, source: str) -> None:
        put_events(self.stack, [{"Source": source, "DetailType": detail_type, "Detail": json.dumps(detail)}])

    def put_message(self, consumer: str, event: Item) -> None:
        """Put an event into a consumer's queue, as its rule would."""
        url = physical_name(self.stack, f"{consumer}Queue")
        client(self.stack, "sqs").send_message(QueueUrl=url, MessageBody=json.dumps(event))

    def _key(self, scopes: Sequence[str]) -> str:
        return str(self.ok("POST", "/api-keys", {"label": "test", "scopes": scopes})["rawKey"])


@functools.cache
def client(stack: Stack, service: str) -> Any:
    """A client, cached because making one is slow."""
    return stack.client(service)


def put_events(stack: Stack, entries: Sequence[Item]) -> None:
    """Put up to ten events, as anyone with the account's credentials could."""
    answer = client(stack, "events").put_events(Entries=[{"EventBusName": stack.bus, **entry} for entry in entries])
    assert answer["FailedEntryCount"] == 0, answer


def take_dead_letter(stack: Stack, consumer: str, is_it: Callable[[Item], bool]) -> tuple[str, str, Item]:
    """Take the one matching dead letter of a consumer out of its queue; return code, reason and event."""
    sqs, url = client(stack, "sqs"), physical_name(stack, f"{consumer}DeadLetters")
    asked = {"QueueUrl": url, "MaxNumberOfMessages": 10, "MessageAttributeNames": ["All"], "VisibilityTimeout": 0}

    def found() -> list[Item]:
        return [it for it in sqs.receive_message(**asked).get("Messages", ()) if is_it(json.loads(it["Body"]))]

    (message,) = eventually(found)
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return _attribute(message, "code"), _attribute(message, "reason"), json.loads(message["Body"])


def changes(stack: Stack) -> list[Item]:
    """Every change of the table since the stack started, except those of the sales that `at_rest` sends."""
    return [it for it in _stream(stack).read() if _image(it)["organization"]["S"] != _SCOUT]


def _image(change: Item) -> Item:
    """The item after a change, or before a deletion."""
    images = change["dynamodb"]
    return dict(images.get("NewImage") or images["OldImage"])


def at_rest(stack: Stack) -> int:
    """Wait until all pending work has been handled; return the number of changes so far.

    A sale without a visit passes through the relay, which keeps the order, after every earlier change. Once it is
    decided and the queues are empty, all consequences are in the table. If the number of changes has grown, the wait is
    repeated."""
    for _ in range(100):
        before = len(changes(stack))
        _send_scout(stack)
        eventually(lambda: _empty(stack))
        if len(changes(stack)) == before:
            return before
    raise AssertionError("changes kept arriving")


@functools.cache
def physical_name(stack: Stack, logical_id: str) -> str:
    """The physical name of a resource of the template."""
    found = client(stack, "cloudformation").describe_stack_resource(StackName=STACK, LogicalResourceId=logical_id)
    return str(found["StackResourceDetail"]["PhysicalResourceId"])


def _settled(awards: dict[int, Earned], count: int) -> dict[int, Earned]:
    wanted = {"pending": "draft", "approved": "pending", "rejected": "rejected"}
    return awards if len(awards) == count and all(wanted[it[0]] == it[1] for it in awards.values()) else {}


def _attribute(message: Item, name: str) -> str:
    return str(message["MessageAttributes"][name]["StringValue"])


def _empty(stack: Stack) -> bool:
    sqs = client(stack, "sqs")
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    urls = [physical_name(stack, queue) for queue in consumers()]
    held = (sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"] for url in urls)
    return not any(int(count) for attributes in held for count in attributes.values())


class _Stream:
    """The table's stream from its beginning; each read continues where the last ended."""

    def __init__(self, stack: Stack) -> None:
        self._client = client(stack, "dynamodbstreams")
        arn = client(stack, "dynamodb").describe_table(TableName=stack.table)["Table"]["LatestStreamArn"]
        (shard,) = self._client.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
        start = {"StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
        self._iterator = self._client.get_shard_iterator(**start)["ShardIterator"]
        self._records: list[Item] = []

    def read(self) -> list[Item]:
        while (answer := self._client.get_records(ShardIterator=self._iterator))["Records"]:
            self._records += answer["Records"]
            self._iterator = answer["NextShardIterator"]
        return self._records


@functools.cache
def _stream(stack: Stack) -> _Stream:
    return _Stream(stack)


def _send_scout(stack: Stack) -> None:
    sale = Sale("scout", uuid.uuid4().hex, 1, 0, "USD", times.now())
    with ledger_of(stack):
        partition = transaction_items.pk(_SCOUT, transactions.record(_SCOUT, sale).transaction.id)
        eventually(lambda: table.get(partition, SALE_DECISION))


def _first_key(stack: Stack, organization: str) -> str:
    """Create the first key with the operator's command."""
    with ledger_of(stack):
        return str(api_keys.create(organization, "first key", ["admin"])["rawKey"])


@contextlib.contextmanager
def ledger_of(stack: Stack) -> Iterator[None]:
    """Points the package's ledger at this stack's table."""
    pointed = {
        "TABLE_NAME": stack.table,
        "AWS_ENDPOINT_URL": stack.endpoint,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
    with mock.patch.dict(os.environ, pointed):
        table.client.cache_clear()
        yield
    table.client.cache_clear()
