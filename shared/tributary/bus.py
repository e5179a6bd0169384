"""Consumption of events: SQS batches from the bus's rules, and bare EventBridge events from `sam local invoke`.

A message that can never succeed becomes a dead letter at once, with its cause. One that fails for a passing reason is
retried, and becomes a dead letter with its last cause at the last receive.
"""

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary import settings
from tributary.domain.errors import NotFound, TributaryError
from tributary.domain.events import SOURCE
from tributary.ledger.store.trace import tracing
from tributary.queues import sqs
from tributary.telemetry import log_failure, logger


class Refused(TributaryError):
    """An event that no retry can make acceptable; the dead letter carries the message."""

    code = "event_refused"


class Envelope:
    """An EventBridge event. Ours have `detail.metadata` and `detail.data`; a foreign event's detail is flat."""

    def __init__(self, event: Any) -> None:
        if not isinstance(event, Mapping) or not isinstance(event.get("detail"), Mapping):
            raise Refused("The message is not an EventBridge event with a detail.")
        self.event = event
        self.detail_type = str(event.get("detail-type"))
        self.detail: Mapping[str, Any] = event["detail"]
        self.metadata: Mapping[str, Any] = _object(self.detail.get("metadata"))
        self.data: Mapping[str, Any] = _object(self.detail.get("data"))

    @property
    def id(self) -> str:
        return str(self._traced.get("id") or self.event.get("id"))

    @property
    def correlation_id(self) -> str:
        return str(self._traced.get("correlationId") or self.id)

    @property
    def history(self) -> bool:
        """True of a consequence of an import."""
        return self._traced.get("history") is True

    @property
    def _traced(self) -> Mapping[str, Any]:
        """The relay's own metadata. Others' could hold anything, so they stay out of logs, records and events."""
        return self.metadata if self.event.get("source") == SOURCE else {}

    @property
    def organization(self) -> str:
        organization = self.metadata.get("organization")
        if not isinstance(organization, str) or not organization:
            raise Refused("metadata.organization is missing.")
        return organization

    def integer(self, name: str) -> int:
        value = self.data.get(name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise Refused(f"data.{name} is not an integer.")
        return value

    def text(self, name: str) -> str:
        value = self.data.get(name)
        if not isinstance(value, str):
            raise Refused(f"data.{name} is not text.")
        return value


Handle = Callable[[Envelope], None]


def consume(event: dict[str, Any], context: LambdaContext, handle: Handle) -> Any:
    """Handle a batch and return its failed messages; a bare event passes or raises."""
    if "Records" not in event:
        return _handle(_document(json.dumps(event)), handle)  # Lambda made floats of its amounts
    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    return process_partial_response(event, partial(_message, handle=handle), processor, context)


def send_dead_letter(body: str, code: str, reason: str) -> None:
    """Send a message to the function's dead-letter queue with the cause in its attributes."""
    attributes = {"code": code, "reason": reason[:1000]}
    sqs().send_message(
        QueueUrl=settings.dead_letter_queue_url(),
        MessageBody=body,
        MessageAttributes={
            name: {"DataType": "String", "StringValue": value} for name, value in attributes.items() if value
        },
    )
    logger.warning("dead letter", extra=attributes)


def _message(record: SQSRecord, handle: Handle) -> None:
    """Handle one message; raise to have it retried."""
    last = int(record.attributes.approximate_receive_count or 0) >= settings.max_receives()
    try:
        _handle(_sent(_document(record.body)), handle)
    except NotFound as error:  # its record may be written later
        if not last:
            raise
        send_dead_letter(record.body, error.code, error.message)
    except TributaryError as error:
        send_dead_letter(record.body, error.code, error.message)
    except Exception as error:
        log_failure("event failed", error, messageId=record.message_id)
        if not last:
            raise
        send_dead_letter(record.body, "failed", type(error).__name__)


def _document(body: str) -> Any:
    try:
        return json.loads(body, parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise Refused("The message is not JSON.") from error


def _sent(document: Any) -> Any:
    """The event of a message. A schedule's dead letter wraps it in the schedule's request to SQS."""
    body = _object(document).get("MessageBody")
    return _document(body) if isinstance(body, str) else document


def _handle(event: Any, handle: Handle) -> None:
    envelope = Envelope(event)
    logger.set_correlation_id(envelope.correlation_id)
    with tracing(envelope.correlation_id, envelope.id, envelope.history):
        handle(envelope)


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
