"""Referred visits and used coupons as shops report them."""

from tributary.api.http.bodies import RequestBody
from tributary.api.http.collaborator_field import CollaboratorReference
from tributary.api.http.fields import NameOrNumber, PastMoment, Text
from tributary.ledger.opportunities.visits import Visit
from tributary.ledger.programs.collaborators import Alias


class VisitReport(RequestBody):
    """A referred visit."""

    collaborator_id: CollaboratorReference
    user_id: NameOrNumber | None = None
    occurred_at: PastMoment | None = None

    def to_visit(self, opportunity_id: int | None, trigger: str = "siteVisited") -> Visit:
        return Visit(self.collaborator_id, self.user_id, opportunity_id, trigger, occurred_at=self.occurred_at)


class CouponReport(RequestBody):
    """A coupon used in a basket; it leads to the collaborator who owns it."""

    code: Text
    user_id: NameOrNumber | None = None
    occurred_at: PastMoment | None = None

    def to_visit(self, opportunity_id: int | None) -> Visit:
        coupon, at = Alias("coupon", self.code), self.occurred_at
        return Visit(coupon, self.user_id, opportunity_id, trigger="couponUsed", occurred_at=at)
