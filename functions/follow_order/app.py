"""ecommerce.order_placed, order_cancelled, order_fulfilled, order_refunded: does to the ledger what the order's notice
says."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary import bus
from tributary.ledger.orders import order_updates
from tributary.telemetry import logger
from tributary.workflows import order_effects


def follow(event: bus.Envelope) -> None:
    job = event.text("jobId")
    update = order_updates.get(event.organization, job)
    # The table is the outbox: what is not there was never told.
    outcome = order_effects.reconcile(update) if update else "absent"
    logger.info("followed", extra={"outcome": outcome, "jobId": job})


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return bus.consume(event, context, follow)
