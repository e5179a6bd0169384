"""Messages to SQS queues, without what reads them: functions of the API send some too."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from tributary import aws

#: Messages that one call sends.
_MAX_BATCH = 10
_TRIES = 3


class Unsent(Exception):
    """Messages that SQS did not take; a retry sends all of them again."""


@cache
def sqs() -> Any:
    """The process's SQS client."""
    return aws.client("sqs")


def send(queue_url: str, bodies: Iterable[str]) -> None:
    """Send messages to a queue in order; a retry after a failure sends all of them again."""
    for body in bodies:
        sqs().send_message(QueueUrl=queue_url, MessageBody=body)


def send_later(queue_url: str, body: str, group: str, seconds: int) -> None:
    """Send a message that appears after up to fifteen minutes. A queue serves its groups fairly: one with many or slow
    messages delays no other."""
    sqs().send_message(QueueUrl=queue_url, MessageBody=body, MessageGroupId=group, DelaySeconds=seconds)


def send_together(queue_url: str, messages: Sequence[tuple[str, str]]) -> None:
    """Send small messages, each with its group, ten in a call. Unsent if some are still refused after further tries."""
    for start in range(0, len(messages), _MAX_BATCH):
        _send_batch(queue_url, messages[start : start + _MAX_BATCH])


def _send_batch(queue_url: str, messages: Sequence[tuple[str, str]]) -> None:
    left = [
        {"Id": str(place), "MessageBody": body, "MessageGroupId": group} for place, (body, group) in enumerate(messages)
    ]
    for _ in range(_TRIES):
        answer = sqs().send_message_batch(QueueUrl=queue_url, Entries=left)
        refused = {it["Id"] for it in answer.get("Failed", ())}
        left = [it for it in left if it["Id"] in refused]
        if not left:
            return
    raise Unsent(f"{len(left)} messages")
