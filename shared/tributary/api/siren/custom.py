"""Events of an organization's own: slugs that it has registered, each with what it does."""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from pydantic import AfterValidator, Field

from tributary.api.fields import MAX_SLUG, Identifier, RequestBody, Slug, TextOrNumber, refuse, takes
from tributary.api.siren.answers import event_answer, opportunity_headers
from tributary.domain.errors import NotFound
from tributary.domain.occasion import Lead
from tributary.ledger import event_types

#: Slugs with a meaning of their own, which cannot be given another.
_TAKEN = ("sale", "refund", "site-visited", "coupon-applied")


class LeadReport(RequestBody):
    """What a lead says of itself; everything else in the body is the organization's own and is not kept."""

    tracking_id: Identifier | None = None
    external_id: TextOrNumber | None = None


@takes(**{"not": {"enum": list(_TAKEN)}})
def _free(slug: str) -> str:
    if slug in _TAKEN:
        raise refuse("ENUM", "is taken.")
    return slug


@takes(enum=list(event_types.ACTIONS))
def _action(action: str) -> str:
    if action not in event_types.ACTIONS:
        raise refuse("ENUM", f"must be one of {', '.join(event_types.ACTIONS)}.", known=list(event_types.ACTIONS))
    return action


class EventTypeBody(RequestBody):
    """A slug to register. `engagement`: it credits the collaborator it names, as a visit does. `lead`: it earns lead
    programs' payouts."""

    slug: Annotated[Slug, AfterValidator(_free)]
    action: Annotated[str, AfterValidator(_action)]
    name: Annotated[str, Field(max_length=255)] = ""


def registered(organization: str, slug: str) -> str:
    """What the slug was registered for; NotFound if the organization has no such event. One too long to be registered
    is too long for a key of the ledger, too."""
    item = event_types.get(organization, slug) if len(slug) <= MAX_SLUG else None
    if item is None:
        raise NotFound("There is no event of this name.", {"slug": slug[:MAX_SLUG]})
    return str(item["listed"]["action"])


def lead_answer(app: APIGatewayHttpResolver, lead: Lead) -> Response[str]:
    """Empty, with the lead's opportunity, if it has one."""
    representation: dict[str, Any] = {
        "status": "recorded",
        "leadId": lead.id,
        "opportunityId": lead.opportunity_id,
        "message": "The event was recorded.",
    }
    headers = opportunity_headers(lead.opportunity_id) if lead.opportunity_id else {}
    return event_answer(app, representation, headers)
