"""Referred visits as shops report them, and the answers they get."""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from pydantic import PlainValidator

from tributary.api.fields import RequestBody, TextOrNumber, identifier, refuse, takes
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
def _collaborator(value: Any) -> int | Alias:
    """An id, or an alias as `type:code`."""
    if not isinstance(value, str) or ":" not in value:
        return identifier(value)
    kind, _, code = value.partition(":")
    if not (kind.strip() and code.strip()) or len(value) > 255:
        raise refuse("FORMAT", "must be an id or an alias as type:code.")
    return Alias(kind.strip(), code.strip())


class VisitReport(RequestBody):
    """A referred visit."""

    collaborator_id: Annotated[int | Alias, PlainValidator(_collaborator)]
    user_id: TextOrNumber | None = None

    def to_visit(self, opportunity_id: int | None) -> Visit:
        return Visit(self.collaborator_id, self.user_id, opportunity_id)


_VISIT_MESSAGES = {
    "attributed": "The visit was recorded for the collaborator.",
    "recorded": "The visit was recorded; no active program of the collaborator rewards it.",
    "not_attributed": "Nothing was recorded: there is no such active collaborator.",
}


def visit_answer(app: APIGatewayHttpResolver, visited: Visited) -> Response[str]:
    """Empty, with the visitor's opportunity, if there is one."""
    headers = opportunity_headers(visited.opportunity_id) if visited.opportunity_id else {}
    representation = {
        "status": visited.status,
        "attributed": visited.status == "attributed",
        "opportunityId": visited.opportunity_id,
        "message": _VISIT_MESSAGES[visited.status],
        "reason": visited.reason,
    }
    return event_answer(app, representation, headers)
