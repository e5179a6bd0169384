"""Moving a consumer's dead letters back to its queue, on AWS and on the local stack.

Consumers reconcile, so a message that arrives twice changes nothing: each is sent first and deleted afterwards."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import boto3

#: Messages per receive, and seconds it waits: without a wait only some of SQS's hosts are asked.
_MOST, _WAIT = 10, 1
# Seconds, longer than any run.
_HIDDEN = 3600


class Queues(NamedTuple):
    """The URLs of a consumer's queue and of its dead letters."""

    queue: str
    dead_letters: str


def queues_of(stack: str, function: str) -> Queues:
    """The queues of a consumer, by its folder below `functions`."""
    name = "".join(word.capitalize() for word in function.split("_"))
    resources = boto3.client("cloudformation")

    def url(part: str) -> str:
        found = resources.describe_stack_resource(StackName=stack, LogicalResourceId=name + part)
        return str(found["StackResourceDetail"]["PhysicalResourceId"])

    return Queues(url("Queue"), url("DeadLetters"))


def run(queues: Queues) -> Counter[str]:
    """Move every dead letter; return their causes with counts. All are received first, since what fails again at once
    comes back to the same queue."""
    sqs = boto3.client("sqs")
    causes = Counter[str]()
    for message in list(_received(sqs, queues.dead_letters)):
        sqs.send_message(QueueUrl=queues.queue, MessageBody=message["Body"])
        sqs.delete_message(QueueUrl=queues.dead_letters, ReceiptHandle=message["ReceiptHandle"])
        causes[_cause(message)] += 1
    return causes


def _received(sqs: Any, url: str) -> Iterator[Mapping[str, Any]]:
    asked = {"MaxNumberOfMessages": _MOST, "WaitTimeSeconds": _WAIT, "VisibilityTimeout": _HIDDEN}
    while found := sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"], **asked).get("Messages"):
        yield from found


def _cause(message: Mapping[str, Any]) -> str:
    """Code and reason that the consumer gave; what the bus could not deliver has other attributes."""
    given = {name: it["StringValue"] for name, it in message.get("MessageAttributes", {}).items()}
    named = (given.get("code") or given.get("ERROR_CODE"), given.get("reason") or given.get("ERROR_MESSAGE"))
    return ": ".join(it for it in named if it) or "no cause given"
