"""Replays: further attempts at deliveries of the past, one or those of a span; and test sends."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tributary.domain import times, webhooks
from tributary.domain.errors import Conflict, NotFound
from tributary.domain.ids import unnamed_id
from tributary.ledger.store.lists import Range, position
from tributary.ledger.store.values import Item
from tributary.ledger.webhooks import deliveries, gates, subscriptions
from tributary.workflows.webhooks import dues, sending

#: Deliveries that one call replays.
MAX_AT_ONCE = 200


@dataclass(frozen=True)
class Span:
    """Deliveries from one moment until another, of these types, or of any if there are none."""

    start: str
    end: str
    types: Sequence[str]
    statuses: Sequence[str]


def one(organization: str, webhook_id: int, delivery_id: str) -> Item:
    """Begin another run of a delivery, with the same id. Conflict if the subscription is paused."""
    require_active(subscriptions.existing(organization, webhook_id))
    delivery = deliveries.get(organization, webhook_id, delivery_id)
    if delivery is None:
        raise NotFound("There is no such delivery.", {"id": webhook_id, "deliveryId": delivery_id[:64]})
    begun = _begin(delivery)
    if begun is None:
        raise Conflict("The delivery was attempted at the same time; read it again.", {"id": delivery_id})
    return begun


def of_span(organization: str, webhook_id: int, span: Span) -> dict[str, Any]:
    """Begin another run of the deliveries of a span, oldest first; `next` is the moment to go on from."""
    require_active(subscriptions.existing(organization, webhook_id))
    part = Range(newest_first=False, start=position(span.start, 0), end=position(span.end, 0))
    found = deliveries.page(organization, webhook_id, part, MAX_AT_ONCE + 1, accept=_wanted(span))
    begun = [
        _begin(delivery)
        for _, listed in found.records[:MAX_AT_ONCE]
        if (delivery := deliveries.get(organization, webhook_id, listed["id"]))
    ]
    more = found.records[MAX_AT_ONCE:]
    onward = more[0][1]["dateCreated"] if more else None
    if onward is None and found.next is not None:
        onward = found.next.partition("#")[0]
    return {"success": True, "affected": len([it for it in begun if it]), "next": onward}


def test(subscription: Item) -> dict[str, Any]:
    """Send a test, which is no delivery: the answer has the status and the time only."""
    at, number = times.now(), unnamed_id("evt")
    organization, webhook_id = subscription["organization"], subscription["listed"]["id"]
    body = webhooks.body(number, webhooks.TEST, {"webhookId": webhook_id})
    sent = sending.post(subscription, number, webhooks.TEST, body, at)
    delivered = sending.succeeded(sent)
    if delivered:
        subscriptions.tested(subscription, times.now())
        gates.note_success(organization, webhook_id, times.now())
    return {
        "success": delivered,
        "status": sent.status,
        "milliseconds": sent.milliseconds,
        "error": sent.error,
    }


def require_active(subscription: Item) -> None:
    """Conflict unless deliveries of the subscription are sent."""
    if subscription["listed"]["status"] != webhooks.ACTIVE:
        about = {"id": subscription["listed"]["id"], "pausedReason": subscription["listed"]["pausedReason"]}
        raise Conflict("The webhook is paused; activate it first.", about)


def _wanted(span: Span) -> Any:
    return lambda listed: listed["status"] in span.statuses and (not span.types or listed["type"] in span.types)


def _begin(delivery: Item) -> Item | None:
    begun = deliveries.begin_again(delivery, times.now())
    if begun is not None:
        dues.send(begun, tries=0)
    return begun
