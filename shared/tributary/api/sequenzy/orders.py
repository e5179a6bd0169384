"""Orders as shops push them, notice by notice, and what clients read of them."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from tributary.api.fields import Currency, PastMoment, RequestBody, TextOrNumber
from tributary.api.sequenzy.customers import CustomerReport
from tributary.api.sequenzy.fields import Cents, OptionalIdentifier, OptionalText, source_of
from tributary.api.sequenzy.properties import Properties
from tributary.domain.errors import NotFound
from tributary.domain.order import PLACED
from tributary.ledger import orders
from tributary.ledger.api_keys import Principal
from tributary.ledger.refund_items import PARKED, WHOLE
from tributary.ledger.refund_items import sk as refund_key
from tributary.ledger.values import Item

MAX_ITEMS = 1000


class OrderItemReport(RequestBody):
    """What was bought; `priceCents` is per unit."""

    product_id: TextOrNumber
    title: TextOrNumber
    quantity: Annotated[int, Field(ge=1, le=1_000_000)]
    variant_id: OptionalText = None
    sku: OptionalText = None
    variant_title: OptionalText = None
    price_cents: Cents | None = None

    def as_item(self) -> Item:
        named = {"variantId": self.variant_id, "sku": self.sku, "variantTitle": self.variant_title}
        return {
            "productId": self.product_id,
            "title": self.title,
            "quantity": self.quantity,
            "priceCents": self.price_cents,
            "attributes": {name: value for name, value in named.items() if value is not None},
        }


class CustomerTotals(RequestBody):
    """What the shop's own books say of the customer, at the moment of the order, in the order's currency."""

    orders_count: Cents | None = None
    total_spent_cents: Cents | None = None

    def stated(self) -> dict[str, int]:
        given = {"ordersCount": self.orders_count, "totalSpent": self.total_spent_cents}
        return {name: value for name, value in given.items() if value is not None}


class OrderPush(RequestBody):
    """A notice of an order; amounts in minor units of `currency`, whatever that has."""

    order_id: TextOrNumber
    order_number: OptionalText = None
    status: Literal["placed", "cancelled", "fulfilled", "refunded"] = "placed"
    total_cents: Cents
    currency: Currency
    ordered_at: PastMoment | None = None
    customer: CustomerReport
    items: Annotated[list[OrderItemReport], Field(max_length=MAX_ITEMS)] = []
    refund_amount_cents: Cents | None = None
    refund_id: TextOrNumber | None = None
    customer_totals: CustomerTotals | None = None
    properties: Properties = {}
    tracking_id: OptionalIdentifier = None

    @property
    def counted_by(self) -> str | None:
        """The refund's own id, which no other status has."""
        return self.refund_id if self.status == "refunded" else None


def order_read(caller: Principal, order_id: str) -> dict[str, Any]:
    """All that was told of an order and what it has come to. NotFound if nothing was."""
    source = source_of(caller)
    notices = orders.of_order(caller.organization, source, order_id)
    if not notices:
        raise NotFound("There is no such order.", {"orderId": order_id[:64]})
    sale, refunded = orders.in_the_ledger(caller.organization, source, order_id)
    first = next((notice for notice in notices if notice["status"] == PLACED), notices[0])
    shown = {name: first[name] for name in ("orderId", "orderNumber", "orderedAt", "currency", "customerId")}
    amounts = {"totalCents": first["total"], "refundedCents": _refunded(sale)}
    statuses = [notice["status"] for notice in notices]
    jobs = [_job(notice, sale, refunded) for notice in notices]
    return {**shown, **amounts, "statuses": statuses, "transaction": _transaction(sale), "jobs": jobs}


def job_read(caller: Principal, job: str) -> dict[str, Any]:
    """What came of one notice. NotFound if there is none, or it is another source's than the key's."""
    notice = orders.get(caller.organization, job)
    if notice is None or notice["source"] != (caller.source or notice["source"]):
        raise NotFound("There is no such job.", {"jobId": job[:100]})
    sale, refunded = orders.in_the_ledger(caller.organization, notice["source"], notice["orderId"])
    return _job(notice, sale, refunded)


def _job(notice: Item, sale: Item | None, refunded: Mapping[str, Item]) -> dict[str, Any]:
    told = {name: notice[name] for name in ("jobId", "orderId", "status", "refundId")}
    refund = refunded.get(refund_key(notice["refundId"] or WHOLE)) if notice["status"] == "refunded" else None
    come = {"state": _state(notice, sale, refund), "receivedAt": notice["changedAt"], **told}
    return {**come, "transactionId": sale["listed"]["id"] if sale else None, "refund": _refund(notice, refund)}


def _state(notice: Item, sale: Item | None, refund: Item | None) -> str:
    """`queued`, `waiting` for the order to be placed, or `done`."""
    if notice["status"] == "fulfilled" or (sale and sale["listed"]["status"] == "deleted"):
        return "done"
    if notice["status"] == "refunded":
        return "queued" if refund is None else "waiting" if refund["listed"]["status"] == PARKED else "done"
    if notice["status"] == "cancelled" and sale:
        return "done" if sale["listed"]["status"] == "cancelled" else "queued"
    return "done" if sale else "queued" if notice["status"] == PLACED else "waiting"


def _refund(notice: Item, refund: Item | None) -> dict[str, Any] | None:
    """What was asked back and what was given; `capped` where less was left."""
    if refund is None:
        return None
    asked, given = notice["refundAmount"], refund["listed"]["amount"]
    capped = asked is not None and given is not None and given < asked
    return {"askedCents": asked, "refundedCents": given, "capped": capped}


def _refunded(sale: Item | None) -> int:
    return sale.get("refunded", 0) if sale else 0


def _transaction(sale: Item | None) -> dict[str, Any] | None:
    if sale is None:
        return None
    shown = {"id": sale["listed"]["id"], "status": sale["listed"]["status"]}
    return {**shown, "refundableCents": sale["refundable"] - _refunded(sale)}
