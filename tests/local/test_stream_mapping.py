"""A DynamoDB stream reaches its function as on Lambda: partial answers, retries, bisecting, on-failure destinations."""

import json

import pytest

from tests.local.lab import Lab

COLLECT = """
    def handler(event, context):
        changes = [record["dynamodb"] for record in event["Records"]]
        note([change["Keys"]["pk"]["S"] for change in changes])
        failed = [change["SequenceNumber"] for change in changes if change["Keys"]["pk"]["S"] == "bad"]
        return {"batchItemFailures": [{"itemIdentifier": number} for number in failed]}
"""


@pytest.mark.shows("stream_mapping")
def test_it_resumes_at_the_reported_record(lab: Lab) -> None:
    stream = lab.table()
    lab.function(COLLECT)
    lab.put("a", "bad", "b")

    lab.mapping(stream, StartingPosition="TRIM_HORIZON", MaximumRetryAttempts=1)

    lab.eventually(lambda: len(lab.notes()) == 3)
    assert lab.notes() == [["a", "bad", "b"], ["bad", "b"], ["bad", "b"]]


@pytest.mark.shows("stream_mapping")
def test_a_bad_record_is_isolated_and_becomes_a_dead_letter_while_the_rest_pass(lab: Lab) -> None:
    stream, dead = lab.table(), lab.queue()
    lab.function(COLLECT)
    lab.put("a", "bad", "b")

    lab.mapping(
        stream,
        StartingPosition="TRIM_HORIZON",
        MaximumRetryAttempts=0,
        BisectBatchOnFunctionError=True,
        DestinationConfig={"OnFailure": {"Destination": dead}},
    )

    (message,) = lab.eventually(lambda: lab.messages(dead))
    shown = json.loads(message["Body"])
    assert shown["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert shown["DDBStreamBatchInfo"]["batchSize"] == 1
    assert "payload" not in shown
    lab.eventually(lambda: lab.notes()[-1] == ["b"])


def test_s3_gets_the_records_themselves_under_lambdas_path(lab: Lab) -> None:
    s3, stream = lab.client("s3"), lab.table()
    s3.create_bucket(Bucket=lab.name)
    lab.function("def handler(event, context): raise RuntimeError('no')")
    lab.put("a")

    mapping = lab.mapping(
        stream,
        StartingPosition="TRIM_HORIZON",
        MaximumRetryAttempts=0,
        DestinationConfig={"OnFailure": {"Destination": f"arn:aws:s3:::{lab.name}"}},
    )

    (found,) = lab.eventually(lambda: s3.list_objects_v2(Bucket=lab.name).get("Contents", []))
    assert found["Key"].startswith(f"aws/lambda/{mapping}/shardId-")
    shown = json.load(s3.get_object(Bucket=lab.name, Key=found["Key"])["Body"])
    assert json.loads(shown["payload"])["Records"][0]["dynamodb"]["Keys"] == {"pk": {"S": "a"}}
    assert set(shown) >= {"requestContext", "responseContext", "DDBStreamBatchInfo", "timestamp", "version"}


def test_records_older_than_the_limit_are_dropped(lab: Lab) -> None:
    stream, dead = lab.table(), lab.queue()
    lab.function("def handler(event, context): raise RuntimeError('no')")
    lab.put("a")

    lab.mapping(
        stream,
        StartingPosition="TRIM_HORIZON",
        MaximumRecordAgeInSeconds=1,
        DestinationConfig={"OnFailure": {"Destination": dead}},
    )

    (message,) = lab.eventually(lambda: lab.messages(dead))
    assert json.loads(message["Body"])["requestContext"]["condition"] == "RecordAgeExceeded"
