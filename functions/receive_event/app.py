"""SaleTriggered, RefundTriggered and MessageSent of other systems: recorded once."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary import bus
from tributary.api.foreign import receive


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return bus.consume(event, context, receive)
