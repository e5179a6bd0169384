"""Referred visits as shops report them, and the answers they get."""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from pydantic import PlainValidator

from tributary.api.fields import RequestBody, Text, TextOrNumber, identifier, refuse, takes
from tributary.api.siren.answers import event_answer, opportunity_headers
from tributary.domain.money import MAX_MINOR
from tributary.ledger.collaborators import Alias
from tributary.ledger.visits import Visit, Visited


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


_MESSAGES = {
    None: "The visit was recorded for the collaborator.",
    "no_program_rewards_it": "The visit was recorded; no active program of the collaborator rewards it.",
    "collaborator_unknown": "Nothing was recorded: there is no such collaborator.",
    "collaborator_not_active": "Nothing was recorded: the collaborator is not active.",
    "self_referral": "The collaborator is the visitor; nothing of this opportunity earns anything.",
}


def visit_answer(app: APIGatewayHttpResolver, visited: Visited) -> Response[str]:
    """Empty, with the visitor's opportunity, if there is one."""
    headers = opportunity_headers(visited.opportunity_id) if visited.opportunity_id else {}
    representation = {
        "status": visited.status,
        "attributed": visited.status == "attributed",
        "opportunityId": visited.opportunity_id,
        "message": _MESSAGES[visited.reason],
        "reason": visited.reason,
    }
    return event_answer(app, representation, headers)
