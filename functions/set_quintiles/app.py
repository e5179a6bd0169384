"""Nightly: sets the bounds of customer scores, with a message per organization."""

import json
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary import bus, queues, settings
from tributary.ledger.customers import rfm
from tributary.telemetry import logger


def set_one_or_all(event: bus.Envelope) -> None:
    """Set the bounds of the event's organization. Without one, as from the schedule, send a message for each."""
    organization = event.detail.get("organization")
    if organization is None:
        each = [{**event.event, "detail": {"organization": name}} for name in rfm.organizations()]
        queues.send(settings.queue_url(), map(json.dumps, each))
        logger.info("night", extra={"organizations": len(each)})
        return
    currencies = sorted(rfm.set_bounds(str(organization))["bounds"])
    logger.info("quintiles", extra={"organization": organization, "currencies": currencies})


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return bus.consume(event, context, set_one_or_all)
