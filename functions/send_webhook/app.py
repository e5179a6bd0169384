"""A delivery that is due: makes one attempt, and sends the next for later if it fails."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary import bus
from tributary.telemetry import logger
from tributary.workflows.webhooks import sending
from tributary.workflows.webhooks.dues import Due


def send(event: bus.Envelope) -> None:
    webhook_id, delivery_id = event.integer("webhookId"), event.text("deliveryId")
    counts = (event.integer(name) for name in ("run", "tries", "waits"))
    outcome = sending.attempt(Due(event.organization, webhook_id, delivery_id, *counts))
    logger.info("attempt", extra={"outcome": outcome, "webhookId": webhook_id, "deliveryId": delivery_id})


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return bus.consume(event, context, send)
