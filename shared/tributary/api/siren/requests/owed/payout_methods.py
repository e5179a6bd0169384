"""Payout methods, payers and payment files."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from tributary.api.http.bodies import RequestBody
from tributary.api.http.fields import Currency
from tributary.api.http.inputs import patterns
from tributary.api.http.inputs.taken import refuse, takes
from tributary.api.siren.requests.settings import Minimum
from tributary.domain.errors import Failure, ValidationFailed
from tributary.payments import methods, payers
from tributary.payments.checks import Refusal
from tributary.payments.methods import PayoutMethod
from tributary.payments.payers import Payer

_FEW = 20


_DAY = re.compile(patterns.day())


@takes(pattern=f"^{_DAY.pattern}$")
def _day(value: str) -> str:
    if not _DAY.fullmatch(value):
        raise refuse("FORMAT", "must be a date, as 2026-12-31.")
    return value


class PayoutSettingsBody(RequestBody):
    """A collaborator's payout method, and least amounts of a payout in minor units: absent ones stay, null removes the
    method."""

    method: Annotated[dict[str, Any], Field(max_length=_FEW)] | None = None
    minimum_payout: Annotated[dict[Currency, Minimum], Field(max_length=50)] = {}

    def checked(self) -> PayoutMethod | None:
        """ValidationFailed with every failed check; none repeats a value."""
        if self.method is None:
            return None
        method, refusals = methods.checked(self.method)
        _require(refusals, "method.")
        return method


class PayerBody(RequestBody):
    """The accounts that pay, by kind of transfer: all that there shall be."""

    sepa: Annotated[dict[str, Any], Field(max_length=_FEW)] | None = None
    ach: Annotated[dict[str, Any], Field(max_length=_FEW)] | None = None
    wise: Annotated[dict[str, Any], Field(max_length=_FEW)] | None = None

    def checked(self) -> Payer:
        """ValidationFailed with every failed check; none repeats a value. An empty body would remove all accounts."""
        if not self.model_fields_set:
            raise ValidationFailed([Failure("sepa", "One of sepa, ach and wise is required.", "REQUIRED")])
        payer, refusals = payers.checked_payer(self.model_dump(exclude_none=True))
        _require(refusals)
        return payer or Payer()


class PaymentFilesBody(RequestBody):
    """The day on which the bank shall pay."""

    execution_date: Annotated[str, AfterValidator(_day)]


def _require(refusals: tuple[Refusal, ...], path: str = "") -> None:
    failures = [Failure(path + it.field, f"{path}{it.field} {it.reason}", it.type) for it in refusals]
    if failures:
        raise ValidationFailed(failures)
