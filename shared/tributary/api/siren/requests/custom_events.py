"""Registered events and leads."""

from typing import Annotated

from pydantic import AfterValidator, Field

from tributary.api.http.bodies import RequestBody
from tributary.api.http.fields import Identifier, NameOrNumber, Slug
from tributary.api.http.inputs.taken import refuse, takes
from tributary.ledger.organization import event_types

#: Slugs of built-in events, not available.
_TAKEN = ("sale", "sale-changed", "refund", "refund-withdrawn", "site-visited", "coupon-applied")


class LeadReport(RequestBody):
    """A lead; all other members are the organization's own and are not stored. An event of the action `engagement` has
    the members of a visit instead."""

    names = frozenset({"external_id"})

    tracking_id: Identifier | None = None
    external_id: NameOrNumber | None = None


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
    """A slug to register. `engagement` credits the named collaborator, as a visit does. `lead` earns lead programs'
    payouts."""

    slug: Annotated[Slug, AfterValidator(_free)]
    action: Annotated[str, AfterValidator(_action)]
    name: Annotated[str, Field(max_length=255)] = ""
