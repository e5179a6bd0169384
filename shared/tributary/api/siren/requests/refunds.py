"""Refunds as shops report them: of a whole sale or, with a `refundId`, of a part."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from tributary.api.http.bodies import RequestBody
from tributary.api.http.fields import (
    Amount,
    AnyCurrency,
    LongText,
    NameOrNumber,
    PastMoment,
    Quantity,
    TextOrNumber,
    Word,
)
from tributary.api.http.inputs import patterns
from tributary.api.http.inputs.numbers import whole
from tributary.api.http.inputs.taken import refuse, takes
from tributary.api.http.unread_members import money
from tributary.api.siren.requests.sales import MAX_ITEMS
from tributary.domain.endings import UNDATED
from tributary.domain.refund import RefundedItem, RefundRequest
from tributary.ledger.refunds.refund_items import WHOLE, Reported, Withdrawal


@takes(exclusiveMinimum=0, pattern=patterns.POSITIVE, description="Major units.")
def _positive(value: Decimal) -> Decimal:
    if value <= 0:
        raise refuse("MIN", "must be more than 0.", min=0)
    return value


Part = Annotated[Amount, AfterValidator(_positive)]


class RefundedItemReport(RequestBody):
    """The refunded part of an item, named by its `externalId` or by its `position` among the items, from 0.

    `amount` is per unit, as in the sale."""

    amount: Part
    quantity: Quantity = Decimal(1)
    external_id: TextOrNumber | None = None
    position: Annotated[int, Field(ge=0, lt=MAX_ITEMS), BeforeValidator(whole)] | None = None

    @model_validator(mode="after")
    def _names_a_line(self) -> "RefundedItemReport":
        if (self.external_id is None) == (self.position is None):
            raise refuse("REQUIRED", "is required, or a position instead of it.", field="externalId")
        return self


_INSTEAD = "is not read: send amount with a refundId instead."


class RefundReport(RequestBody):
    """A refund. Without a `refundId` it is of the whole sale; with one it is of the `amount`, of the `items`, or of all
    that is left. An amount beyond the items' sum belongs to no particular line."""

    names = frozenset({"refund_id"})
    unread = money("refund", instead=_INSTEAD) | dict.fromkeys(("total", "value", "amounts"), _INSTEAD)
    unread |= dict.fromkeys(("lineitems", "refundlineitems"), "is not read: send items with a refundId.")

    source: Word
    external_id: NameOrNumber
    currency: AnyCurrency | None = None
    amount: Part | None = None
    items: Annotated[list[RefundedItemReport], Field(min_length=1, max_length=MAX_ITEMS)] | None = None
    refund_id: NameOrNumber | None = None
    reason: LongText = ""
    occurred_at: PastMoment | None = None

    @classmethod
    def never_null(cls, _document: Mapping[str, Any]) -> Mapping[str, str]:
        return dict.fromkeys(("amount", "items"), "must not be null: leave it out to refund all that is left.")

    @model_validator(mode="after")
    def _a_part_has_a_name(self) -> "RefundReport":
        if self.refund_id is None and (self.amount is not None or self.items is not None):
            raise refuse("REQUIRED", "is required with an amount or items.", field="refundId")
        return self

    @property
    def part(self) -> Reported | None:
        """The partial refund, or None for the whole sale's."""
        if self.refund_id is None:
            return None
        items = tuple(
            RefundedItem(item.amount, item.external_id, item.position, item.quantity) for item in self.items or ()
        )
        demand = RefundRequest(self.amount, items)
        return Reported(self.source, self.external_id, self.refund_id, demand, self.reason, self.currency)

    @property
    def whole(self) -> Reported:
        """The refund of the whole sale, as of its moment."""
        named = (self.source, self.external_id, WHOLE)
        return Reported(*named, RefundRequest(), self.reason, self.currency, self.occurred_at or UNDATED)


class RefundWithdrawalReport(RequestBody):
    """The withdrawal of one refund, by its `refundId`, for good; or without it, of whole refunds and cancellations up
    to `occurredAt`."""

    names = frozenset({"refund_id"})
    unread = dict.fromkeys(("amount", "items", "total"), "is not read: a refund is withdrawn as a whole.")

    source: Word
    external_id: NameOrNumber
    refund_id: NameOrNumber | None = None
    occurred_at: PastMoment | None = None

    @model_validator(mode="after")
    def _is_of_a_moment(self) -> "RefundWithdrawalReport":
        if self.refund_id is None and self.occurred_at is None:
            raise refuse("REQUIRED", "is required without a refundId.", field="occurredAt")
        return self

    @property
    def withdrawal(self) -> Withdrawal:
        return Withdrawal(self.source, self.external_id, self.refund_id, self.occurred_at or UNDATED)
