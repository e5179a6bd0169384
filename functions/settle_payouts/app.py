"""FulfillmentCreated, FulfillmentHandedOver, FulfillmentStatusChanged, PayoutFailed, PayoutCancelled.

Finishes batches that their caller left, cancels the payouts of failed ones, and releases the obligations of payouts
that ended unpaid."""

import time
from functools import partial
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary import bus
from tributary.ledger.payouts import fulfillment_items, fulfillment_moves, fulfillments, payouts, releases
from tributary.telemetry import logger

#: Seconds kept for the rest of a message; another message makes the rest of the batch.
_FOR_THE_REST = 15


def settle(event: bus.Envelope, over: float) -> None:
    if event.detail_type.startswith("Payout"):
        _release(event)
    elif event.data.get("status") == fulfillment_items.FAILED:
        cancelled = fulfillment_moves.cancel_payouts(event.organization, event.integer("fulfillmentId"))
        logger.info("cancelled", extra={"payouts": cancelled})
    else:
        _finish(event, over)


def _release(event: bus.Envelope) -> None:
    payout = payouts.find(event.organization, event.integer("payoutId"))
    if payout is not None and payout["listed"]["status"] not in payouts.LIVE:
        logger.info("released", extra={"obligations": releases.release(payout)})


def _finish(event: bus.Envelope, over: float) -> None:
    item = fulfillments.take_over(event.organization, event.integer("fulfillmentId"))
    if item is None:
        return
    item = fulfillments.advance(item, lambda: time.monotonic() < over)
    if item and item["listed"]["generating"]:
        fulfillments.hand_over(item)


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    over = time.monotonic() + context.get_remaining_time_in_millis() / 1000 - _FOR_THE_REST
    return bus.consume(event, context, partial(settle, over=over))
