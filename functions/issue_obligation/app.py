"""SaleTriggered and the Conversion events: brings obligations to what their conversions say now.

A conversion's event leads to its own obligation; a sale's to those of all its conversions, so that a lost conversion
event heals."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary import bus
from tributary.ledger import obligations
from tributary.ledger.awards import Cause
from tributary.telemetry import logger


def issue(event: bus.Envelope) -> None:
    transaction_id = event.integer("transactionId")
    written = obligations.converge(event.organization, transaction_id, _cause(event, transaction_id))
    logger.info("obligations", extra={"written": written, "transactionId": transaction_id})


def _cause(event: bus.Envelope, transaction_id: int) -> Cause | None:
    if not event.detail_type.startswith("Conversion"):
        return None
    return Cause(transaction_id, event.text("type"), event.integer("programId"), event.integer("collaboratorId"))


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return bus.consume(event, context, issue)
