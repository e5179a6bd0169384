"""OpportunitySettled, OpportunityInvalidated: reconciles the stored state of engagements, which lists show."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary import bus
from tributary.ledger.opportunities import engagements
from tributary.telemetry import logger


def settle(event: bus.Envelope) -> None:
    opportunity_id = event.integer("opportunityId")
    written = engagements.reconcile(event.organization, opportunity_id)
    logger.info("engagements", extra={"written": written, "opportunityId": opportunity_id})


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return bus.consume(event, context, settle)
