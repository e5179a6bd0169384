#!/usr/bin/env bash
# ministack deletes a whole SQS batch when a partial answer names no message of it.
#
# Package:   ministack 1.5.33, boto3 1.43.106
# Behaviour: With ReportBatchItemFailures, a function reports the failed id "". Both messages of the batch are
#            deleted, and the mapping counts two successes. An id outside the batch has the same effect. A right id
#            is honoured.
# Guess:     An empty or unknown id fails the whole batch, as Lambda documents, since nobody can say what succeeded.
#            The right id does work, so a handler with a misspelled field passes local tests and repeats batches on
#            AWS.
# Seen:      right id: delivered again ['a']; empty id: []; unknown id: []
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check \
    ministack==1.5.33 boto3==1.43.106 botocore==1.43.106

AWS_ACCESS_KEY_ID=demo AWS_SECRET_ACCESS_KEY=demo AWS_DEFAULT_REGION=us-east-1 venv/bin/python - <<'PYTHON'
import contextlib
import io
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile

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


CODE = """
def right(event, context):
    return {"batchItemFailures": [{"itemIdentifier": r["messageId"]} for r in event["Records"] if r["body"] == "a"]}

def empty(event, context):
    return {"batchItemFailures": [{"itemIdentifier": ""}]}

def unknown(event, context):
    return {"batchItemFailures": [{"itemIdentifier": "0000"}]}
"""

archive = io.BytesIO()
with zipfile.ZipFile(archive, "w") as file:
    file.writestr("app.py", CODE)

with ministack() as endpoint:
    awslambda, sqs = (boto3.client(name, endpoint_url=endpoint) for name in ("lambda", "sqs"))

    def delivered_again(handler):
        """The bodies of two messages, a and b, still in the queue after one invocation."""
        url = sqs.create_queue(QueueName=handler, Attributes={"VisibilityTimeout": "3"})["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": body, "MessageBody": body} for body in "ab"])
        awslambda.create_function(
            FunctionName=handler,
            Runtime=f"python3.{sys.version_info.minor}",
            Handler=f"app.{handler}",
            Role="arn:aws:iam::000000000000:role/demo",
            Code={"ZipFile": archive.getvalue()},
        )
        mapping = awslambda.create_event_source_mapping(
            FunctionName=handler, EventSourceArn=arn, FunctionResponseTypes=["ReportBatchItemFailures"]
        )["UUID"]
        for _ in range(300):
            result = awslambda.get_event_source_mapping(UUID=mapping)["LastProcessingResult"]
            if result.startswith("OK"):
                break
            time.sleep(0.1)
        awslambda.update_event_source_mapping(UUID=mapping, Enabled=False)
        print(f"   {handler}: {result}")
        time.sleep(4)
        found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        return sorted(message["Body"] for message in found)

    expect("delivered again for the right id", delivered_again("right"), ["a"])
    expect("delivered again for an empty id", delivered_again("empty"), [])
    expect("delivered again for an unknown id", delivered_again("unknown"), [])
PYTHON
