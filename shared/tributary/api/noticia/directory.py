"""Stores and profiles as Noticia's callers send and read them."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator

from tributary.api.fields import EitherBody, PastMoment, Text, refuse, takes
from tributary.domain import customer, rfm
from tributary.ledger.customers import Identity
from tributary.ledger.values import Item

_SEPARATORS = re.compile(r"[\s().\-/]")
_PHONE = re.compile(r"\+?[0-9]{6,15}", re.ASCII)
_EMAIL = r"^[^@\s]+@[^@\s]+$"


@takes(pattern="^(?!store_)")
def _not_a_stores_own(value: str) -> str:
    if value.startswith("store_"):
        raise refuse("FORMAT", "must not begin with store_.")
    return value


@takes(pattern="^(?!prof_)")
def _not_a_profiles_own(value: str) -> str:
    if customer.is_own(value):
        raise refuse("FORMAT", "must not begin with prof_.")
    return value


@takes(description="6 to 15 digits, perhaps after a plus; spaces, points, dashes, slashes and brackets are left out.")
def _phone(value: str) -> str:
    number = _SEPARATORS.sub("", value)
    if not _PHONE.fullmatch(number):
        raise refuse("FORMAT", "must be a telephone number of 6 to 15 digits.")
    return number


@takes(pattern=_EMAIL)
def _email(value: str) -> str:
    if not re.fullmatch(_EMAIL, value):
        raise refuse("FORMAT", "must be an e-mail address.")
    return value


class AddressBody(EitherBody):
    """Where a store is."""

    line1: Text | None = None
    line2: Text | None = None
    postal_code: Text | None = None
    city: Text | None = None
    country: Text | None = None


class StoreBody(EitherBody):
    """A store, by its external id. What is left out stays as it is; null clears."""

    external_id: Annotated[Text, AfterValidator(_not_a_stores_own)]
    name: Text | None = None
    address: AddressBody | None = None

    @property
    def given(self) -> dict[str, Any]:
        said = self.model_dump(exclude={"external_id"})
        return {name: value for name, value in said.items() if name in self.model_fields_set}


class ProfileBody(EitherBody):
    """A buyer, by the external id. What is left out stays as it is; null clears, but an e-mail only gives way to
    another. `updated_at` is the moment that it is of, if it is not now: the latest one holds, member by member."""

    external_id: Annotated[Text, AfterValidator(_not_a_profiles_own)]
    first_name: Text | None = None
    last_name: Text | None = None
    name: Text | None = None
    email: Annotated[Text, AfterValidator(_email)] | None = None
    phone: Annotated[Text, AfterValidator(_phone)] | None = None
    updated_at: PastMoment | None = None

    def moment(self, now: str) -> str:
        """What it is of; a clock ahead of ours must not outlast what is said next."""
        return min(self.updated_at or now, now)

    @property
    def identity(self) -> Identity:
        return Identity(email=self.email, external_id=self.external_id)

    @property
    def given(self) -> dict[str, Any]:
        names = {"first_name": "firstName", "last_name": "lastName", "name": "name", "phone": "phone"}
        return {names[it]: getattr(self, it) for it in names if it in self.model_fields_set}


def store(listed: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": listed["id"],
        "external_id": listed["externalId"],
        "name": listed["name"],
        "address": listed["address"],
        "created_at": listed["dateCreated"],
        "updated_at": listed["dateModified"],
    }


def profile(item: Item, scored: Item | None) -> dict[str, Any]:
    """With the scores by the bounds that were set last."""
    listed = item["listed"]
    return {
        "id": customer.spelled(listed["id"]),
        "external_id": listed["externalId"],
        "status": listed["status"],
        "first_name": listed["firstName"],
        "last_name": listed["lastName"],
        "name": listed["name"],
        "email": listed["email"],
        "phone": listed["phone"],
        "totals": [_totals(row) for row in listed["totals"]],
        "rfm": rfm.scores_of(listed, scored["bounds"]) if scored else [],
        "rfm_set_at": scored["setAt"] if scored else None,
        "created_at": listed["dateCreated"],
        "updated_at": listed["dateModified"],
    }


def _totals(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "currency": row["currency"],
        "purchases_count": row["ordersCount"],
        "purchased_cents": row["totalSpent"],
        "returned_cents": row["refundedTotal"],
        "net_cents": row["netSpent"],
        "average_purchase_cents": row["aov"],
    }
