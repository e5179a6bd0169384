"""The customer of an order, who is the subscriber that clients read back."""

from typing import Annotated, Any

from pydantic import Field

from tributary.api.fields import RequestBody
from tributary.api.sequenzy.attributes import Attributes
from tributary.api.sequenzy.fields import Email, OptionalText
from tributary.domain.customer import COUNTED, netted
from tributary.domain.errors import NotFound
from tributary.ledger import customers, organization_settings
from tributary.ledger.customers import Identity
from tributary.ledger.values import Item

Name = Annotated[str, Field(max_length=255)]


class CustomerReport(RequestBody):
    """Who placed the order. What is left out stays as it was known, null clears it."""

    email: Email
    external_id: OptionalText = None
    first_name: Name | None = None
    last_name: Name | None = None
    attributes: Attributes = {}

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
    """The customer that an e-mail leads to, with what the orders sum up to in each currency, net of refunds if the
    organization has chosen so. NotFound if there is none."""
    item = customers.find(organization, "email", email)
    if item is None:
        raise NotFound("There is no such subscriber.")
    return _shown(item, organization_settings.get(organization)["netRefunds"])


def _shown(item: Item, net: bool) -> dict[str, Any]:
    listed = item["listed"]
    known = {name: listed[name] for name in ("id", "email", "externalId", "firstName", "lastName", "attributes")}
    kept = ("currency", "ltv", "aov", "netSpent", *COUNTED)
    rows = map(netted, listed["totals"]) if net else listed["totals"]
    totals = [{name: row[name] for name in kept} for row in rows]
    return {**known, "totals": totals, "dateCreated": listed["dateCreated"], "dateModified": listed["dateModified"]}
