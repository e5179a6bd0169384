"""Messages to SQS queues, without what reads them: functions of the API send some too."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from tributary import aws


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
