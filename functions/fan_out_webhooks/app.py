"""Events with a name for subscribers: makes a delivery for each webhook that wants them."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary import bus
from tributary.telemetry import logger
from tributary.workflows.webhooks import fan_out


def tell(event: bus.Envelope) -> None:
    count = fan_out.fan_out(event.organization, event.detail_type, event.id, event.history, event.data)
    if count:
        logger.info("deliveries", extra={"count": count, "event": event.detail_type})


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return bus.consume(event, context, tell)
