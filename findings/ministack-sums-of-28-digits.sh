#!/usr/bin/env bash
# ministack adds DynamoDB numbers with 28 digits.
#
# Package:   ministack 1.5.33, boto3 1.43.106
# Behaviour: A number of 38 digits is stored and read back whole. Adding 1 to it, by ADD or by SET n = n + :one,
#            rounds the sum to 28 digits without an error: 10^28 + 1 is 10^28.
# Guess:     Sums have 38 digits like stored numbers, since the emulator refuses a number of 39 digits. The limit is
#            the default precision of Python's decimal module, not one of DynamoDB.
# Seen:      stored: '10000000000000000000000000001'; by ADD: '10000000000000000000000000000'; by SET: the same;
#            10^27 + 1 by ADD: '1000000000000000000000000001'
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check \
    ministack==1.5.33 boto3==1.43.106 botocore==1.43.106

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


BIG = 10**28

with ministack() as endpoint:
    client = boto3.client("dynamodb", endpoint_url=endpoint)
    client.create_table(
        TableName="totals",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )
    key = {"id": {"S": "a"}}

    def put(number):
        client.put_item(TableName="totals", Item={**key, "n": {"N": str(number)}})
        return client.get_item(TableName="totals", Key=key)["Item"]["n"]["N"]

    def plus_one(number, expression):
        put(number)
        return client.update_item(
            TableName="totals",
            Key=key,
            UpdateExpression=expression,
            ExpressionAttributeValues={":one": {"N": "1"}},
            ReturnValues="ALL_NEW",
        )["Attributes"]["n"]["N"]

    expect("10^28 + 1 as stored", put(BIG + 1), str(BIG + 1))
    expect("38 digits as stored", put("1" * 38), "1" * 38)
    expect("10^28 + 1 by ADD", plus_one(BIG, "ADD n :one"), str(BIG))
    expect("10^28 + 1 by SET", plus_one(BIG, "SET n = n + :one"), str(BIG))
    expect("10^27 + 1 by ADD", plus_one(10**27, "ADD n :one"), str(10**27 + 1))
PYTHON
