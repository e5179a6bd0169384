#!/usr/bin/env bash
# moto ignores the ClientRequestToken of a transaction.
#
# Package:   moto 5.2.5, boto3 1.43.106
# Behaviour: A transaction sent twice under one token runs twice: the repeat of a guarded put is cancelled. Other
#            content under a used token is written.
# Guess:     The repeat is answered with success and writes nothing, and other content is refused with
#            IdempotentParameterMismatchException, as the API documents. moto declares that error and checks most
#            other rules of a transaction, so a test of retries appears to be covered.
# Seen:      repeat: ['ConditionalCheckFailed']; other content under one token: 'second'
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
    client = boto3.client("dynamodb")
    client.create_table(
        TableName="sales",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )

    def put(token, name, content, **condition):
        item = {"id": {"S": name}, "content": {"S": content}}
        action = {"Put": {"TableName": "sales", "Item": item, **condition}}
        client.transact_write_items(ClientRequestToken=token, TransactItems=[action])

    new = {"ConditionExpression": "attribute_not_exists(id)"}
    put("token-1", "a", "first", **new)
    try:
        put("token-1", "a", "first", **new)
        repeat = "answered with success"
    except client.exceptions.TransactionCanceledException as error:
        repeat = [reason["Code"] for reason in error.response["CancellationReasons"]]
    expect("repeat", repeat, ["ConditionalCheckFailed"])

    put("token-2", "b", "first")
    put("token-2", "b", "second")
    item = client.get_item(TableName="sales", Key={"id": {"S": "b"}})["Item"]
    expect("other content under one token", item["content"]["S"], "second")
PYTHON
