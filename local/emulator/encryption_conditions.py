"""Under AUTH=true the condition keys `kms:EncryptionContext:<name>` have values; stock, they have none."""

import json
from typing import Any

from ministack.core import iam_actions

_ACTIONS = ("kms:Encrypt", "kms:Decrypt")


def apply() -> None:
    context = iam_actions.request_tag_context

    def with_encryption_keys(service: str, action: str, body: bytes, *parameters: Any) -> dict[str, Any]:
        found: dict[str, Any] = context(service, action, body, *parameters)
        if action not in _ACTIONS:
            return found
        named = json.loads(body).get("EncryptionContext", {})
        return found | {f"kms:EncryptionContext:{name}": value for name, value in named.items()}

    iam_actions.request_tag_context = with_encryption_keys
