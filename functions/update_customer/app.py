"""SaleTriggered, RefundTriggered, TransactionCancelled, TransactionDeleted of a known buyer: brings the customer's
totals to what the order says now. ReturnRecorded: adds what was given back."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary import bus
from tributary.ledger import customer_totals, rfm
from tributary.telemetry import logger


def update(event: bus.Envelope) -> None:
    customer_id = event.integer("customerId")
    if event.detail_type == "ReturnRecorded":
        cause: dict[str, Any] = {"salesEvent": event.text("salesEvent")}
        written = customer_totals.add_return(event.organization, customer_id, cause["salesEvent"])
    else:
        cause = {"transactionId": event.integer("transactionId")}
        written = customer_totals.converge(event.organization, customer_id, cause["transactionId"])
    rfm.note(event.organization)
    logger.info("totals", extra={"written": written, "customerId": customer_id, **cause})


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return bus.consume(event, context, update)
