"""Profiles as clients send them."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator

from tributary.api.http.bodies import EitherBody
from tributary.api.http.fields import MAIL, Name, PastMoment, Text, email
from tributary.api.http.inputs.taken import refuse, takes
from tributary.domain import customer
from tributary.ledger.customers.customers import Identity

_SEPARATOR = r"[\s().\-/]"
_PHONE = re.compile(rf"{_SEPARATOR}*\+?({_SEPARATOR}*[0-9]){{6,15}}{_SEPARATOR}*")

#: Requires no point after the at sign.
Email = Annotated[Text, email(f"{MAIL}+@{MAIL}+")]


@takes(pattern="^(?!prof_)")
def _not_a_profiles_own(value: str) -> str:
    if customer.is_own(value):
        raise refuse("FORMAT", "must not begin with prof_.")
    return value


@takes(
    pattern=f"^{_PHONE.pattern}$",
    description="6 to 15 digits, perhaps after a plus; spaces, points, dashes, slashes and brackets are left out.",
)
def _phone(value: str) -> str:
    if not _PHONE.fullmatch(value):
        raise refuse("FORMAT", "must be a telephone number of 6 to 15 digits.")
    return re.sub(_SEPARATOR, "", value)


class ProfileBody(EitherBody):
    """A buyer, by the external id. Absent members stay unchanged; null clears, except for an e-mail, which only another
    one replaces. `updated_at` dates the report, by default now: each member takes the latest value."""

    external_id: Annotated[Name, AfterValidator(_not_a_profiles_own)]
    first_name: Text | None = None
    last_name: Text | None = None
    name: Text | None = None
    email: Email | None = None
    phone: Annotated[Text, AfterValidator(_phone)] | None = None
    updated_at: PastMoment | None = None

    def moment(self, now: str) -> str:
        """The report's moment; a clock ahead of ours must not outrank later reports."""
        return min(self.updated_at or now, now)

    @property
    def identity(self) -> Identity:
        return Identity(email=self.email, external_id=self.external_id)

    @property
    def given(self) -> dict[str, Any]:
        names = {"first_name": "firstName", "last_name": "lastName", "name": "name", "phone": "phone"}
        return {names[it]: getattr(self, it) for it in names if it in self.model_fields_set}
