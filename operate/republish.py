"""Announcing again what the relay could not publish before it was too old.

The bucket holds the stream batches. Each record is read from the table as it is now and handed to the relay as if it
were new, since only the relay may speak for Tributary on the bus; its events then tell the present state, and
consumers converge on it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3

from tributary.ledger import table
from tributary.ledger.values import encode_item

_PREFIX = "aws/lambda/"


@dataclass(frozen=True)
class Republished:
    """How many records of how many batches were announced, and how many batches were not and stay in the bucket."""

    records: int
    batches: int
    failed: int


def run(bucket: str, relay_function: str) -> Republished:
    """Works through the bucket; a batch that was announced is deleted from it."""
    store, functions = boto3.client("s3"), boto3.client("lambda")
    records = batches = failed = 0
    for name in _objects(store, bucket):
        held = json.loads(store.get_object(Bucket=bucket, Key=name)["Body"].read())
        present = [_record(place, item) for place, item in enumerate(_present(held))]
        if not _announce(functions, relay_function, present):
            failed += 1
            continue
        store.delete_object(Bucket=bucket, Key=name)
        records, batches = records + len(present), batches + 1
    return Republished(records, batches, failed)


def _objects(store: Any, bucket: str) -> Iterator[str]:
    for page in store.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=_PREFIX):
        yield from (found["Key"] for found in page.get("Contents", ()))


def _present(held: dict[str, Any]) -> list[dict[str, Any]]:
    """The items of a batch as they are in the table now, each once."""
    payload = held["payload"]
    batch = json.loads(payload) if isinstance(payload, str) else payload
    keys = [record["dynamodb"]["Keys"] for record in batch["Records"]]
    return list(table.batch_get((key["pk"]["S"], key["sk"]["S"]) for key in keys).values())


def _record(place: int, item: dict[str, Any]) -> dict[str, Any]:
    return {"eventName": "INSERT", "dynamodb": {"SequenceNumber": str(place), "NewImage": encode_item(item)}}


def _announce(functions: Any, relay_function: str, records: list[dict[str, Any]]) -> bool:
    if not records:
        return True
    answer = functions.invoke(FunctionName=relay_function, Payload=json.dumps({"Records": records}).encode())
    result = json.loads(answer["Payload"].read())
    return "FunctionError" not in answer and not result["batchItemFailures"]
