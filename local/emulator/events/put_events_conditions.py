"""Under AUTH=true the condition keys `events:source` and `events:detail-type` have values; stock, they have none."""

import json
from typing import Any

from ministack.core import iam_actions

KEYS = {"events:source": "Source", "events:detail-type": "DetailType"}

_context = iam_actions.request_tag_context


def apply() -> None:
    iam_actions.request_tag_context = _with_event_keys


def _with_event_keys(service: str, action: str, body: bytes, *parameters: Any) -> dict[str, Any]:
    context = _context(service, action, body, *parameters)
    if action != "events:PutEvents":
        return context
    entries = json.loads(body)["Entries"]
    return context | {key: _single({entry.get(field, "") for entry in entries}) for key, field in KEYS.items()}


def _single(values: set[str]) -> str | list[str]:
    return values.pop() if len(values) == 1 else sorted(values)
