"""Orders and their jobs as clients read them."""

from typing import Any

from tributary.api.sequenzy.requests.fields import source_of
from tributary.api.sequenzy.responses import job_response, refunded_cents, transaction_response
from tributary.domain.errors import NotFound
from tributary.domain.order import PLACED
from tributary.ledger.orders import order_updates
from tributary.ledger.organization.api_keys import Principal


def order_read(caller: Principal, order_id: str) -> dict[str, Any]:
    """An order's updates and its present state. NotFound without any update."""
    source = source_of(caller)
    updates = order_updates.of_order(caller.organization, source, order_id)
    if not updates:
        raise NotFound("There is no such order.", {"orderId": order_id[:64]})
    sale, refunded = order_updates.in_the_ledger(caller.organization, source, order_id)
    first = next((update for update in updates if update.status == PLACED), updates[0])
    return {
        "orderId": first.order_id,
        "orderNumber": first.order_number,
        "orderedAt": first.ordered_at,
        "currency": first.currency,
        "customerId": first.customer_id,
        "totalCents": first.total,
        "refundedCents": refunded_cents(sale),
        "statuses": [update.status for update in updates],
        "transaction": transaction_response(sale),
        "jobs": [job_response(update, sale, refunded) for update in updates],
    }


def job_read(caller: Principal, job: str) -> dict[str, Any]:
    """The outcome of one update. NotFound if it is unknown, or of another source than the key's."""
    update = order_updates.get(caller.organization, job)
    if update is None or update.source != (caller.source or update.source):
        raise NotFound("There is no such job.", {"jobId": job[:100]})
    sale, refunded = order_updates.in_the_ledger(caller.organization, update.source, update.order_id)
    return job_response(update, sale, refunded)
