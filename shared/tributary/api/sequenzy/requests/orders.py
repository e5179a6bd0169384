"""Orders as shops push them, one update at a time."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from tributary.api.http.bodies import Dated, RequestBody
from tributary.api.http.fields import (
    AnyCurrency,
    Identifier,
    Minor,
    NameOrNumber,
    PastMoment,
    Price,
    Quantity,
    TextOrNumber,
)
from tributary.api.http.inputs.taken import refuse, takes
from tributary.api.http.unread_members import money
from tributary.api.sequenzy.requests.customers import CustomerReport
from tributary.api.sequenzy.requests.properties import Properties
from tributary.domain.order import OrderItem

MAX_ITEMS = 1000

_PAID = money("discount", "tax", "shipping", "fee", instead="is not read: totalCents is what was paid in all.")


class OrderItemReport(RequestBody):
    """A bought item; `priceCents` is per unit."""

    unread = _PAID

    product_id: TextOrNumber
    title: TextOrNumber
    quantity: Quantity
    variant_id: TextOrNumber | None = None
    sku: TextOrNumber | None = None
    variant_title: TextOrNumber | None = None
    price_cents: Price | None = None

    def as_item(self) -> OrderItem:
        named = {"variantId": self.variant_id, "sku": self.sku, "variantTitle": self.variant_title}
        attributes = {name: value for name, value in named.items() if value is not None}
        return OrderItem(self.product_id, self.title, self.quantity, self.price_cents, attributes)


class CustomerTotals(RequestBody):
    """The customer's totals by the shop's own books, at the moment of the order, in its currency."""

    orders_count: Minor | None = None
    total_spent_cents: Minor | None = None

    def stated(self) -> dict[str, int]:
        given = {"ordersCount": self.orders_count, "totalSpent": self.total_spent_cents}
        return {name: value for name, value in given.items() if value is not None}


class OrderPush(RequestBody, Dated):
    """An order update; amounts in minor units of `currency`."""

    moment = "ordered_at"
    names = frozenset({"refund_id"})
    unread = _PAID | money("refund", instead="is not read: send refundAmountCents with the status refunded instead.")

    order_id: NameOrNumber
    order_number: TextOrNumber | None = None
    status: Literal["placed", "cancelled", "fulfilled", "refunded"] = "placed"
    total_cents: Minor
    currency: AnyCurrency
    ordered_at: PastMoment | None = None
    customer: CustomerReport
    items: Annotated[list[OrderItemReport], Field(max_length=MAX_ITEMS)] = []
    refund_amount_cents: Minor | None = None
    refund_id: NameOrNumber | None = None
    customer_totals: CustomerTotals | None = None
    properties: Properties = {}
    tracking_id: Identifier | None = None

    @classmethod
    def never_null(cls, document: Mapping[str, Any]) -> Mapping[str, str]:
        if document.get("status") != "refunded":
            return {}
        return {"refundAmountCents": "must not be null: leave it out to refund all that is left."}

    @model_validator(mode="after")
    @takes()
    def _a_refund_says_so(self) -> "OrderPush":
        """A forgotten status reads as `placed`, so that the refund would be passed over. `cancelled` takes all back."""
        if self.status in ("placed", "fulfilled") and self.refund_amount_cents:
            raise refuse("ENUM", "is of the status refunded: send that status.", field="refundAmountCents")
        return self

    @property
    def is_dated(self) -> bool:
        return self.status == "placed"

    @property
    def counted_by(self) -> str | None:
        """The refund's own id, or one of its amount and moment; None for other statuses and for all that is left.

        The clients have no `refundId`, so of two refunds without one only an identical one is a repeat."""
        if self.status != "refunded":
            return None
        if self.refund_id is None and self.refund_amount_cents is not None:
            return f"{self.refund_amount_cents} at {self.ordered_at or 'any time'}"
        return self.refund_id
