"""Answers to tracking events."""

from typing import Any

from tributary.api.growi.requests.tracking_events import TrackingEvent
from tributary.domain.errors import NotFound
from tributary.ledger.opportunities import visits


def track(organization: str, event: TrackingEvent) -> dict[str, Any]:
    """Record the event as a visit; the answer says what became of it. NotFound for an unknown affiliate."""
    visited = visits.record(organization, event.to_visit())
    if visited.reason == "collaborator_unknown":
        raise NotFound("campaign_affiliate_id: not found")
    return {
        "success": True,
        "status": visited.status,
        "opportunity_id": visited.opportunity_id,
        "reason": visited.reason,
    }
