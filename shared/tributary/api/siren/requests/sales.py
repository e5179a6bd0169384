"""Sales as shops report them, converted to the domain's terms."""

import json
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, model_validator

from tributary.api.http.bodies import Dated, RequestBody
from tributary.api.http.fields import (
    Amount,
    AnyCurrency,
    Identifier,
    LongText,
    Name,
    NameOrNumber,
    PastMoment,
    PositiveAmount,
    Quantity,
    Reduction,
    Text,
    TextOrNumber,
    Word,
    signed_by_type,
    without_blanks,
)
from tributary.api.http.inputs import blanks
from tributary.api.http.inputs.taken import refuse, takes
from tributary.api.http.unread_members import money
from tributary.domain.codes import MAX_COUPONS, codes_of
from tributary.domain.errors import Failure, ValidationFailed
from tributary.domain.money import (
    MAX_MINOR,
    AmountTooLarge,
    DiscountTooLarge,
    line_total,
    major_text,
    minor_units,
    unit_text,
)
from tributary.domain.transaction import Line, Sale, divided, magnitude

MAX_ITEMS = 1000

_UNREAD = money("discount", "tax", "shipping", "fee", instead="is not read: send an item of the type {kind} instead.")
_UNREAD |= money("refund", instead="is not read: send it to /event/refund instead.")
_OF_ITEMS = money("discount", instead="is not read: send discount, or an item of the type discount, instead.")

_SIGNED = signed_by_type(
    description="Major units, per unit; negative with the types discount, fee and rounding, and with no other."
)


class ItemReport(RequestBody):
    """One line of a sale, in major units: `amount` is per unit, `discount` is taken off the whole line."""

    unread = _UNREAD | _OF_ITEMS

    type: Word = "product"
    amount: Annotated[Amount, _SIGNED]
    name: Text | None = None
    external_id: TextOrNumber | None = None
    quantity: Quantity = Decimal(1)
    discount: Reduction = Decimal(0)
    description: LongText | None = None
    sku: TextOrNumber | None = None
    categories: Annotated[list[Text], Field(max_length=100), BeforeValidator(without_blanks)] | None = None
    collaborators: Annotated[list[Identifier], Field(max_length=100)] | None = None


@takes(description="Required without couponCodes and referral.")
def _named(tracking_id: int | None, known: ValidationInfo) -> int | None:
    """Refuse a sale that names neither an opportunity nor a code; a code that is refused already is one."""
    if tracking_id is None and not any(known.data.get(name, True) for name in ("coupon_codes", "referral")):
        raise refuse("REQUIRED", "is required without couponCodes and referral.")
    return tracking_id


class SaleContent(RequestBody, Dated):
    """A sale or a later version of it; amounts in major units of `currency`."""

    unread = _UNREAD | {"lineitems": "is not read: send items."}

    source: Word
    external_id: NameOrNumber
    total: PositiveAmount
    currency: AnyCurrency = "USD"
    items: Annotated[list[ItemReport], Field(max_length=MAX_ITEMS)] | None = None
    occurred_at: PastMoment | None = None

    def as_sale(self, now: str, tracking_id: int | None = None, **members: Any) -> Sale:
        """The sale in minor units. ValidationFailed for amounts too large in their currency."""
        failures: list[Failure] = []
        total = _minor("total", self.total, self.currency, failures)
        lines = tuple(
            line for position, item in enumerate(self.items or ()) for line in self._lines(position, item, failures)
        )
        if not failures and magnitude(lines) > MAX_MINOR:
            failures.append(Failure("items", "items is too large in sum.", "MAX", {"max": MAX_MINOR}))
        if failures:
            raise ValidationFailed(failures)
        # A clock ahead of ours must not reach later visits.
        occurred_at = min(self.occurred_at or now, now)
        key = (self.source, self.external_id, tracking_id)
        return Sale(*key, total, self.currency, occurred_at, lines, **members)

    def _lines(self, position: int, item: ItemReport, failures: list[Failure]) -> tuple[Line, ...]:
        field = f"items[{position}]"
        try:
            total = line_total(item.amount, item.quantity, self.currency, item.discount)
        except AmountTooLarge:
            about = "is too large times its quantity."
            failures.append(Failure(f"{field}.amount", f"{field}.amount {about}", "MAX", {"max": MAX_MINOR}))
            return ()
        except DiscountTooLarge as error:
            most = major_text(error.most, self.currency)
            about = f"must be at most {most}, the cost of the item."
            failures.append(Failure(f"{field}.discount", f"{field}.discount {about}", "MAX", {"max": most}))
            return ()
        name, attributes = item.name or item.external_id or "Item", _attributes(item)
        if off := minor_units(item.discount, self.currency):
            attributes["discount"] = major_text(off, self.currency)
        line = Line(name, 0, 1, item.type, item.description or "", attributes)
        return divided(line, total, item.quantity, unit_text(item.amount))


class SaleReport(SaleContent):
    """A sale, and what it says of the partners who referred it."""

    coupon_codes: Annotated[list[Name], Field(max_length=MAX_COUPONS), BeforeValidator(without_blanks)] | None = None
    referral: Name | None = None
    tracking_id: Annotated[Identifier | None, AfterValidator(_named)] = None

    @model_validator(mode="before")
    @classmethod
    @takes()
    def _checked_when_absent(cls, document: Any) -> Any:
        """Say that the member is absent: pydantic checks no default, or else names it in snake_case."""
        if not isinstance(document, dict):
            return document
        given = document.get("trackingId")
        return {**document, "trackingId": None if blanks.is_blank(given) else given}

    def to_sale(self, now: str, automations: bool = True) -> Sale:
        """The sale in minor units. ValidationFailed for amounts too large in their currency."""
        codes = codes_of(self.referral, self.coupon_codes or ())
        return self.as_sale(now, self.tracking_id, automations=automations, codes=codes)


def _minor(field: str, amount: Decimal, currency: str, failures: list[Failure]) -> int:
    try:
        return minor_units(amount, currency)
    except AmountTooLarge:
        failures.append(Failure(field, f"{field} is too large.", "MAX", {"max": MAX_MINOR}))
        return 0


def _attributes(item: ItemReport) -> dict[str, str]:
    """Attributes as stored: texts, lists as JSON."""
    texts = {
        "externalId": item.external_id,
        "sku": item.sku,
        "categories": None if item.categories is None else json.dumps(item.categories, ensure_ascii=False),
        "collaborators": None if item.collaborators is None else json.dumps(item.collaborators),
    }
    return {name: value for name, value in texts.items() if value is not None}
