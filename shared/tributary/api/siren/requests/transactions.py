"""Manual transactions, endings and credits."""

import json
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field, PlainValidator

from tributary.api.http.bodies import RequestBody
from tributary.api.http.collaborator_field import collaborator
from tributary.api.http.fields import (
    WHOLE,
    Currency,
    Identifier,
    LongText,
    Minor,
    NameOrNumber,
    Quantity,
    Slug,
    Text,
    Word,
    signed_by_type,
    well_formed,
)
from tributary.api.http.inputs.taken import SCHEMAS, refuse, reshapes, takes
from tributary.api.http.unread_members import money
from tributary.api.siren.requests.checks import known
from tributary.api.siren.requests.conversions import MAX_BULK
from tributary.api.siren.requests.sales import MAX_ITEMS
from tributary.domain.errors import Failure, ValidationFailed
from tributary.domain.money import MAX_MINOR, DiscountTooLarge, major_text, minor_total
from tributary.domain.transaction import Line, Sale, divided, magnitude
from tributary.ledger.programs.collaborators import Alias
from tributary.ledger.sales import transaction_items

MAX_CREDITED = 100
_UNREAD = money("discount", "tax", "shipping", "fee", instead="is not read: send a detail of the type {kind} instead.")
_OF_DETAILS = money("discount", instead="is not read: send discount, or a detail of the type discount, instead.")
_LARGEST = 10**12
_MAX_ATTRIBUTES, _MAX_NAME = 50, 64
_SIGNED = signed_by_type(
    minimum=-_LARGEST,
    maximum=_LARGEST,
    description="Minor units, per unit; negative with the types discount, fee and rounding only.",
)


@takes(
    type="object",
    additionalProperties={},
    maxProperties=_MAX_ATTRIBUTES,
    propertyNames={"minLength": 1, "maxLength": _MAX_NAME},
)
def _attributes(given: Any) -> dict[str, str]:
    """Texts unchanged, everything else as JSON."""
    few = isinstance(given, dict) and len(given) <= _MAX_ATTRIBUTES
    if not few or not all(0 < len(name) <= _MAX_NAME for name in given):
        about = f"must be an object of at most {_MAX_ATTRIBUTES} members with names of up to {_MAX_NAME} characters."
        raise refuse("TYPE", about)
    kept = {name: value if isinstance(value, str) else _json(value) for name, value in given.items()}
    try:
        "".join((*kept, *kept.values())).encode()
    except UnicodeEncodeError:  # the ledger cannot store half a surrogate pair
        raise refuse("FORMAT", "must be well-formed text.") from None
    return kept


def _json(value: Any) -> str:
    if isinstance(value, Decimal):
        return str(value)
    try:
        return json.dumps(value, ensure_ascii=False, default=_number)
    except (TypeError, RecursionError):
        raise refuse("TYPE", "must hold JSON.") from None


def _number(value: Any) -> Any:
    """Numbers with a point were parsed as decimals; within JSON they become texts of the same digits."""
    return str(value)


class DetailBody(RequestBody):
    """One line, in minor units: `value` is per unit, `discount` is taken off the whole line."""

    unread = _UNREAD | _OF_DETAILS

    name: Text
    description: LongText = ""
    type: Word = "product"
    value: Annotated[int, Field(ge=-_LARGEST, le=_LARGEST), WHOLE, _SIGNED]
    quantity: Quantity = Decimal(1)
    discount: Minor = 0
    units: Currency = "USD"
    attributes: Annotated[dict[str, str], PlainValidator(_attributes)] = {}

    def to_lines(self) -> tuple[Line, ...]:
        """One detail; a quantity that is not whole counts as one unit. DiscountTooLarge for more than it costs."""
        off = {"discount": major_text(self.discount, self.units)} if self.discount else {}
        line = Line(self.name, 0, 1, self.type, self.description, {**self.attributes, **off})
        total = minor_total(self.value, self.quantity, self.discount)
        return divided(line, total, self.quantity, major_text(self.value, self.units))


class TransactionBody(RequestBody):
    """A transaction without a reported event. `bindingId` and `bindingDataType` name its order; without both, no report
    can repeat it."""

    names = frozenset({"binding_id", "binding_data_type"})
    unread = _UNREAD

    details: Annotated[list[DetailBody], Field(min_length=1, max_length=MAX_ITEMS)]
    binding_id: NameOrNumber | None = None
    binding_data_type: Word | None = None

    def to_sale(self, now: str) -> Sale:
        """ValidationFailed for half a binding, more than one currency, or sums that are too large."""
        failures: list[Failure] = []
        if (self.binding_id is None) != (self.binding_data_type is None):
            field = "bindingId" if self.binding_id is None else "bindingDataType"
            failures.append(Failure(field, f"{field} is required with the other half of the binding.", "REQUIRED"))
        currency = self.details[0].units
        for place, detail in enumerate(self.details):
            if detail.units != currency:
                field = f"details[{place}].units"
                failures.append(Failure(field, f"{field} must be {currency}, as in the first detail.", "ENUM"))
        lines = tuple(line for place, detail in enumerate(self.details) for line in _lines(place, detail, failures))
        if magnitude(lines) > MAX_MINOR:
            failures.append(Failure("details", "details is too large in sum.", "MAX", {"max": MAX_MINOR}))
        if failures:
            raise ValidationFailed(failures)
        source = transaction_items.source_of(self.binding_data_type) if self.binding_data_type else ""
        # A sale of discounts only cost nothing: its total is never below zero, as in its events.
        total = max(0, sum(line.total for line in lines))
        return Sale(source, self.binding_id or "", None, total, currency, now, lines)


def _lines(place: int, detail: DetailBody, failures: list[Failure]) -> tuple[Line, ...]:
    try:
        return detail.to_lines()
    except DiscountTooLarge as error:
        field = f"details[{place}].discount"
        about = f"must be at most {error.most}, the cost of the detail."
        failures.append(Failure(field, f"{field} {about}", "MAX", {"max": error.most}))
        return ()


class EndBody(RequestBody):
    """Transactions to cancel, refund or delete."""

    action: Annotated[str, known("cancel", "refund", "delete")]
    ids: Annotated[list[Identifier], Field(min_length=1, max_length=MAX_BULK)]


@reshapes(SCHEMAS[collaborator])
def _credited(value: Any) -> int | Alias:
    """Refuses malformed text, which the answer about an unknown collaborator could not contain."""
    if isinstance(value, str) and not well_formed(value):
        raise refuse("FORMAT", "must be well-formed text.")
    return collaborator(value)


class CreditBody(RequestBody):
    """Sales to credit to a collaborator manually."""

    transaction_ids: Annotated[list[Identifier], Field(min_length=1, max_length=MAX_CREDITED)]
    collaborator_id: Annotated[int | Alias, PlainValidator(_credited)]
    type: Slug = "sale"
