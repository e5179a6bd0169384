"""SaleTriggered, LeadTriggered: decides credit. Refunds, their withdrawals, cancellations, changes: reconciles it."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary import bus
from tributary.ledger.earnings import attribution, leads
from tributary.telemetry import logger


def attribute(event: bus.Envelope) -> None:
    if event.detail_type == "LeadTriggered":
        done = leads.reconcile(event.organization, event.integer("leadId"))
        logger.info("attribution", extra={"outcome": done, "leadId": event.data["leadId"]})
        return
    sale = event.data
    done = attribution.reconcile(
        event.organization, event.integer("transactionId"), sale.get("opportunityId"), sale.get("source")
    )
    logger.info("attribution", extra={"outcome": done, "transactionId": sale["transactionId"]})


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return bus.consume(event, context, attribute)
