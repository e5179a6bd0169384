#!/usr/bin/env bash
# moto reports the end of a Query when Limit equals the number of items.
#
# Package:   moto 5.2.5, ministack 1.5.33, boto3 1.43.106
# Behaviour: A Query with Limit 3 over three items has no LastEvaluatedKey in moto. ministack, another emulator,
#            returns one, and a second request then finds nothing.
# Guess:     Limit stops the read before the end is known, so the answer has a LastEvaluatedKey, as DynamoDB
#            documents for a page that is full. Code that takes a missing key for "no more pages" passes in moto
#            either way; code that counts requests or shows a "next" link does not behave the same.
# Seen:      moto: no LastEvaluatedKey; ministack: LastEvaluatedKey, then 0 items
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check \
    moto==5.2.5 ministack==1.5.33 boto3==1.43.106 botocore==1.43.106

AWS_ACCESS_KEY_ID=demo AWS_SECRET_ACCESS_KEY=demo AWS_DEFAULT_REGION=us-east-1 venv/bin/python - <<'PYTHON'
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import boto3
from moto import mock_aws


def expect(name, seen, expected):
    if seen != expected:
        raise SystemExit(f"CHANGED {name}: {seen!r}, not {expected!r}")
    print(f"ok {name}: {seen!r}")


@contextlib.contextmanager
def ministack():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {"GATEWAY_PORT": str(port), "BIND_HOST": "127.0.0.1", "TMPDIR": os.getcwd()}
    with open("ministack.log", "w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "ministack"],
            env=os.environ | settings,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        for _ in range(300):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_ministack/health").close()
                break
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def pages(client):
    """Item counts of the pages, and the presence of a key after the first."""
    client.create_table(
        TableName="sales",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "line", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": "id", "AttributeType": "S"},
            {"AttributeName": "line", "AttributeType": "N"},
        ],
    )
    for line in range(3):
        client.put_item(TableName="sales", Item={"id": {"S": "a"}, "line": {"N": str(line)}})
    query = {
        "TableName": "sales",
        "KeyConditionExpression": "id = :id",
        "ExpressionAttributeValues": {":id": {"S": "a"}},
        "Limit": 3,
    }
    counts, place = [], {}
    while True:
        answer = client.query(**query, **place)
        counts.append(answer["Count"])
        if "LastEvaluatedKey" not in answer:
            return counts
        place = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}


with mock_aws():
    expect("items per page in moto", pages(boto3.client("dynamodb")), [3])
with ministack() as endpoint:
    expect("items per page in ministack", pages(boto3.client("dynamodb", endpoint_url=endpoint)), [3, 0])
PYTHON
