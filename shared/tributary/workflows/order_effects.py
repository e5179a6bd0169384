"""Effects of an order update on the ledger, in any order and any number of times.

Each effect does its part, and completes a part left by another."""

from decimal import Decimal

from tributary.domain.errors import NotFound
from tributary.domain.order import CANCELLED, PLACED, REFUNDED, OrderUpdate, job_id, paid_lines
from tributary.domain.refund import RefundRequest
from tributary.domain.transaction import Sale
from tributary.ledger.orders import customer_totals, order_updates
from tributary.ledger.refunds import parked, refund_items
from tributary.ledger.sales import closing, transactions


def reconcile(update: OrderUpdate) -> str:
    """Reconcile the ledger with an order update and return the outcome.

    `recorded`, `cancelled`; `reported` for a refund recorded or parked; `waiting` for a cancellation without its order;
    `absent` for a deleted sale; `noted` for an update without money."""
    if update.customer_totals:
        stated = update.customer_totals
        where = (update.organization, update.customer_id, update.currency)
        customer_totals.override_totals(*where, stated, update.ordered_at)
    return _EFFECTS[update.status](update) if update.status in _EFFECTS else "noted"


def _place(update: OrderUpdate) -> str:
    """Record the sale, then look for cancellations. A cancellation does the opposite, so one finds the other."""
    transactions.record(update.organization, _sale(update), update.received_at)
    first = job_id(update.source, update.order_id, CANCELLED, None)
    if order_updates.get(update.organization, first) is None:
        return "recorded"
    reports = order_updates.of_order(update.organization, update.source, update.order_id)
    return _cancel(max((it for it in reports if it.status == CANCELLED), key=lambda it: it.ordered_at))


def _cancel(update: OrderUpdate) -> str:
    named = (update.organization, update.source, update.order_id)
    try:
        return closing.cancel(*named, at=update.ordered_at).status
    except NotFound:
        return "waiting"


def _refund(update: OrderUpdate) -> str:
    try:
        parked.record_or_park(update.organization, _refund_of(update))
    except NotFound:
        return "absent"
    return "reported"


def _refund_of(update: OrderUpdate) -> refund_items.Reported:
    """The reported refund; without an id it is of the whole order, so that a withdrawal of the whole finds it."""
    named, currency = (update.source, update.order_id), update.currency
    if update.refund_id is None:
        return refund_items.Reported(
            *named, refund_items.WHOLE, RefundRequest(), currency=currency, at=update.ordered_at
        )
    amount = None if update.refund_amount is None else Decimal(update.refund_amount)
    return refund_items.Reported(*named, update.refund_id, RefundRequest(amount, minor=True), currency=currency)


def _sale(update: OrderUpdate) -> Sale:
    return Sale(
        update.source,
        update.order_id,
        update.tracking_id,
        update.total,
        update.currency,
        update.ordered_at,
        paid_lines(update.total, update.currency, update.items),
        update.customer_id,
        automations=update.automations,
    )


_EFFECTS = {PLACED: _place, CANCELLED: _cancel, REFUNDED: _refund}
