#!/usr/bin/env bash
# A transaction in moto takes time in proportion to the table.
#
# Package:   moto 5.2.5, boto3 1.43.106
# Behaviour: moto copies the whole table, with its stream, before each action of a transaction. Ten puts in one
#            transaction take many times longer after a thousand unrelated items were added. A plain put does not.
# Guess:     Items are in a dictionary, so a transaction costs the same in a small and in a large table. The plain
#            put behaves like that, and a slow suite is then blamed on the number of its tests.
# Seen:      transaction, after 1,000 more items: 70 times the time; plain put: 1.1 times (ratios vary)
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check moto==5.2.5 boto3==1.43.106 botocore==1.43.106

AWS_ACCESS_KEY_ID=demo AWS_SECRET_ACCESS_KEY=demo AWS_DEFAULT_REGION=us-east-1 venv/bin/python - <<'PYTHON'
import time

import boto3
from moto import mock_aws


def require(name, holds, seen):
    if not holds:
        raise SystemExit(f"CHANGED {name}: {seen}")
    print(f"ok {name}: {seen}")


with mock_aws():
    client = boto3.client("dynamodb")
    client.create_table(
        TableName="sales",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )

    def put(name):
        client.put_item(TableName="sales", Item={"id": {"S": name}})

    def transaction():
        actions = [{"Put": {"TableName": "sales", "Item": {"id": {"S": f"same-{n}"}}}} for n in range(10)]
        client.transact_write_items(TransactItems=actions)

    def processor_seconds(work):
        times = []
        for _ in range(3):
            start = time.process_time()
            work()
            times.append(time.process_time() - start)
        return min(times)

    def ten_puts():
        for n in range(10):
            put(f"same-{n}")

    ten_puts()
    transaction()
    small = processor_seconds(transaction), processor_seconds(ten_puts)
    for n in range(1000):
        put(f"other-{n}")
    large = processor_seconds(transaction), processor_seconds(ten_puts)
    grown, plain = large[0] / small[0], large[1] / small[1]
    require("transaction, after 1,000 more items", grown > 5, f"{grown:.1f} times the time")
    require("ten plain puts", plain < 3, f"{plain:.1f} times the time")
PYTHON
