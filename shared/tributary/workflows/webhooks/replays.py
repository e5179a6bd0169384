"""Replays: further attempts at deliveries of the past, one or those of a span; and test sends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from tributary.domain import times, webhooks
from tributary.domain.errors import Conflict, NotFound
from tributary.domain.ids import unnamed_id
from tributary.ledger.store.lists import Range, is_position, position
from tributary.ledger.store.values import Item
from tributary.ledger.webhooks import deliveries, gates, subscriptions
from tributary.workflows.webhooks import dues, sending

#: Deliveries that one call replays.
MAX_AT_ONCE = 200
#: A pending delivery is overdue after the longest wait of a message.
_LATE_SECONDS = dues.MAX_DELAY_SECONDS
#: Seconds for which the message of a replay waits, since it is sent before the replay is noted.
_HEAD_START = 1


@dataclass(frozen=True)
class Span:
    """Deliveries from one moment, or after a position, until another moment, of these types, or of any if none."""

    start: str
    end: str
    types: Sequence[str]
    statuses: Sequence[str]

    @property
    def part(self) -> Range:
        end = position(self.end, 0)
        if is_position(self.start):
            return Range(newest_first=False, after=self.start, end=end)
        return Range(newest_first=False, start=position(self.start, 0), end=end)


def one(organization: str, webhook_id: int, delivery_id: str) -> Item:
    """Begin another run of a delivery, with the same id. Conflict if the subscription is paused."""
    require_active(subscriptions.existing(organization, webhook_id))
    delivery = deliveries.get(organization, webhook_id, delivery_id)
    begun = _begin(delivery) if delivery else None
    if begun is None:
        raise NotFound("There is no such delivery.", {"id": webhook_id, "deliveryId": delivery_id[:64]})
    return begun


def of_span(organization: str, webhook_id: int, span: Span) -> dict[str, Any]:
    """Begin another run of the deliveries of a span, oldest first; `next` is the position to go on from."""
    require_active(subscriptions.existing(organization, webhook_id))
    late = times.later(times.now(), seconds=-_LATE_SECONDS)
    found = deliveries.page(organization, webhook_id, span.part, MAX_AT_ONCE, accept=partial(_wanted, span, late))
    read = (deliveries.get(organization, webhook_id, listed["id"]) for _, listed in found.records)
    # The list may be behind, and does not know which deliveries a worker is at.
    begun = [_begin(it) for it in read if it and _wanted(span, late, it["listed"]) and not _is_at_work(span, it)]
    return {"success": True, "affected": len([it for it in begun if it]), "next": found.next}


def test(subscription: Item) -> dict[str, Any]:
    """Send a test, which is no delivery: the answer has the status and the time only."""
    at, number = times.now(), unnamed_id("evt")
    organization, webhook_id = subscription["organization"], subscription["listed"]["id"]
    body = webhooks.body(number, webhooks.TEST, {"webhookId": webhook_id})
    sent = sending.post(subscription, number, webhooks.TEST, body, at)
    delivered = sending.succeeded(sent)
    if delivered:
        gates.note_success(organization, webhook_id, times.now())  # first, since activation needs the other
        subscriptions.tested(subscription, times.now())
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


def _wanted(span: Span, late: str, listed: Mapping[str, Any]) -> bool:
    """True of a delivery of a type and status of the span, and of one that was due long ago: its message is lost."""
    if span.types and listed["type"] not in span.types:
        return False
    overdue = listed["status"] == deliveries.PENDING and listed["nextAttemptAt"] < late
    return overdue or listed["status"] in span.statuses


def _is_at_work(span: Span, delivery: Item) -> bool:
    return deliveries.PENDING not in span.statuses and deliveries.is_leased(delivery, times.now())


def _begin(delivery: Item) -> Item | None:
    """Send the message of another run, then note that run: a caller that dies between the two leaves all as it was."""
    run = delivery["run"] + 1
    dues.send(dues.of(delivery, run), _HEAD_START)
    return deliveries.begin_run(delivery, run, times.now())
