#!/usr/bin/env bash
# botocore repeats a write for TransactionInProgressException and not for TransactionConflictException.
#
# Package:   botocore 1.43.106
# Behaviour: With two attempts allowed, PutItem is sent twice after TransactionInProgressException and once after
#            TransactionConflictException, in all three retry modes. ReplicatedWriteConflictException is repeated in
#            the modes standard and adaptive.
# Guess:     Both errors name a passing conflict with a transaction, so both are repeated or neither is. DynamoDB
#            answers a single write in the way of a transaction with the one left out, so the caller needs a loop of
#            its own.
# Seen:      conflict: [1, 1, 1]; in progress: [2, 2, 2]; replicated write conflict: [1, 2, 2] (legacy, standard,
#            adaptive)
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check botocore==1.43.106

AWS_ACCESS_KEY_ID=demo AWS_SECRET_ACCESS_KEY=demo venv/bin/python - <<'PYTHON'
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError

sent = []


def expect(name, seen, expected):
    if seen != expected:
        raise SystemExit(f"CHANGED {name}: {seen!r}, not {expected!r}")
    print(f"ok {name}: {seen!r}")


class Refusing(BaseHTTPRequestHandler):
    """Answers every request with the error named by its table."""

    def do_POST(self):
        code = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["TableName"]
        sent.append(code)
        body = json.dumps({"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "refused"}).encode()
        self.send_response(400)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
threading.Thread(target=server.serve_forever, daemon=True).start()


def requests(mode, code):
    client = botocore.session.get_session().create_client(
        "dynamodb",
        region_name="us-east-1",
        endpoint_url=f"http://127.0.0.1:{server.server_port}",
        config=Config(retries={"mode": mode, "total_max_attempts": 2}),
    )
    sent.clear()
    try:
        client.put_item(TableName=code, Item={"id": {"S": "a"}})
    except ClientError as error:
        assert error.response["Error"]["Code"] == code
    return len(sent)


def in_each_mode(code):
    return [requests(mode, code) for mode in ("legacy", "standard", "adaptive")]


expect("ThrottlingException", in_each_mode("ThrottlingException"), [2, 2, 2])
expect("TransactionInProgressException", in_each_mode("TransactionInProgressException"), [2, 2, 2])
expect("ReplicatedWriteConflictException", in_each_mode("ReplicatedWriteConflictException"), [1, 2, 2])
expect("TransactionConflictException", in_each_mode("TransactionConflictException"), [1, 1, 1])
PYTHON
