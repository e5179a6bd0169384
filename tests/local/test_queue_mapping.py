"""SQS to a function: behaviour of the unpatched emulator that this project relies on, and two patches."""

import json
import os
import subprocess

import pytest

from local.paths import EMULATOR_PYTHON, ROOT
from tests.local.lab import Lab

COLLECT = """
    def handler(event, context):
        for record in event["Records"]:
            note(record["body"])
        failed = [record["messageId"] for record in event["Records"] if record["body"] == "bad"]
        return {"batchItemFailures": [{"itemIdentifier": identifier} for identifier in failed]}
"""


def test_only_the_reported_message_is_received_again_and_becomes_a_dead_letter(lab: Lab) -> None:
    dead = lab.queue("-dead")
    redrive = json.dumps({"deadLetterTargetArn": dead, "maxReceiveCount": 2})
    queue = lab.queue(VisibilityTimeout="2", RedrivePolicy=redrive)
    lab.function(COLLECT)
    lab.invoke({"Records": []})  # a slow first start must not outlast the visibility timeout
    for body in ("good", "bad"):
        lab.client("sqs").send_message(QueueUrl=lab.url(queue), MessageBody=body)

    lab.mapping(queue, BatchSize=10)

    (message,) = lab.eventually(lambda: lab.messages(dead))
    assert message["Body"] == "bad"
    assert lab.notes().count("good") == 1
    assert lab.notes().count("bad") == 2


# A queue whose list waits, when all of it was looked at, for a sender that comes before the new one is in its place.
RACE = """
import sys, threading
from ministack.services import sqs
from local.emulator import patches

class Rebuilt(list):
    def __iter__(self):
        yield from super().__iter__()
        if not sender.ident:
            sender.start()
            sender.join(0.3)

patches.apply(sys.argv[1:])
url = sqs._HANDLERS["CreateQueue"]({"QueueName": "q"}, "")["QueueUrl"]
send = sqs._HANDLERS["SendMessage"]
send({"MessageBody": "first"}, url)
sender = threading.Thread(target=send, args=({"MessageBody": "second"}, url))
queue = sqs._get_q(url)
queue["messages"] = Rebuilt(queue["messages"])
sqs._delete_messages_for_esm(url, {"none"})
sender.join()
print([message["body"] for message in queue["messages"]])
"""


@pytest.mark.shows("message_lock")
def test_a_message_that_arrives_while_others_are_removed_is_kept(left_out: str | None) -> None:
    """Too rare to provoke over HTTP, so it is staged in the emulator's own interpreter."""
    environment = {"GATEWAY_PORT": "1", "PATH": os.environ["PATH"]}
    staged = subprocess.run(
        [EMULATOR_PYTHON, "-c", RACE, *([left_out] if left_out else [])],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert staged.stdout.strip() == "['first', 'second']", staged.stderr
