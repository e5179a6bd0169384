"""Updates of orders by shops: partition `<organization>#order#<digest>`, one item per update, `notice#<status>` or
`notice#refunded-<digest of the refund's id>`.

The item is both the job and the announced event, made by one put of a free key, so that a repeat counts once. It names
the customer by id; e-mails stay with customers.
"""

from collections.abc import Mapping
from typing import Any

from tributary.domain import order
from tributary.domain.ids import transaction_ids
from tributary.domain.order import OrderUpdate
from tributary.ledger.orders import announced_size, order_items
from tributary.ledger.refunds import refunds
from tributary.ledger.sales import transaction_items, transactions
from tributary.ledger.store import table
from tributary.ledger.store.records import item_header
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

KIND = "order-notice"


def key(organization: str, job_id: str) -> Key | None:
    """The key of a job; None for a text that is no job id."""
    if (found := order.read_job_id(job_id)) is None:
        return None
    return _pk(organization, found[0]), f"notice#{found[1]}"


def get(organization: str, job_id: str) -> OrderUpdate | None:
    """The update of a job, strongly consistent."""
    place = key(organization, job_id)
    item = table.get(*place) if place else None
    return of_item(item) if item else None


def with_currency(organization: str, job_id: str, source: str, order_id: str) -> tuple[OrderUpdate | None, str | None]:
    """The update of a job and, if known, the currency of the order's sale or of the placed order. One read."""
    placed = key(organization, order.job_id(source, order_id, order.PLACED, None))
    sale = transaction_items.key(organization, next(transaction_ids(organization, source, order_id)))
    own = key(organization, job_id)
    found = table.batch_get([it for it in (own, placed, sale) if it])
    update = of_item(found[own]) if own in found else None
    if sale in found and transaction_items.is_of(found[sale], source, order_id):
        return update, transaction_items.of_item(found[sale]).sale.currency
    return update, found[placed]["currency"] if placed in found else None


def of_order(organization: str, source: str, order_id: str) -> list[OrderUpdate]:
    """The updates of an order, first received first."""
    items = table.query(_pk(organization, order.order_digest(source, order_id)), "notice#")
    return [of_item(item) for item in sorted(items, key=lambda item: (item["changedAt"], item["sk"]))]


def put(update: OrderUpdate) -> bool:
    """Record an update once; False for a repeat."""
    try:
        table.put_new(item_of(update))
    except table.ConditionFailed:
        return False
    return True


def require_fits(update: OrderUpdate) -> None:
    """TooLarge if the update's item, its sale or its event could not be written."""
    announced_size.require_fits(item_of(update), "order")


def item_of(update: OrderUpdate) -> Item:
    """The stored form of an update."""
    place = key(update.organization, update.job_id) or ("", "")
    return {
        **item_header(KIND, update.organization, place, update.received_at),
        "jobId": update.job_id,
        "customerId": update.customer_id,
        "source": update.source,
        "orderId": update.order_id,
        "orderNumber": update.order_number,
        "status": update.status,
        "orderedAt": update.ordered_at,
        "total": update.total,
        "currency": update.currency,
        "items": [order_items.item_of(item) for item in update.items],
        "refundId": update.refund_id,
        "refundAmount": update.refund_amount,
        "customerTotals": dict(update.customer_totals),
        "properties": update.properties,
        "trackingId": update.tracking_id,
        **({} if update.automations else {"automations": False}),
    }


def of_item(item: Mapping[str, Any]) -> OrderUpdate:
    """The update of a stored item."""
    return OrderUpdate(
        organization=item["organization"],
        job_id=item["jobId"],
        received_at=item["changedAt"],
        source=item["source"],
        order_id=item["orderId"],
        order_number=item["orderNumber"],
        status=item["status"],
        ordered_at=item["orderedAt"],
        total=item["total"],
        currency=item["currency"],
        items=tuple(order_items.of_item(it) for it in item["items"]),
        customer_id=item["customerId"],
        refund_id=item["refundId"],
        refund_amount=item["refundAmount"],
        customer_totals=item["customerTotals"],
        properties=item["properties"],
        tracking_id=item["trackingId"],
        automations=item.get("automations", True),
    )


def in_the_ledger(organization: str, source: str, order_id: str) -> tuple[Item | None, dict[str, Item]]:
    """The order's transaction, deleted ones included, or None; and its refunds by key, parked ones included."""
    transaction_id, item = transactions.place(organization, source, order_id)
    return item, {held["sk"]: held for held in refunds.of_transaction(organization, transaction_id)}


def _pk(organization: str, digest: str) -> str:
    return f"{organization}#order#{digest}"
