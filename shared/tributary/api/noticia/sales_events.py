"""Sales events as points of sale report them, read into the domain's terms; and the answers they get."""

import json
from datetime import datetime
from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler import Response
from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from tributary.api.edge import Answered
from tributary.api.fields import EitherBody, PastMoment, Text, Word, refuse, takes
from tributary.api.forms import json_text
from tributary.api.noticia.exact import Free, Properties, exact_json
from tributary.domain import customer, times
from tributary.domain.errors import StoreKeyNotAllowed
from tributary.domain.money import MAX_MINOR
from tributary.domain.sales_event import SOURCE, Article, SalesEvent
from tributary.ledger import sales_events
from tributary.ledger.api_keys import Principal
from tributary.ledger.values import Item

#: With two details for each and a discount, a sale stays within the thousand lines that decisions are measured for.
MAX_LINES = 499
_OWN = "ntca_"


@takes(pattern=f"^(?!{_OWN})")
def _not_ours(value: str) -> str:
    if value.startswith(_OWN):
        raise refuse("FORMAT", f"must not begin with {_OWN}.")
    return value


@takes(format="date-time", description="ISO 8601 with an offset, not in the future.")
def _with_offset(value: Any) -> Any:
    try:
        known = not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        known = False
    if not known:
        raise refuse("FORMAT", "must be an ISO 8601 date and time with an offset.")
    return value


Cents = Annotated[int, Field(ge=0, le=MAX_MINOR)]
#: Checked to have an offset before it is read, since text without one would be read as UTC.
Given = Annotated[PastMoment, BeforeValidator(_with_offset)]


class ProductReport(EitherBody):
    """What was sold."""

    external_id: Text | None = None
    name: Text | None = None
    properties: Properties | None = None


class LineReport(EitherBody):
    """One line; its price is that of the whole quantity, whatever the unit price says."""

    quantity: Annotated[int, Field(ge=1, le=1_000_000)]
    total_price_cents: Cents
    external_id: Text | None = None
    unit_price_cents: Cents | None = None
    tax_cents: Cents | None = None
    product: ProductReport | None = None

    def to_article(self) -> Article:
        product = self.product or ProductReport()
        category = (product.properties or {}).get("category")
        held = {
            "externalId": self.external_id,
            "sku": product.external_id,
            "categories": json.dumps([category], ensure_ascii=False) if isinstance(category, str) else None,
        }
        attributes = {name: value for name, value in held.items() if value is not None}
        name = product.name or product.external_id or self.external_id or "Item"
        return Article(name, self.quantity, self.total_price_cents, attributes)


class SalesEventBody(EitherBody):
    """A purchase or a return; amounts in minor units. `store` and `profile` are other names of `store_id` and
    `profile_id`."""

    type: Literal["PURCHASE", "RETURN"]
    occurred_at: Given
    store_id: Text
    currency: Literal["EUR", "GBP", "USD", "CHF"]
    total_amount_cents: Annotated[int, Field(ge=1, le=MAX_MINOR)]
    total_discount_cents: Cents
    line_items: Annotated[list[LineReport], Field(min_length=1, max_length=MAX_LINES)]
    external_id: Annotated[Text, AfterValidator(_not_ours)] | None = None
    profile_id: Text | None = None
    total_tax_cents: Cents | None = None
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
        """The event; a clock ahead of ours must not reach visits that are still to come."""
        said = self.model_dump(exclude_unset=True)
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
            tuple(line.to_article() for line in self.line_items),
            exact_json(beyond),
            automations,
        )


def seller(principal: Principal) -> Principal:
    """Refuses a key that is bound to another source than that of all points of sale."""
    if principal.source not in (None, SOURCE):
        raise StoreKeyNotAllowed("This API key is bound to another source.", {"source": principal.source})
    return principal


def push(caller: Principal, body: SalesEventBody, automations: bool = True) -> Answered:
    """Records an event once, and answers with what is stored."""
    now = times.now()
    event = body.to_event(caller.organization, now, automations)
    recorded = sales_events.record(caller.organization, event, body.store_id, body.profile_id, now)
    status = 201 if recorded.created else 200
    return Answered(Response(status, "application/json", whole(recorded.item)), recorded.created)


def row_keys(body: SalesEventBody) -> list[tuple[str, ...]]:
    """The buyer is one, since whoever is not known is made."""
    named = {"event": body.external_id, "profile": body.profile_id}
    return [(kind, text) for kind, text in named.items() if text is not None]


def row(listed: Item) -> dict[str, Any]:
    """An event as lists show it. The buyer is told by Tributary's own id only, so that an erasure leaves no other."""
    profile = listed["customerId"]
    return {
        "id": listed["id"],
        "external_id": listed["externalId"],
        "type": listed["type"],
        "occurred_at": listed["occurredAt"],
        "store_id": listed["storeId"],
        "store_external_id": listed["storeExternalId"],
        "profile_id": None if profile is None else customer.spelled(profile),
        "currency": listed["currency"],
        "total_amount_cents": listed["total"],
        "total_discount_cents": listed["discount"],
        "total_tax_cents": listed["tax"],
        "source": listed["source"],
        "created_at": listed["dateCreated"],
    }


def whole(item: Item) -> str:
    """The stored event as JSON text: its row, and what else was reported, as it was."""
    return f"{json_text(row(item['listed']))[:-1]},{item['text'][1:]}"
