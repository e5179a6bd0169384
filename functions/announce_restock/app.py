"""ProductRestocked: notifies the customers who wait for the product, one page at a time."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary import bus
from tributary.ledger.catalogue import back_in_stock
from tributary.telemetry import logger


def announce(event: bus.Envelope) -> None:
    product, variants = event.text("product"), event.data.get("variants")
    if not isinstance(variants, list) or not all(isinstance(it, str | None) for it in variants):
        raise bus.Refused("data.variants is not a list of texts and nulls.")
    notified = back_in_stock.notify(event.organization, product, variants)
    logger.info("notified", extra={"product": product, "notified": notified})


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return bus.consume(event, context, announce)
