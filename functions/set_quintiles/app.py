"""Every night: sets what the scores of customers begin at, for each organization that has some."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary import bus
from tributary.ledger import rfm
from tributary.telemetry import logger


def set_all(event: bus.Envelope) -> None:
    for organization in rfm.organizations():
        currencies = sorted(rfm.set_bounds(organization)["bounds"])
        logger.info("quintiles", extra={"organization": organization, "currencies": currencies})


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return bus.consume(event, context, set_all)
