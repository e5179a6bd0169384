"""SaleTriggered, SaleChanged, RefundTriggered, RefundWithdrawn, TransactionAmended, TransactionCancelled and
TransactionDeleted: reconciles the totals of a known buyer, also of a former one. ReturnRecorded: adds a return."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary import bus
from tributary.ledger.customers import rfm
from tributary.ledger.orders import customer_totals
from tributary.telemetry import logger


def update(event: bus.Envelope) -> None:
    if event.detail_type == "ReturnRecorded":
        returned = event.text("salesEvent")
        written = customer_totals.add_return(event.organization, event.integer("customerId"), returned)
        cause: dict[str, Any] = {"salesEvent": returned}
    else:
        cause = {"transactionId": event.integer("transactionId")}
        buyers = {event.integer(name) for name in ("customerId", "formerCustomerId") if name in event.data}
        written = [customer_totals.reconcile(event.organization, it, cause["transactionId"]) for it in buyers]
    rfm.note(event.organization)
    logger.info("totals", extra={"written": written, "customerId": event.data.get("customerId"), **cause})


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return bus.consume(event, context, update)
