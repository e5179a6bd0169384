"""Keeping notices of orders, one or many, and the answers they get."""

import json

from tributary.api.http import edge, requests
from tributary.api.http.edge import Answered
from tributary.api.sequenzy.requests.fields import source_of
from tributary.api.sequenzy.requests.orders import OrderPush
from tributary.domain import times
from tributary.domain.order import REFUNDED, job_id
from tributary.ledger.customers import customers
from tributary.ledger.orders import order_updates
from tributary.ledger.organization.api_keys import Principal
from tributary.ledger.store.values import Item


def push(caller: Principal, order: OrderPush, automations: bool = True) -> Answered:
    """Keeps a notice once. A repeat is one read and changes nothing, nor the customer. MissingScope of a refund for a
    key that may not report any."""
    if order.status == REFUNDED:
        requests.require_scope(caller, "event:refund")
    now, source = times.now(), source_of(caller)
    job = job_id(source, order.order_id, order.status, order.counted_by)
    created = False
    if order_updates.get(caller.organization, job) is None:
        history = {} if automations else {"automations": False}
        update = order_updates.new_item(caller.organization, job, _told(order, source, now) | history, now)
        whose = (caller.organization, order.customer.identity, order.customer.profile)
        customer_id = customers.upsert(*whose, update["orderedAt"], now=now)
        created = order_updates.put({**update, "customerId": customer_id})
    told = {"jobId": job, "orderId": order.order_id, "status": order.status}
    return Answered(edge.answer({"success": True, "queued": True, **told}, 202), created)


def row_keys(order: OrderPush) -> list[tuple[str, ...]]:
    """The customer is one, since every notice may change who that is."""
    return [("order", order.order_id), ("customer", order.customer.email.strip().casefold())]


def _told(order: OrderPush, source: str, now: str) -> Item:
    """A clock ahead of ours must neither reach visits that are still to come nor outrank later notices."""
    return {
        "source": source,
        "orderId": order.order_id,
        "orderNumber": order.order_number or order.order_id,
        "status": order.status,
        "orderedAt": min(order.ordered_at or now, now),
        "total": order.total_cents,
        "currency": order.currency,
        "items": [item.as_item() for item in order.items],
        "refundId": order.counted_by,
        "refundAmount": order.refund_amount_cents if order.status == REFUNDED else None,
        "customerTotals": order.customer_totals.stated() if order.customer_totals else {},
        "properties": json.dumps(order.properties),
        "trackingId": order.tracking_id,
    }
