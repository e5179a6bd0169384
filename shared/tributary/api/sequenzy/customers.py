"""The customer of an order, who is the subscriber that clients read back."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from tributary.api.fields import RequestBody, refuse, takes
from tributary.api.sequenzy.fields import Email, OptionalText, well_formed
from tributary.domain.customer import COUNTED
from tributary.domain.errors import NotFound
from tributary.ledger import customers
from tributary.ledger.customers import Identity
from tributary.ledger.values import Item

_MAX_ATTRIBUTES = 100
_MAX_VALUES = 100
_MAX_LENGTH = 1000


@takes(description="Scalars, or lists of them.", maxProperties=_MAX_ATTRIBUTES)
def _attributes(given: dict[str, Any]) -> dict[str, Any]:
    if len(given) > _MAX_ATTRIBUTES:
        raise refuse("LENGTH", f"must have at most {_MAX_ATTRIBUTES} entries.", max=_MAX_ATTRIBUTES)
    return {_text(name): _value(value) for name, value in given.items()}


def _value(value: Any) -> Any:
    """A number with a point is kept as its decimal text: the ledger has no floats."""
    if isinstance(value, list) and len(value) <= _MAX_VALUES:
        return [_scalar(inner) for inner in value]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, (dict, list)):
        raise refuse("TYPE", f"must have scalars as its values, or lists of up to {_MAX_VALUES} of them.")
    if isinstance(value, int) and abs(value) >= 2**53:
        raise refuse("MAX", "has a number that is too large.")
    return _text(str(value)) if isinstance(value, (str, Decimal)) else value


def _text(text: str) -> str:
    if len(text) > _MAX_LENGTH:
        raise refuse("LENGTH", f"must have names and values of at most {_MAX_LENGTH} characters.", max=_MAX_LENGTH)
    if not well_formed(text):
        raise refuse("FORMAT", "must be well-formed text.")
    return text


Name = Annotated[str, Field(max_length=255)]


class CustomerReport(RequestBody):
    """Who placed the order. What is left out stays as it was known, null clears it."""

    email: Email
    external_id: OptionalText = None
    first_name: Name | None = None
    last_name: Name | None = None
    attributes: Annotated[dict[str, Any], AfterValidator(_attributes)] = {}

    @property
    def identity(self) -> Identity:
        return Identity(self.email, self.external_id)

    @property
    def profile(self) -> dict[str, Any]:
        """What was said: null clears a name, a blank one says nothing."""
        names = {"firstName": ("first_name", self.first_name), "lastName": ("last_name", self.last_name)}
        told = {
            name: value
            for name, (field, value) in names.items()
            if field in self.model_fields_set and (value is None or value.strip())
        }
        return {**told, "attributes": self.attributes}


def subscriber(organization: str, email: str) -> dict[str, Any]:
    """The customer that an e-mail leads to, with what the orders sum up to in each currency. NotFound if there is
    none."""
    item = customers.find(organization, "email", email)
    if item is None:
        raise NotFound("There is no such subscriber.")
    return _shown(item)


def _shown(item: Item) -> dict[str, Any]:
    listed = item["listed"]
    known = {name: listed[name] for name in ("id", "email", "externalId", "firstName", "lastName", "attributes")}
    kept = ("currency", "ltv", "aov", "netSpent", *COUNTED)
    totals = [{name: row[name] for name in kept} for row in listed["totals"]]
    return {**known, "totals": totals, "dateCreated": listed["dateCreated"], "dateModified": listed["dateModified"]}
