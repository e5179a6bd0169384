#!/usr/bin/env bash
# moto adds a stream record for a write without a change.
#
# Package:   moto 5.2.5, boto3 1.43.106
# Behaviour: A put of the item already stored, and an update to the value already stored, each add a MODIFY record
#            with equal images. A delete of a missing item adds none.
# Guess:     A write without a change adds no record, as DynamoDB Streams documents. The delete case follows that
#            rule, and a consumer tested with moto therefore appears to loop on its own writes.
# Seen:      records of an equal put: ['MODIFY']; of an equal update: ['MODIFY']; images equal: True; records of a
#            delete of nothing: []
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check moto==5.2.5 boto3==1.43.106 botocore==1.43.106

AWS_ACCESS_KEY_ID=demo AWS_SECRET_ACCESS_KEY=demo AWS_DEFAULT_REGION=us-east-1 venv/bin/python - <<'PYTHON'
import boto3
from moto import mock_aws


def expect(name, seen, expected):
    if seen != expected:
        raise SystemExit(f"CHANGED {name}: {seen!r}, not {expected!r}")
    print(f"ok {name}: {seen!r}")


with mock_aws():
    table, streams = boto3.client("dynamodb"), boto3.client("dynamodbstreams")
    description = table.create_table(
        TableName="sales",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )["TableDescription"]
    arn = description["LatestStreamArn"]
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    place = {"StreamArn": arn, "ShardId": shard, "ShardIteratorType": "LATEST"}

    def records_of(write):
        iterator = streams.get_shard_iterator(**place)["ShardIterator"]
        write()
        return streams.get_records(ShardIterator=iterator)["Records"]

    def names(records):
        return [record["eventName"] for record in records]

    key, item = {"id": {"S": "a"}}, {"id": {"S": "a"}, "amount": {"N": "5"}}
    table.put_item(TableName="sales", Item=item)
    put = records_of(lambda: table.put_item(TableName="sales", Item=item))
    update = records_of(
        lambda: table.update_item(
            TableName="sales",
            Key=key,
            UpdateExpression="SET amount = :amount",
            ExpressionAttributeValues={":amount": {"N": "5"}},
        )
    )
    delete = records_of(lambda: table.delete_item(TableName="sales", Key={"id": {"S": "missing"}}))
    expect("records of an equal put", names(put), ["MODIFY"])
    expect("records of an equal update", names(update), ["MODIFY"])
    images = [(record["dynamodb"]["OldImage"], record["dynamodb"]["NewImage"]) for record in put + update]
    expect("images equal", all(old == new for old, new in images), True)
    expect("records of a delete of nothing", names(delete), [])
PYTHON
