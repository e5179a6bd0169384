"""Stores as clients send them."""

from typing import Annotated, Any

from pydantic import AfterValidator

from tributary.api.http.bodies import EitherBody
from tributary.api.http.fields import Name, Text
from tributary.api.http.inputs.taken import refuse, takes


@takes(pattern="^(?!store_)")
def _not_a_stores_own(value: str) -> str:
    if value.startswith("store_"):
        raise refuse("FORMAT", "must not begin with store_.")
    return value


class AddressBody(EitherBody):
    """A store's address."""

    line1: Text | None = None
    line2: Text | None = None
    postal_code: Text | None = None
    city: Text | None = None
    country: Text | None = None


class StoreBody(EitherBody):
    """A store, by its external id. Absent members stay unchanged; null clears."""

    external_id: Annotated[Name, AfterValidator(_not_a_stores_own)]
    name: Text | None = None
    address: AddressBody | None = None

    @property
    def given(self) -> dict[str, Any]:
        said = self.model_dump(exclude={"external_id"})
        return {name: value for name, value in said.items() if name in self.model_fields_set}
