"""The relay: publishes each change of the table as events on the bus."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.workflows import relay


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return relay.publish(event["Records"])
