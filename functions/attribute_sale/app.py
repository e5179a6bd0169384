"""SaleTriggered, RefundTriggered: decides who earned credit for a sale, and takes it back when the sale is refunded."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary import bus
from tributary.ledger import attribution
from tributary.telemetry import logger


def attribute(event: bus.Envelope) -> None:
    sale = event.data
    done = attribution.converge(
        event.organization, event.integer("transactionId"), sale.get("opportunityId"), sale.get("source")
    )
    logger.info("attribution", extra={"outcome": done, "transactionId": sale["transactionId"]})


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return bus.consume(event, context, attribute)
