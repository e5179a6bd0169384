"""SaleTriggered, RefundTriggered, TransactionCancelled, TransactionDeleted of a known buyer: brings the customer's
totals to what the order says now."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary import bus
from tributary.ledger import customer_totals
from tributary.telemetry import logger


def update(event: bus.Envelope) -> None:
    customer_id, transaction_id = event.integer("customerId"), event.integer("transactionId")
    written = customer_totals.converge(event.organization, customer_id, transaction_id)
    logger.info("totals", extra={"written": written, "customerId": customer_id, "transactionId": transaction_id})


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return bus.consume(event, context, update)
