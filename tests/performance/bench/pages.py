"""One page of a list of a hundred records and of twenty thousand, on the local stack's DynamoDB.

Includes the estimated count that a process requests once a minute, with its checkpoint up to date.
"""

import json
import os
from collections import Counter
from types import SimpleNamespace
from typing import Any
from unittest import mock

from local import aws
from local.emulator_process import EmulatorProcess
from tests.performance.bench.row import Row
from tests.performance.bench.stubbed import log_unread
from tests.stack.wiring import load
from tests.template import resources
from tributary.api.http import requests
from tributary.domain.transaction import Sale, Transaction
from tributary.ledger.organization.api_keys import Principal
from tributary.ledger.sales import transaction_items
from tributary.ledger.store import counts, table
from tributary.ledger.store.values import encode_item

_FEW, _MANY, _PAGE = 100, 20_000, 50
_BATCH = 25


def rows() -> list[Row]:
    emulator = EmulatorProcess.start()
    try:
        _make_table(emulator.client("dynamodb"))
        (few_page, few_count), (page, count) = (_costs(emulator, records) for records in (_FEW, _MANY))
    finally:
        emulator.stop()
        table.client.cache_clear()
        requests.forget_keys()
    among = f"among {_MANY:,} records | among {_FEW}"
    return [
        *(Row(f"a page of {_PAGE} {among}", page[unit], few_page[unit], unit, 1.0) for unit in few_page),
        Row(f"the estimated count {among}", count["requests"], few_count["requests"], "requests", 1.0),
    ]


def _costs(emulator: EmulatorProcess, records: int) -> tuple[Counter[str], Counter[str]]:
    """Costs of a page and, in addition, of its estimated count."""
    organization = f"bench-{records}"
    _fill(emulator.client("dynamodb"), organization, records)
    reader = Principal(organization, 1, ("admin",), None, None)
    environment = {**aws.ROOT_CREDENTIALS, "AWS_DEFAULT_REGION": aws.REGION, "TABLE_NAME": "ledger"}
    environment["AWS_ENDPOINT_URL_DYNAMODB"] = emulator.endpoint
    with (
        mock.patch.dict(os.environ, environment),
        mock.patch.object(requests.api_keys, "principal", return_value=reader),
        log_unread(),
    ):
        table.client.cache_clear()
        requests.forget_keys()
        seen = _watched()
        while _page(seen)["puts"]:
            counts.forget()
        page = _page(seen)
        counts.forget()
        both = _page(seen)
    del page["puts"]
    return page, both - page


def _watched() -> Counter[str]:
    """Count this process's requests to DynamoDB."""
    seen: Counter[str] = Counter()

    def ask(params: Any, **_: Any) -> None:
        params["ReturnConsumedCapacity"] = "TOTAL"

    def note(parsed: Any, model: Any, **_: Any) -> None:
        seen["requests"] += 1
        seen["puts"] += model.name == "PutItem"
        seen["units"] += parsed["ConsumedCapacity"]["CapacityUnits"]

    events = table.client().meta.events
    events.register("provide-client-params.dynamodb", ask)
    events.register("after-call.dynamodb", note)
    return seen


def _page(seen: Counter[str]) -> Counter[str]:
    seen.clear()
    answer = load("query_transactions").handler(_event(), SimpleNamespace(aws_request_id="request"))
    assert len(json.loads(answer["body"])) == _PAGE, answer
    return Counter(seen)


def _make_table(dynamodb: Any) -> None:
    properties = resources("AWS::DynamoDB::Table")["Table"]
    taken = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
    dynamodb.create_table(TableName="ledger", **{name: properties[name] for name in taken})


def _fill(dynamodb: Any, organization: str, records: int) -> None:
    puts = [
        {"PutRequest": {"Item": encode_item(transaction_items.item_of(_transaction(organization, number)))}}
        for number in range(records)
    ]
    for start in range(0, len(puts), _BATCH):
        dynamodb.batch_write_item(RequestItems={"ledger": puts[start : start + _BATCH]})


def _transaction(organization: str, number: int) -> Transaction:
    """A transaction with an id of constant length, since a page of longer ids costs more."""
    minutes, seconds = divmod(number, 60)
    hours, minutes = divmod(minutes, 60)
    moment = f"2026-06-01T{hours:02d}:{minutes:02d}:{seconds:02d}.000Z"
    sale = Sale("shopify", f"ORD-{10**6 + number}", 4218, 4999, "USD", moment)
    return Transaction(10**9 + number, organization, sale, "complete", moment, 1)


def _event() -> dict[str, Any]:
    path = "/siren/v1/transactions"
    return {
        "version": "2.0",
        "routeKey": f"GET {path}",
        "rawPath": path,
        "rawQueryString": f"number={_PAGE}",
        "queryStringParameters": {"number": str(_PAGE)},
        "headers": {"authorization": "Bearer sk_live_1"},
        "requestContext": {"requestId": "1", "stage": "$default", "http": {"method": "GET", "path": path}},
        "isBase64Encoded": False,
    }
