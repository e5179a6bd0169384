"""$default: 404 for unknown paths, 405 with Allow for unknown methods of a path, and OPTIONS."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.unrouted import answer_unrouted


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return answer_unrouted(event)
