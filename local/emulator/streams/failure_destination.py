"""Sends a stream mapping's discarded batches to its destination with the function's permissions, as Lambda does.

The record names the batch; only S3 gets the batch itself, as text in `payload`."""

import json
import os
import time
import uuid
from typing import Any

import boto3
from ministack.core.arn import parse_arn
from ministack.core.lambda_runtime import execution_credentials
from ministack.services import sqs

from local.emulator.streams.stream_batches import Discarded, created_at

SHARD = "shardId-00000000000000000000-00000000"


def send(mapping: dict[str, Any], function: dict[str, Any], discarded: Discarded) -> None:
    destination = mapping.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
    if not destination:
        return
    record = _record(mapping, function["config"], discarded)
    if parse_arn(destination).service == "s3":
        _put_object(mapping, function["config"], destination, {**record, "payload": _payload(discarded)})
    else:
        _send_message(function["config"], destination, record)


def _put_object(mapping: dict[str, Any], config: dict[str, Any], bucket_arn: str, record: dict[str, Any]) -> None:
    day_and_time = time.strftime("%Y/%m/%d/%Y-%m-%dT%H.%M.%S", time.gmtime())
    key = f"aws/lambda/{mapping['UUID']}/{SHARD}/{day_and_time}-{uuid.uuid4()}"
    _client("s3", config).put_object(Bucket=bucket_arn.rpartition(":")[2], Key=key, Body=json.dumps(record).encode())


def _send_message(config: dict[str, Any], queue_arn: str, record: dict[str, Any]) -> None:
    url = sqs._queue_url(parse_arn(queue_arn).resource)
    _client("sqs", config).send_message(QueueUrl=url, MessageBody=json.dumps(record))


def _client(service: str, config: dict[str, Any]) -> Any:
    credentials = execution_credentials(config)
    return boto3.client(
        service,
        endpoint_url=f"http://127.0.0.1:{os.environ['GATEWAY_PORT']}",
        region_name=parse_arn(config["FunctionArn"]).region,
        aws_access_key_id=credentials["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=credentials["AWS_SECRET_ACCESS_KEY"],
        aws_session_token=credentials["AWS_SESSION_TOKEN"] or None,
    )


def _payload(discarded: Discarded) -> str:
    return json.dumps({"Records": discarded.batch.records})


def _record(mapping: dict[str, Any], config: dict[str, Any], discarded: Discarded) -> dict[str, Any]:
    first, last = discarded.batch.records[0], discarded.batch.records[-1]
    return {
        "requestContext": {
            "requestId": str(uuid.uuid4()),
            "functionArn": config["FunctionArn"],
            "condition": discarded.condition,
            "approximateInvokeCount": max(1, discarded.batch.retries),
        },
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
        "version": "1.0",
        "timestamp": _time(time.time()),
        "DDBStreamBatchInfo": {
            "shardId": SHARD,
            "startSequenceNumber": first["dynamodb"]["SequenceNumber"],
            "endSequenceNumber": last["dynamodb"]["SequenceNumber"],
            "approximateArrivalOfFirstRecord": _time(created_at(first)),
            "approximateArrivalOfLastRecord": _time(created_at(last)),
            "batchSize": len(discarded.batch.records),
            "streamArn": mapping["EventSourceArn"],
        },
    }


def _time(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
