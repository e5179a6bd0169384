"""Events registered by an organization, by slug."""

from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from tributary.api.http.fields import MAX_SLUG
from tributary.api.siren.responses import event_answer, opportunity_headers
from tributary.domain.earning_event import Lead
from tributary.domain.errors import NotFound
from tributary.ledger.organization import event_types


def registered(organization: str, slug: str) -> str:
    """The slug's registered action; NotFound if there is none. Slugs beyond the limit are not looked up, since they
    exceed the ledger's keys."""
    item = event_types.get(organization, slug) if len(slug) <= MAX_SLUG else None
    if item is None:
        raise NotFound("There is no event of this name.", {"slug": slug[:MAX_SLUG]})
    return str(item["listed"]["action"])


def lead_answer(app: APIGatewayHttpResolver, lead: Lead) -> Response[str]:
    """Empty, with the lead's opportunity if there is one."""
    representation: dict[str, Any] = {
        "status": "recorded",
        "leadId": lead.id,
        "opportunityId": lead.opportunity_id,
        "message": "The event was recorded.",
    }
    headers = opportunity_headers(lead.opportunity_id) if lead.opportunity_id else {}
    return event_answer(app, representation, headers)
