#!/usr/bin/env bash
# moto stores a DynamoDB number as it is spelled.
#
# Package:   moto 5.2.5, boto3 1.43.106
# Behaviour: An attribute of type N comes back as it was sent: "+1", "01" and "1e0" stay, and 39 digits are taken. A
#            number set holds 1 and 1.0 side by side. As a sort key the five spellings are one item.
# Guess:     Numbers are normalised and limited to 38 digits, as DynamoDB documents. The guess seems safe because
#            moto compares numbers by value everywhere else: keys, conditions and queries treat 1 and 1.0 as equal.
# Seen:      n: ['1', '1.0', '01', '1e0', '+1']; digits stored: 39; set: ['1', '1.0']; items: 1
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check moto==5.2.5 boto3==1.43.106 botocore==1.43.106

AWS_ACCESS_KEY_ID=demo AWS_SECRET_ACCESS_KEY=demo AWS_DEFAULT_REGION=us-east-1 venv/bin/python - <<'PYTHON'
import boto3
from moto import mock_aws

SPELLINGS = ["1", "1.0", "01", "1e0", "+1"]


def expect(name, seen, expected):
    if seen != expected:
        raise SystemExit(f"CHANGED {name}: {seen!r}, not {expected!r}")
    print(f"ok {name}: {seen!r}")


with mock_aws():
    client = boto3.client("dynamodb")
    client.create_table(
        TableName="numbers",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "place", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": "id", "AttributeType": "S"},
            {"AttributeName": "place", "AttributeType": "N"},
        ],
    )

    def stored(place, value):
        key = {"id": {"S": "a"}, "place": {"N": place}}
        client.put_item(TableName="numbers", Item={**key, "value": value})
        return client.get_item(TableName="numbers", Key=key)["Item"]["value"]

    expect("n", [stored(spelling, {"N": spelling})["N"] for spelling in SPELLINGS], SPELLINGS)
    expect("items", client.scan(TableName="numbers")["Count"], 1)
    expect("digits stored", len(stored("2", {"N": "1" * 39})["N"]), 39)
    expect("set", stored("3", {"NS": ["1", "1.0"]})["NS"], ["1", "1.0"])
PYTHON
