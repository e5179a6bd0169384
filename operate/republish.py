"""Republishing changes that the relay could not announce in time, or sent to the dead-letter queue.

The bucket holds stream batches, the queue single records. Each record is read from the table and handed to the relay as
if new, since only the relay may speak for Tributary on the bus. Its events then report the present state; consumers
reconcile with it."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import boto3

from tributary.ledger.store import table
from tributary.ledger.store.values import encode_item

_PREFIX = "aws/lambda/"
#: Messages per receive, and seconds it waits: without a wait only some of SQS's hosts are asked.
_MOST, _WAIT = 10, 1
# Seconds, longer than any run; messages left over become visible again at once.
_HIDDEN = 3600


@dataclass(frozen=True)
class Republished:
    """Counts: records and batches that the relay took, and batches that it did not, which remain stored."""

    records: int
    batches: int
    failed: int


@dataclass(frozen=True)
class _Message:
    key: table.Key
    receipt: str


def run(bucket: str, queue_url: str, relay_function: str) -> Republished:
    """Works through the queue and the bucket, and deletes announced entries. The relay sends unannounceable ones to the
    dead-letter queue again, for a later run."""
    functions = boto3.client("lambda")
    done = [*_queue(functions, queue_url, relay_function), *_bucket(functions, bucket, relay_function)]
    announced = [records for records in done if records is not None]
    return Republished(sum(announced), len(announced), len(done) - len(announced))


def _bucket(functions: Any, bucket: str, relay_function: str) -> Iterator[int | None]:
    """The number of announced records per object, None if the relay failed."""
    store = boto3.client("s3")
    for name in _objects(store, bucket):
        held = json.loads(store.get_object(Bucket=bucket, Key=name)["Body"].read())
        present = _present(_keys(held))
        if announced := _announce(functions, relay_function, present):
            store.delete_object(Bucket=bucket, Key=name)
        yield len(present) if announced else None


def _queue(functions: Any, url: str, relay_function: str) -> Iterator[int | None]:
    """As for the bucket, per ten messages. All are received first, since new dead letters are appended."""
    queue = boto3.client("sqs")
    for messages in list(_receipts(queue, url)):
        present = _present(message.key for message in messages)
        announced = _announce(functions, relay_function, present)
        for message in messages:
            if announced:
                queue.delete_message(QueueUrl=url, ReceiptHandle=message.receipt)
            else:
                queue.change_message_visibility(QueueUrl=url, ReceiptHandle=message.receipt, VisibilityTimeout=0)
        yield len(present) if announced else None


def _objects(store: Any, bucket: str) -> Iterator[str]:
    for page in store.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=_PREFIX):
        yield from (found["Key"] for found in page.get("Contents", ()))


def _receipts(queue: Any, url: str) -> Iterator[Sequence[_Message]]:
    asked = {"MaxNumberOfMessages": _MOST, "WaitTimeSeconds": _WAIT, "VisibilityTimeout": _HIDDEN}
    while found := queue.receive_message(QueueUrl=url, **asked).get("Messages"):
        yield [_Message(_key(json.loads(message["Body"])), message["ReceiptHandle"]) for message in found]


def _keys(held: dict[str, Any]) -> list[table.Key]:
    payload = held["payload"]
    batch = json.loads(payload) if isinstance(payload, str) else payload
    return [_key(record) for record in batch["Records"]]


def _key(record: dict[str, Any]) -> table.Key:
    keys = record["dynamodb"]["Keys"]
    return keys["pk"]["S"], keys["sk"]["S"]


def _present(keys: Iterable[table.Key]) -> list[dict[str, Any]]:
    """The records as in the table now, each once, as if new."""
    return [_record(place, item) for place, item in enumerate(table.batch_get(keys).values())]


def _record(place: int, item: dict[str, Any]) -> dict[str, Any]:
    """The keys lead back here if the record becomes a dead letter again."""
    keys = encode_item({name: item[name] for name in ("pk", "sk")})
    images = {"Keys": keys, "NewImage": encode_item(item)}
    return {"eventName": "INSERT", "dynamodb": {"SequenceNumber": str(place), **images}}


def _announce(functions: Any, relay_function: str, records: list[dict[str, Any]]) -> bool:
    if not records:
        return True
    answer = functions.invoke(FunctionName=relay_function, Payload=json.dumps({"Records": records}).encode())
    result = json.loads(answer["Payload"].read())
    return "FunctionError" not in answer and not result["batchItemFailures"]
