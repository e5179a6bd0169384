"""ProductRestocked: tells those who waited for the product, a page of them at a time."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary import bus
from tributary.ledger.catalogue import back_in_stock
from tributary.telemetry import logger


def announce(event: bus.Envelope) -> None:
    product, variants = event.text("product"), event.data.get("variants")
    if not isinstance(variants, list) or not all(isinstance(it, str | None) for it in variants):
        raise bus.Refused("data.variants is not a list of texts and nulls.")
    told = back_in_stock.notify(event.organization, product, variants)
    logger.info("told", extra={"product": product, "told": told})


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return bus.consume(event, context, announce)
