"""SaleTriggered, LeadTriggered, ReferralTold: decides credit. Refunds, their withdrawals, cancellations, changes:
reconciles it."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary import bus
from tributary.ledger.earnings import attribution, leads
from tributary.ledger.sales import referrals
from tributary.telemetry import logger


def attribute(event: bus.Envelope) -> None:
    if event.detail_type == "LeadTriggered":
        done = leads.reconcile(event.organization, event.integer("leadId"))
        logger.info("attribution", extra={"outcome": done, "leadId": event.data["leadId"]})
    elif event.detail_type == "ReferralTold":
        for number in referrals.waiting(event.organization, event.text("referral")):
            _attribute(event.organization, number)
    else:
        sale = event.data
        _attribute(event.organization, event.integer("transactionId"), sale.get("opportunityId"), sale.get("source"))


def _attribute(organization: str, transaction_id: int, *known: Any) -> None:
    done = attribution.reconcile(organization, transaction_id, *known)
    logger.info("attribution", extra={"outcome": done, "transactionId": transaction_id})


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return bus.consume(event, context, attribute)
