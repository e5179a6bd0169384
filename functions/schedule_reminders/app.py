"""ecommerce.order_placed, order_cancelled, order_refunded: schedules reminders of bought products and cancels obsolete
ones."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary import bus
from tributary.telemetry import logger
from tributary.workflows import replenishment


def follow(event: bus.Envelope) -> None:
    source, order_id, status = (event.text(name) for name in ("source", "orderId", "status"))
    reminders = replenishment.reconcile(event.organization, source, order_id, status)
    logger.info("reminders", extra={"reminders": reminders, "jobId": event.text("jobId")})


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return bus.consume(event, context, follow)
