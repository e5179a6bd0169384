"""Recording order updates, single or in batches, and their answers."""

from dataclasses import replace
from typing import Any

from tributary.api.http import edge, repeats, requests
from tributary.api.http.edge import Answered
from tributary.api.http.fields import SKEW_SECONDS
from tributary.api.http.json_text import json_text
from tributary.api.sequenzy.requests.fields import left_out_members, source_of
from tributary.api.sequenzy.requests.orders import OrderPush
from tributary.domain import refund_currency, times
from tributary.domain.order import CANCELLED, REFUNDED, OrderUpdate, job_id
from tributary.domain.order import members as order_members
from tributary.ledger.customers import customers
from tributary.ledger.orders import order_updates
from tributary.ledger.organization.api_keys import Principal


def push(caller: Principal, order: OrderPush, automations: bool = True) -> Answered:
    """Record an update once. A repeat is one read and changes nothing, not even the customer. MissingScope for a
    refund or a cancellation, which takes the whole sale back, unless the key may report refunds. ValidationFailed for
    a refund in another currency than its order's."""
    if order.status in (REFUNDED, CANCELLED):
        requests.require_scope(caller, "event:refund")
    now, source = times.now(), source_of(caller)
    job = job_id(source, order.order_id, order.status, order.counted_by)
    created, left_out = False, dict[str, Any]()
    known, currency = _before(caller.organization, order, source, job)
    if known and _ends_again(order, known):
        job = job_id(source, order.order_id, order.status, f"as of {order.ordered_at}")
        known, currency = _before(caller.organization, order, source, job)
    if known is None:
        refund_currency.require_same(order.currency, currency or order.currency)
        update = _update(caller, order, job, now, automations)
        order_updates.require_fits(update)
        whose = (caller.organization, order.customer.identity, order.customer.profile)
        buyer = customers.upsert(*whose, update.ordered_at, now=now, bound_to=caller.source)
        created = order_updates.put(replace(update, customer_id=buyer.customer_id))
        left_out = left_out_members(buyer.left_out)
    queued = {"success": True, "queued": True, "jobId": job, "orderId": order.order_id, "status": order.status}
    if created:
        return Answered(edge.answer(queued | left_out, 202), created)
    again = _update(caller, order, job, now, automations)
    differs = _differences(known, again, order) if known else []
    return Answered(edge.answer(queued | repeats.members(differs), 202, repeats.headers(differs)), created)


def _ends_again(order: OrderPush, known: OrderUpdate) -> bool:
    """True if a whole refund or a cancellation is later than the known one, which may have been withdrawn.

    The known moment may stand for none, or for that of a clock ahead: a moment soon after it is a repeat's."""
    if order.status not in (REFUNDED, CANCELLED) or order.counted_by is not None or order.ordered_at is None:
        return False
    ahead = SKEW_SECONDS if known.ordered_at == known.received_at else 0
    return order.ordered_at > times.later(known.ordered_at, seconds=ahead)


def _differences(first: OrderUpdate, again: OrderUpdate, order: OrderPush) -> list[str]:
    """Without the time of a repeat that names none."""
    said = order_members(again)
    said = said if order.ordered_at else {name: said[name] for name in said if name != "orderedAt"}
    return repeats.differing(order_members(first), said)


def _before(organization: str, order: OrderPush, source: str, job: str) -> tuple[OrderUpdate | None, str | None]:
    """The stored update of a repeat; for a refund also the currency of its order. One read in either case."""
    if order.status != REFUNDED:
        return order_updates.get(organization, job), None
    return order_updates.with_currency(organization, job, source, order.order_id)


def row_keys(order: OrderPush) -> list[tuple[str, ...]]:
    """The customer is a key, since every update may change the customer's data."""
    return [("order", order.order_id), ("customer", order.customer.email.strip().casefold())]


def _update(caller: Principal, order: OrderPush, job: str, now: str, automations: bool) -> OrderUpdate:
    """A shop's clock ahead of ours must neither reach later visits nor outrank later updates."""
    return OrderUpdate(
        organization=caller.organization,
        job_id=job,
        received_at=now,
        source=source_of(caller),
        order_id=order.order_id,
        order_number=order.order_number or order.order_id,
        status=order.status,
        ordered_at=min(order.ordered_at or now, now),
        total=order.total_cents,
        currency=order.currency,
        items=tuple(item.as_item() for item in order.items),
        refund_id=order.counted_by,
        refund_amount=order.refund_amount_cents if order.status == REFUNDED else None,
        customer_totals=order.customer_totals.stated() if order.customer_totals else {},
        properties=json_text(order.properties),
        tracking_id=order.tracking_id,
        automations=automations,
    )
