"""SQS to a function: what the emulator does unpatched and this project relies on, and the two patches around it."""

import json
from concurrent.futures import ThreadPoolExecutor

from tests.local.lab import Lab, eventually

COLLECT = """
    def handler(event, context):
        tell([record["body"] for record in event["Records"]])
        failed = [record["messageId"] for record in event["Records"] if record["body"] == "bad"]
        return {"batchItemFailures": [{"itemIdentifier": identifier} for identifier in failed]}
"""


def test_only_the_reported_message_comes_again_and_ends_in_the_dead_letter_queue(lab: Lab) -> None:
    dead = lab.queue("-dead")
    redrive = json.dumps({"deadLetterTargetArn": dead, "maxReceiveCount": 2})
    queue = lab.queue(VisibilityTimeout="1", RedrivePolicy=redrive)
    lab.function(COLLECT)
    for body in ("good", "bad"):
        lab.client("sqs").send_message(QueueUrl=lab.url(queue), MessageBody=body)

    lab.mapping(queue, BatchSize=10)

    (message,) = eventually(lambda: lab.messages(dead))
    assert message["Body"] == "bad"
    assert sum(lab.told(), []).count("good") == 1
    assert sum(lab.told(), []).count("bad") == 2


def test_no_message_is_lost_while_others_are_taken_off_the_queue(lab: Lab) -> None:
    """Senders append while the poller rebuilds the list; without the lock some messages vanish."""
    queue = lab.queue()
    lab.function(COLLECT)
    lab.mapping(queue, BatchSize=10)
    sqs, url = lab.client("sqs"), lab.url(queue)
    sent = [str(number) for number in range(600)]

    with ThreadPoolExecutor(12) as senders:
        list(senders.map(lambda body: sqs.send_message(QueueUrl=url, MessageBody=body), sent))

    eventually(lambda: len(sum(lab.told(), [])) >= len(sent))
    assert sorted(sum(lab.told(), []), key=int) == sent
