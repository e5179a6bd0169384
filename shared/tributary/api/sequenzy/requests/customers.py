"""The customer of an order."""

from typing import Annotated, Any

from pydantic import Field

from tributary.api.http.bodies import RequestBody
from tributary.api.http.fields import Email, NameOrNumber
from tributary.api.sequenzy.requests.attributes import Attributes
from tributary.ledger.customers.customers import Identity

Name = Annotated[str, Field(max_length=255)]


class CustomerReport(RequestBody):
    """The customer of an order. Absent members stay unchanged, null clears."""

    email: Email
    external_id: NameOrNumber | None = None
    first_name: Name | None = None
    last_name: Name | None = None
    attributes: Attributes = {}

    @property
    def identity(self) -> Identity:
        return Identity(self.email, self.external_id)

    @property
    def profile(self) -> dict[str, Any]:
        """Reported members: null clears a name, a blank one is ignored."""
        names = {"firstName": ("first_name", self.first_name), "lastName": ("last_name", self.last_name)}
        reported = {
            name: value
            for name, (field, value) in names.items()
            if field in self.model_fields_set and (value is None or value.strip())
        }
        return {**reported, "attributes": self.attributes}
