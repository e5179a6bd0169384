"""SaleTriggered, SaleChanged, RefundTriggered, RefundWithdrawn, TransactionAmended, TransactionCancelled,
TransactionDeleted: reconciles the revenue of distributors with a sale, and what closed periods share of it."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary import bus
from tributary.ledger.distributions import closing
from tributary.telemetry import logger


def share(event: bus.Envelope) -> None:
    transaction_id = event.integer("transactionId")
    closed = closing.enter(event.organization, transaction_id)
    logger.info("revenue", extra={"transactionId": transaction_id, "closedPeriods": closed})


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return bus.consume(event, context, share)
