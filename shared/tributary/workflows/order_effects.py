"""What a notice of an order does to the ledger. Each does its part, and finds what another has left for it, so that
they may be heard in any order and any number of times."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tributary.domain.errors import NotFound
from tributary.domain.order import CANCELLED, PLACED, REFUNDED, OrderItem, job_id, paid_lines
from tributary.domain.refund import RefundRequest
from tributary.domain.transaction import Sale
from tributary.ledger.orders import customer_totals, order_updates
from tributary.ledger.refunds import parked_refunds, refund_items
from tributary.ledger.sales import closing, transactions

Update = Mapping[str, Any]


def reconcile(update: Update) -> str:
    """Brings the ledger to what the notice says; returns what came of it: `recorded`, `cancelled`, `reported` of a
    refund that is recorded or parked, `waiting` of a cancellation without its order, `absent` of what was deleted,
    `noted` where there is no money in it."""
    if update["customerTotals"]:
        stated = update["customerTotals"]
        where = (update["organization"], update["customerId"], update["currency"])
        customer_totals.override_totals(*where, stated, update["orderedAt"])
    return _EFFECTS[update["status"]](update) if update["status"] in _EFFECTS else "noted"


def _place(update: Update) -> str:
    """The cancellation is looked for once the sale is written, and is written before it looks for the sale: one of
    the two finds the other."""
    transactions.record(update["organization"], _sale(update), update["changedAt"])
    cancelled = job_id(update["source"], update["orderId"], CANCELLED, None)
    return _cancel(update) if order_updates.get(update["organization"], cancelled) else "recorded"


def _cancel(update: Update) -> str:
    try:
        status = closing.cancel(update["organization"], update["source"], update["orderId"]).status
    except NotFound:
        return "waiting"
    return status


def _refund(update: Update) -> str:
    amount = None if update["refundAmount"] is None else Decimal(update["refundAmount"])
    refund_id = update["refundId"] or refund_items.WHOLE
    asked = refund_items.Reported(update["source"], update["orderId"], refund_id, RefundRequest(amount, minor=True))
    try:
        parked_refunds.record_or_park(update["organization"], asked, capped=True)
    except NotFound:
        return "absent"
    return "reported"


def _sale(update: Update) -> Sale:
    items = [
        OrderItem(it["productId"], it["title"], it["quantity"], it["priceCents"], it["attributes"])
        for it in update["items"]
    ]
    return Sale(
        update["source"],
        update["orderId"],
        update["trackingId"],
        update["total"],
        update["currency"],
        update["orderedAt"],
        paid_lines(update["total"], items),
        update["customerId"],
        automations=update.get("automations", True),
    )


_EFFECTS = {PLACED: _place, CANCELLED: _cancel, REFUNDED: _refund}
