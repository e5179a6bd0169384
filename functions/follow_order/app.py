"""ecommerce.order_placed, order_cancelled, order_fulfilled, order_refunded: applies an order update to the ledger."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary import bus
from tributary.ledger.orders import order_updates
from tributary.telemetry import logger
from tributary.workflows import order_effects


def follow(event: bus.Envelope) -> None:
    job = event.text("jobId")
    update = order_updates.get(event.organization, job)
    # The table is the outbox: an update missing there was never reported.
    outcome = order_effects.reconcile(update) if update else "absent"
    logger.info("followed", extra={"outcome": outcome, "jobId": job})


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return bus.consume(event, context, follow)
