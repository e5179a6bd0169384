#!/usr/bin/env bash
# moto matches EventBridge patterns by Python's equality and cannot look into an array of objects.
#
# Package:   moto[events] 5.2.5, boto3 1.43.106
# Behaviour: The pattern [1] matches true, [0] matches false, and "numeric" > 0 matches true. A pattern for members
#            of an object never matches when the event has an array of such objects, not even an array of one.
# Guess:     true and 1 differ, since both sides are JSON. An array of objects matches when one element does, as
#            EventBridge documents for arrays. Arrays of plain values do work, so the gap stays hidden.
# Seen:      [1] against true: True; [0] against false: True; numeric > 0 against true: True; array of plain values:
#            True; one object: True; the same object in an array: False
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check "moto[events]==5.2.5" boto3==1.43.106 botocore==1.43.106

AWS_ACCESS_KEY_ID=demo AWS_SECRET_ACCESS_KEY=demo AWS_DEFAULT_REGION=us-east-1 venv/bin/python - <<'PYTHON'
import json

import boto3
from moto import mock_aws


def expect(name, seen, expected):
    if seen != expected:
        raise SystemExit(f"CHANGED {name}: {seen!r}, not {expected!r}")
    print(f"ok {name}: {seen!r}")


with mock_aws():
    events, sqs = boto3.client("events"), boto3.client("sqs")
    url = sqs.create_queue(QueueName="matched")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]

    def matches(pattern, detail):
        events.put_rule(Name="rule", EventPattern=json.dumps({"detail": pattern}))
        events.put_targets(Rule="rule", Targets=[{"Id": "1", "Arn": arn}])
        events.put_events(Entries=[{"Source": "shop", "DetailType": "sale", "Detail": json.dumps(detail)}])
        found = sqs.receive_message(QueueUrl=url).get("Messages", [])
        for message in found:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return bool(found)

    expect("[1] against true", matches({"paid": [1]}, {"paid": True}), True)
    expect("[0] against false", matches({"paid": [0]}, {"paid": False}), True)
    expect("numeric > 0 against true", matches({"paid": [{"numeric": [">", 0]}]}, {"paid": True}), True)
    expect('"1" against 1', matches({"paid": ["1"]}, {"paid": 1}), False)
    line = {"lines": {"sku": ["tea"], "quantity": [2]}}
    expect("array of plain values", matches({"skus": ["tea"]}, {"skus": ["mug", "tea"]}), True)
    expect("one object", matches(line, {"lines": {"sku": "tea", "quantity": 2}}), True)
    expect("the same object in an array", matches(line, {"lines": [{"sku": "tea", "quantity": 2}]}), False)
PYTHON
