"""Conversions made by hand, and reviews."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from tributary.api.http.bodies import RequestBody
from tributary.api.http.fields import WHOLE, Currency, Identifier, Slug
from tributary.api.siren.requests.checks import known
from tributary.domain.conversion import REVIEWS
from tributary.domain.errors import Failure, ValidationFailed
from tributary.domain.money import MAX_MINOR
from tributary.ledger.earnings import reviews

MAX_BULK = 500
#: The review that leads to each status that a client may set.
_SETTING = {REVIEWS[action][0]: action for action in ("approve", "reject", "markPending")}


class ReviewBody(RequestBody):
    """A review of conversions in bulk."""

    action: Annotated[str, known(*REVIEWS, reviews.FOR_GOOD)]
    ids: Annotated[list[Identifier], Field(min_length=1, max_length=MAX_BULK)]


class ConversionBody(RequestBody):
    """A conversion made by hand for an engagement, of a sale or without one."""

    engagement_id: Identifier
    type: Slug
    status: Annotated[str, known(*_SETTING)]
    transaction_id: Identifier | None = None


class ConversionChange(RequestBody):
    """The status of a conversion. Other members may be sent back as read; a decision has fixed them."""

    status: Annotated[str, known(*_SETTING)] = ""
    engagement_id: Identifier | None = None
    transaction_id: Identifier | None = None
    obligation_id: Identifier | None = None
    program_id: Identifier | None = None
    collaborator_id: Identifier | None = None
    type: Slug | None = None
    value: Annotated[int, Field(ge=-MAX_MINOR, le=MAX_MINOR), WHOLE] | None = None
    currency: Currency | None = None

    def review(self, listed: Mapping[str, Any]) -> str | None:
        """The review that brings a listed conversion to the given status. ValidationFailed for another member that
        differs."""
        given = self.model_dump(by_alias=True, exclude={"status"}, exclude_none=True)
        differing = [name for name, value in given.items() if listed[name] != value]
        if differing:
            sentence = "cannot be changed: a decision has fixed it."
            raise ValidationFailed([Failure(name, f"{name} {sentence}", "UNKNOWN") for name in differing])
        return _SETTING.get(self.status)
