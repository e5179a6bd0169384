"""A schedule's message: makes a reminder due unless it was replaced or cancelled."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary import bus
from tributary.telemetry import logger
from tributary.workflows import replenishment


def release(event: bus.Envelope) -> None:
    customer_id, reminder = event.integer("customerId"), event.text("reminder")
    outcome = replenishment.release(event.organization, customer_id, reminder, event.text("order"))
    logger.info("released", extra={"outcome": outcome, "customerId": customer_id, "reminder": reminder})


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return bus.consume(event, context, release)
