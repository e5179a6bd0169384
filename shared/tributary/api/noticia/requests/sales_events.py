"""Sales events as points of sale report them, converted to the domain's terms."""

import json
import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, model_validator

from tributary.api.http.bodies import EitherBody
from tributary.api.http.fields import WHOLE, Minor, Name, PastMoment, Price, Quantity, Text, Word
from tributary.api.http.inputs import patterns
from tributary.api.http.inputs.taken import refuse, takes, takes_named
from tributary.api.http.json_text import exact_json
from tributary.api.http.unread_members import money
from tributary.api.noticia.requests.exact_json import Free, Properties
from tributary.domain.money import MAX_MINOR, major_text
from tributary.domain.sales_event import SOURCE, Article, SalesEvent
from tributary.ledger.orders import sales_events

#: With two details per line and a discount, a sale stays within 1,000 lines, the size decisions are measured for.
MAX_LINES = 499

_OWN = "ntca_"
_MOMENT = re.compile(patterns.moment(optional_offset=False))
_UNREAD = money("shipping", "fee", instead="is not read: send a line of line_items instead.")
_UNREAD |= money("refund", instead="is not read: send an event of the type RETURN instead.")


@takes(pattern=f"^(?!{_OWN})")
def _not_ours(value: str) -> str:
    if value.startswith(_OWN):
        raise refuse("FORMAT", f"must not begin with {_OWN}.")
    return value


@takes_named(
    "MomentWithOffset",
    type="string",
    pattern=f"^{_MOMENT.pattern}$",
    description="ISO 8601 with an offset, not in the future.",
    examples=["2026-11-21T12:00:00Z"],
)
def _with_offset(value: Any) -> Any:
    if isinstance(value, str) and not _MOMENT.fullmatch(value):
        raise refuse("FORMAT", "must be an ISO 8601 date and time with an offset.")
    return value


#: Requires an offset before parsing, since text without one would be read as UTC.
Given = Annotated[PastMoment, BeforeValidator(_with_offset)]


class ProductReport(EitherBody):
    """A sold product."""

    external_id: Text | None = None
    name: Text | None = None
    properties: Properties | None = None


class LineReport(EitherBody):
    """One line; `total_price_cents` covers the whole quantity, regardless of the unit price."""

    unread = money("discount", instead="is not read: total_price_cents is what the line cost, less its discount.")

    quantity: Quantity
    total_price_cents: Minor
    external_id: Text | None = None
    unit_price_cents: Price | None = None
    tax_cents: Minor | None = None
    product: ProductReport | None = None

    def to_article(self, currency: str) -> Article:
        product = self.product or ProductReport()
        category = (product.properties or {}).get("category")
        held = {
            "externalId": self.external_id,
            "sku": product.external_id,
            "categories": json.dumps([category], ensure_ascii=False) if isinstance(category, str) else None,
        }
        attributes = {name: value for name, value in held.items() if value is not None}
        name = product.name or product.external_id or self.external_id or "Item"
        price = None if self.unit_price_cents is None else major_text(self.unit_price_cents, currency)
        return Article(name, self.quantity, self.total_price_cents, attributes, price)


class SalesEventBody(EitherBody):
    """A purchase or a return; amounts in minor units. `store` and `profile` are aliases of `store_id` and
    `profile_id`."""

    names = frozenset({"external_id"})
    unread = _UNREAD
    unread |= money("discount", instead="is not read: send total_discount_cents instead.")
    unread |= money("tax", instead="is not read: send total_tax_cents instead.")

    type: Literal["PURCHASE", "RETURN"]
    occurred_at: Given
    store_id: Text
    currency: Literal["EUR", "GBP", "USD", "CHF"]
    total_amount_cents: Annotated[int, Field(ge=1, le=MAX_MINOR), WHOLE]
    total_discount_cents: Minor
    line_items: Annotated[list[LineReport], Field(min_length=1, max_length=MAX_LINES)]
    external_id: Annotated[Name, AfterValidator(_not_ours)] | None = None
    profile_id: Name | None = None
    total_tax_cents: Minor | None = None
    source: Word = SOURCE
    payments: Annotated[list[Free], Field(max_length=50)] | None = None
    loyalty: Free | None = None
    metadata: Free | None = None

    @model_validator(mode="before")
    @classmethod
    @takes()
    def _references(cls, document: Any) -> Any:
        if not isinstance(document, dict):
            return document
        short = {"store", "profile"} & document.keys()
        if twice := sorted(f"{name}_id" for name in short if {f"{name}_id", f"{name}Id"} & document.keys()):
            raise refuse("FORMAT", f"names {', '.join(twice)} in both spellings.")
        return {f"{name}_id" if name in short else name: value for name, value in document.items()}

    @model_validator(mode="after")
    @takes()
    def _lines_can_be_added(self) -> "SalesEventBody":
        if sum(line.total_price_cents for line in self.line_items) > MAX_MINOR:
            raise refuse("MAX", "is too large in sum.", field="line_items", max=MAX_MINOR)
        return self

    def to_event(self, organization: str, now: str, automations: bool = True) -> SalesEvent:
        """The event; a clock ahead of ours must not reach later visits."""
        said = _given(self)
        beyond = {name: said[name] for name in ("line_items", "payments", "loyalty", "metadata") if name in said}
        return SalesEvent(
            sales_events.new_id(organization, self.external_id),
            self.external_id,
            self.type,
            min(self.occurred_at, now),
            self.currency,
            self.total_amount_cents,
            self.total_discount_cents,
            self.total_tax_cents,
            self.source,
            tuple(line.to_article(self.currency) for line in self.line_items),
            exact_json(beyond),
            automations,
        )


def _given(value: Any) -> Any:
    """The members that a body has, as sent; null counts as absent, except within the caller's own objects."""
    if isinstance(value, BaseModel):
        return {name: _given(it) for name, it in value if name in value.model_fields_set and it is not None}
    return [_given(it) for it in value] if isinstance(value, list) else value
