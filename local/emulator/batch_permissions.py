"""Under AUTH=true a batch for SQS needs the permission of its single action, as on AWS; stock, one that AWS does not
have."""

from typing import Any

from ministack.core import iam_actions

_SINGLE = {f"sqs:{it}Batch": f"sqs:{it}" for it in ("SendMessage", "DeleteMessage", "ChangeMessageVisibility")}


def apply() -> None:
    action_of = iam_actions.extract_iam_action

    def single_action_of(*request: Any) -> str | None:
        action: str | None = action_of(*request)
        return action if action is None else _SINGLE.get(action, action)

    iam_actions.extract_iam_action = single_action_of
