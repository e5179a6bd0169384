"""One-time schedules of EventBridge Scheduler: each sends a message to the function's queue of them, then is deleted.

Creating an existing schedule and deleting a missing one succeed."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from botocore.exceptions import ClientError

from tributary import aws, settings
from tributary.domain import times
from tributary.ledger.store.trace import current_trace


@cache
def client() -> Any:
    """The process's EventBridge Scheduler client."""
    return aws.client("scheduler")


def create(name: str, at: str, organization: str, data: Mapping[str, Any]) -> None:
    """Schedule a reminder with ids of an organization. `at` is in the future: Scheduler refuses past times."""
    metadata = {"id": name, "organization": organization, **(current_trace() or {})}
    message = {"detail-type": "Reminder", "source": "tributary", "detail": {"metadata": metadata, "data": data}}
    send_at(name, at, aws.message_text(message))


def send_at(name: str, at: str, body: str) -> None:
    """Schedule a message of any content, in the future."""
    target = {
        "Arn": settings.scheduled_queue_arn(),
        "RoleArn": settings.schedule_role_arn(),
        "DeadLetterConfig": {"Arn": settings.scheduled_dead_letters_arn()},
        "Input": body,
    }
    _unless(
        "ConflictException",
        "create_schedule",
        Name=name,
        GroupName=settings.schedule_group(),
        ScheduleExpression=f"at({_whole_second(at)})",
        FlexibleTimeWindow={"Mode": "OFF"},
        ActionAfterCompletion="DELETE",
        Target=target,
    )


def delete(name: str) -> None:
    _unless("ResourceNotFoundException", "delete_schedule", Name=name, GroupName=settings.schedule_group())


def _whole_second(moment: str) -> str:
    """UTC without a zone, as in `at()`, rounded up to the second."""
    seconds = math.ceil(times.parse(moment).timestamp())
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None).isoformat()


def _unless(done: str, operation: str, **parameters: Any) -> None:
    """Call an operation; an error with the code `done` means there is nothing left to do."""
    try:
        getattr(client(), operation)(**parameters)
    except ClientError as error:
        if error.response["Error"]["Code"] != done:
            raise
