"""Responses to reported visits."""

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from tributary.api.siren.responses import event_answer, opportunity_headers
from tributary.ledger.opportunities.visits import Visited

_MESSAGES = {
    None: "The visit was recorded for the collaborator.",
    "no_program_rewards_it": "The visit was recorded; no active program of the collaborator rewards it.",
    "collaborator_unknown": "Nothing was recorded: there is no such collaborator.",
    "collaborator_not_active": "Nothing was recorded: the collaborator is not active.",
    "self_referral": "The collaborator is the visitor; nothing of this opportunity earns anything.",
}


def visit_answer(app: APIGatewayHttpResolver, visited: Visited) -> Response[str]:
    """Empty, with the visitor's opportunity if there is one."""
    headers = opportunity_headers(visited.opportunity_id) if visited.opportunity_id else {}
    representation = {
        "status": visited.status,
        "attributed": visited.status == "attributed",
        "opportunityId": visited.opportunity_id,
        "message": _MESSAGES[visited.reason],
        "reason": visited.reason,
    }
    return event_answer(app, representation, headers)
