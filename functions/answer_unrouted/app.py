"""$default: 404 for paths that do not exist, 405 with Allow for methods that their path does not have, OPTIONS."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.unrouted import answer_unrouted


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return answer_unrouted(event)
