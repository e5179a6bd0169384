"""What a notice of an order does to the ledger. Each does its part, and finds what another has left for it, so that
they may be heard in any order and any number of times."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tributary.domain.errors import NotFound
from tributary.domain.order import CANCELLED, PLACED, REFUNDED, OrderItem, job_id, paid_lines
from tributary.domain.refund import Demand
from tributary.domain.transaction import Sale
from tributary.ledger.orders import customer_totals, order_updates
from tributary.ledger.refunds import parked_refunds, refund_items
from tributary.ledger.sales import closing, transactions

Notice = Mapping[str, Any]


def apply(notice: Notice) -> str:
    """Brings the ledger to what the notice says; returns what came of it: `recorded`, `cancelled`, `reported` of a
    refund that is recorded or parked, `waiting` of a cancellation without its order, `absent` of what was deleted,
    `noted` where there is no money in it."""
    if notice["customerTotals"]:
        stated = notice["customerTotals"]
        where = (notice["organization"], notice["customerId"], notice["currency"])
        customer_totals.override_totals(*where, stated, notice["orderedAt"])
    return _EFFECTS[notice["status"]](notice) if notice["status"] in _EFFECTS else "noted"


def _place(notice: Notice) -> str:
    """The cancellation is looked for once the sale is written, and is written before it looks for the sale: one of
    the two finds the other."""
    transactions.record(notice["organization"], _sale(notice), notice["changedAt"])
    cancelled = job_id(notice["source"], notice["orderId"], CANCELLED, None)
    return _cancel(notice) if order_updates.get(notice["organization"], cancelled) else "recorded"


def _cancel(notice: Notice) -> str:
    try:
        status = closing.cancel(notice["organization"], notice["source"], notice["orderId"]).status
    except NotFound:
        return "waiting"
    return status


def _refund(notice: Notice) -> str:
    amount = None if notice["refundAmount"] is None else Decimal(notice["refundAmount"])
    refund_id = notice["refundId"] or refund_items.WHOLE
    asked = refund_items.Reported(notice["source"], notice["orderId"], refund_id, Demand(amount, minor=True))
    try:
        parked_refunds.record_or_park(notice["organization"], asked, capped=True)
    except NotFound:
        return "absent"
    return "reported"


def _sale(notice: Notice) -> Sale:
    items = [
        OrderItem(it["productId"], it["title"], it["quantity"], it["priceCents"], it["attributes"])
        for it in notice["items"]
    ]
    return Sale(
        notice["source"],
        notice["orderId"],
        notice["trackingId"],
        notice["total"],
        notice["currency"],
        notice["orderedAt"],
        paid_lines(notice["total"], items),
        notice["customerId"],
        automations=notice.get("automations", True),
    )


_EFFECTS = {PLACED: _place, CANCELLED: _cancel, REFUNDED: _refund}
