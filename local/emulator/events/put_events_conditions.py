"""Under AUTH=true the condition keys `events:source` and `events:detail-type` have values; stock, they have none."""

import json
from typing import Any

from ministack.core import iam_actions

KEYS = {"events:source": "Source", "events:detail-type": "DetailType"}


def apply() -> None:
    context = iam_actions.request_tag_context

    def with_event_keys(service: str, action: str, body: bytes, *parameters: Any) -> dict[str, Any]:
        found: dict[str, Any] = context(service, action, body, *parameters)
        if action != "events:PutEvents":
            return found
        entries = json.loads(body)["Entries"]
        return found | {key: _single({entry.get(field, "") for entry in entries}) for key, field in KEYS.items()}

    iam_actions.request_tag_context = with_event_keys


def _single(values: set[str]) -> str | list[str]:
    return values.pop() if len(values) == 1 else sorted(values)
