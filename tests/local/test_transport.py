"""Under AUTH=true a queue that refuses requests without TLS is of use."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.emulator_process import EmulatorProcess
from tests.local.lab import Lab


@pytest.fixture(scope="module")
def emulator(left_out: str | None) -> Iterator[EmulatorProcess]:
    """An emulator with authorization, in place of the one that allows everything."""
    started = EmulatorProcess.start(auth=True, left_out=[left_out] if left_out else [])
    yield started
    started.stop()


@pytest.mark.shows("local_transport")
def test_requests_of_this_machine_count_as_sent_over_tls(lab: Lab) -> None:
    sqs, queue = lab.client("sqs"), lab.queue("-tls")
    url = sqs.get_queue_url(QueueName=queue.rpartition(":")[2])["QueueUrl"]
    only_tls = {"Effect": "Deny", "Principal": "*", "Action": "sqs:SendMessage", "Resource": queue}
    only_tls |= {"Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [only_tls]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})

    assert sent(sqs, url) == "taken"


def sent(sqs: Any, url: str) -> str:
    """Send a message; return `taken` or the refusal's code."""
    try:
        sqs.send_message(QueueUrl=url, MessageBody="any")
    except ClientError as refusal:
        return str(refusal.response["Error"]["Code"])
    return "taken"
