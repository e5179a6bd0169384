"""Closing hours of the past again, on AWS and on the local stack: after a first deployment or a repaired mistake.

A closing may be repeated, so a command that was interrupted is run again."""

import json
from collections.abc import Iterable

import boto3


def run(queue: str, organizations: Iterable[str], start: str, end: str) -> None:
    """Send a message per organization, which the function splits into its hours."""
    sqs = boto3.client("sqs")
    for name in organizations:
        detail = {"organization": name, "from": start, "to": end}
        event = {"id": f"statistics-{name}", "source": "operate", "detail-type": "Statistics", "detail": detail}
        sqs.send_message(QueueUrl=queue, MessageBody=json.dumps(event))
