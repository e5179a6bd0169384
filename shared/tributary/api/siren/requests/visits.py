"""Referred visits and used coupons as shops report them."""

from typing import Annotated, Any

from pydantic import PlainValidator

from tributary.api.http.fields import RequestBody, Text, TextOrNumber, identifier, refuse, takes
from tributary.domain.money import MAX_MINOR
from tributary.ledger.opportunities.visits import Visit
from tributary.ledger.programs.collaborators import Alias


@takes(
    type=["integer", "string"],
    minimum=1,
    maximum=MAX_MINOR,
    maxLength=255,
    pattern="^([0-9]{1,20}|[^:]*\\S[^:]*:.*)$",
    description="An id, or an alias as type:code.",
)
def collaborator(value: Any) -> int | Alias:
    """An id, or an alias as `type:code`."""
    if not isinstance(value, str) or ":" not in value:
        return identifier(value)
    kind, _, code = value.partition(":")
    if not (kind.strip() and code.strip()) or len(value) > 255:
        raise refuse("FORMAT", "must be an id or an alias as type:code.")
    return Alias(kind, code)


class VisitReport(RequestBody):
    """A referred visit."""

    collaborator_id: Annotated[int | Alias, PlainValidator(collaborator)]
    user_id: TextOrNumber | None = None

    def to_visit(self, opportunity_id: int | None, trigger: str = "siteVisited") -> Visit:
        return Visit(self.collaborator_id, self.user_id, opportunity_id, trigger)


class CouponReport(RequestBody):
    """A coupon used in a basket; it leads to the collaborator who owns it."""

    code: Text
    user_id: TextOrNumber | None = None

    def to_visit(self, opportunity_id: int | None) -> Visit:
        return Visit(Alias("coupon", self.code), self.user_id, opportunity_id, trigger="couponUsed")
