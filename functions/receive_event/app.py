"""SaleTriggered and RefundTriggered of other systems: recorded as if they had come over HTTP."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary import bus
from tributary.api.siren.foreign import receive


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return bus.consume(event, context, receive)
