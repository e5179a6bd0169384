"""An event whose target queue does not exist goes to the target's dead-letter queue; the emulator drops it."""

import json
from typing import Any

from ministack.core.arn import ArnParseError, parse_arn
from ministack.services import eventbridge, sqs

_invoke = eventbridge._invoke_target


def apply() -> None:
    eventbridge._invoke_target = _invoke_or_set_aside


def _invoke_or_set_aside(target: dict[str, Any], event: Any, rule: dict[str, Any], view: Any = None) -> None:
    dead_letters = target.get("DeadLetterConfig", {}).get("Arn")
    if not dead_letters or _exists(target["Arn"]):
        _invoke(target, event, rule, view)
        return
    view = view or eventbridge._pattern_event_view(event)
    _send(dead_letters, json.dumps(view.event_with_detail()), _cause(target, rule))


def _exists(arn: str) -> bool:
    """Only queues are looked up: every rule of this project has a queue as its target."""
    try:
        return parse_arn(arn).service != "sqs" or sqs._queue_by_arn(arn) is not None
    except ArnParseError:
        return True


def _cause(target: dict[str, Any], rule: dict[str, Any]) -> dict[str, str]:
    return {
        "ERROR_CODE": "RESOURCE_NOT_FOUND",
        "ERROR_MESSAGE": "The target queue does not exist.",
        "EXHAUSTED_RETRY_CONDITION": "NonRetryable",
        "RETRY_ATTEMPTS": "0",
        "RULE_ARN": rule.get("Arn", ""),
        "TARGET_ARN": target["Arn"],
    }


def _send(queue_arn: str, body: str, attributes: dict[str, str]) -> None:
    url = sqs._queue_url(parse_arn(queue_arn).resource)
    typed = {name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()}
    sqs._act_send_message({"QueueUrl": url, "MessageBody": body, "MessageAttributes": typed}, url)
