"""The template's tables, bus, schedules and queues in moto, with the demo organization."""

import functools
from collections.abc import Iterable, Mapping
from typing import Any
from unittest import mock

import boto3
from moto.core import DEFAULT_ACCOUNT_ID as ACCOUNT
from moto.dynamodb.models import dynamodb_backends
from moto.kms.models import kms_backends

from local import seed
from tests.stack.exchange import Item
from tests.stack.moto_state import MotoState
from tests.template import resources
from tributary.domain import times
from tributary.ledger.organization import api_keys

TABLE, REPEATS, DELIVERIES, BUS = "Table", "IdempotencyTable", "DeliveriesTable", "Bus"
#: The schedules of reminders, and of attempts at webhooks.
GROUP, RETRIES = "Reminders", "Retries"
KEY = "SealingKey"
REGION = "us-east-1"
resources_of = functools.cache(resources)


@functools.cache
def client(service: str) -> Any:
    return boto3.client(service, region_name=REGION)


_furnishings: list[tuple[Item, MotoState]] = []


#: The real clock: the first stack of a process may be made while a test has another.
_now = times.now


def furnished() -> Item:
    """The demo organization, with ledger, bus, schedules and queues.

    All are made once; later stacks get a copy."""
    if _furnishings:
        organization, state = _furnishings[0]
        state.restore()
    else:
        _make_tables()
        queues()
        with mock.patch.object(times, "now", _now):
            organization = seed.seed(client("dynamodb"), TABLE)
            with seed._ledger_at(client("dynamodb"), TABLE):
                note_use(organization["keys"].values())
        _furnishings.append((organization, MotoState.now(REGION)))
    return dict(organization)


def note_use(keys: Iterable[str]) -> None:
    """Note the keys' use today: every later day would add a write to the first request."""
    for key in keys:
        api_keys.note_use(key, api_keys.principal(key), times.now())


def _make_tables() -> None:
    properties = resources_of("AWS::DynamoDB::Table")[TABLE]
    stream = {"StreamEnabled": True, **properties["StreamSpecification"]}
    taken = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
    shape = {name: properties[name] for name in taken}
    client("events").create_event_bus(Name=BUS)
    for group in (GROUP, RETRIES):
        client("scheduler").create_schedule_group(Name=group)
    client("dynamodb").create_table(TableName=TABLE, StreamSpecification=stream, **shape)
    for passing in (REPEATS, DELIVERIES):
        properties = resources_of("AWS::DynamoDB::Table")[passing]
        shape = {name: properties[name] for name in taken if name in properties}
        client("dynamodb").create_table(TableName=passing, **shape)


@functools.cache
def queues() -> dict[str, str]:
    """Make the queues; return the URL of each by name."""
    sqs = client("sqs")
    return {name: sqs.create_queue(QueueName=name)["QueueUrl"] for name in resources_of("AWS::SQS::Queue")}


def sealing_key() -> str:
    """The id of the key of this moto, made at its first use."""
    kept = kms_backends[ACCOUNT][REGION].keys  # read at each invocation, so not through the API
    return str(next(iter(kept), None) or client("kms").create_key()["KeyMetadata"]["KeyId"])


def messages_in(url: str) -> list[Mapping[str, str]]:
    """All messages of a queue, without removing them."""
    asked = {"MaxNumberOfMessages": 10, "MessageAttributeNames": ["All"], "VisibilityTimeout": 0}
    found = client("sqs").receive_message(QueueUrl=url, **asked).get("Messages", ())
    return [
        {"body": message["Body"], **{name: it["StringValue"] for name, it in message["MessageAttributes"].items()}}
        for message in found
    ]


def moto_table() -> Any:
    """moto's own table, since the API takes moto ten times as long."""
    return dynamodb_backends[ACCOUNT][REGION].get_table(TABLE)


def stream() -> list[Item]:
    """All changes since the table was made."""
    return [change.record for change in moto_table().stream_shard.items]
