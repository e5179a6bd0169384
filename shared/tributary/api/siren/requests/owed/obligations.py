"""Obligations by hand: credits and debits, reviews, changes."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from tributary.api.http.bodies import RequestBody
from tributary.api.http.collaborator_field import CollaboratorReference
from tributary.api.http.fields import WHOLE, Currency, Identifier, Moment, Text, Word
from tributary.api.http.inputs.taken import refuse, takes
from tributary.api.siren.requests.checks import known
from tributary.domain.money import MAX_MINOR
from tributary.domain.obligation import ACTIONS, SPOKEN
from tributary.ledger.earnings import credit_items
from tributary.ledger.earnings.obligations_by_hand import PERMANENT

MAX_BULK = 500


@takes(**{"not": {"const": 0}})
def _not_zero(value: int) -> int:
    if value == 0:
        raise refuse("MIN", "must not be 0.")
    return value


Value = Annotated[int, Field(ge=-MAX_MINOR, le=MAX_MINOR), WHOLE, AfterValidator(_not_zero)]


class ObligationBody(RequestBody):
    """A credit by hand in minor units, or a debit if it is negative, due at once unless `dueAt` is given."""

    collaborator_id: CollaboratorReference
    value: Value
    currency: Currency = "USD"
    award_type: Word = credit_items.BY_HAND
    status: Annotated[str, known("draft", "pending")] = "pending"
    due_at: Moment | None = None
    reason: Text | None = None


class ObligationChange(RequestBody):
    """The members of an obligation to change. Those with a conversion take a `status` only.

    null makes it due at once or removes the `reason`, and leaves everything else as it is."""

    status: Annotated[str, known(*SPOKEN)] | None = None
    value: Value | None = None
    award_type: Word | None = None
    due_at: Moment | None = None
    reason: Text | None = None

    @property
    def given(self) -> dict[str, Any]:
        """The members to change, `status` aside."""
        given = self.model_dump(by_alias=True, exclude={"status"}, exclude_unset=True)
        return {name: value for name, value in given.items() if value is not None or name in ("dueAt", "reason")}


class ObligationsBody(RequestBody):
    """An action on obligations in bulk."""

    action: Annotated[str, known(*(name for name in ACTIONS if name != "cancel"), PERMANENT)]
    ids: Annotated[list[Identifier], Field(min_length=1, max_length=MAX_BULK)]
