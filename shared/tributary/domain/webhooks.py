"""Webhooks: the names of the events that subscribers know, and the body that carries one.

An event of the bus has one name or several. The first delivery keeps the event's id; the others have ids derived from
it, since receivers drop repeats by id.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tributary.domain.ids import text_digest

ALL = "*"
#: The name of a test send, which no subscription needs to list.
TEST = "webhook.test"
ACTIVE, PAUSED = "active", "paused"
STATUSES = (ACTIVE, PAUSED)
#: Reasons of a pause: by a person, by the receiver's 410, after days of failures.
BY_HAND, GONE, FAILING = "by_hand", "gone", "failing"
#: Pauses that end only after a successful test send.
SWITCHED_OFF = (GONE, FAILING)
MAX_BODY_BYTES = 20_000

Data = Mapping[str, Any]


def _has(member: str, *values: Any) -> Callable[[Data], bool]:
    return lambda data: data.get(member) in values


def _named(member: str) -> Callable[[Data], bool]:
    return lambda data: data.get(member) is not None


def _always(data: Data) -> bool:
    return True


#: Name, event of the bus, and the condition on its data.
_TOLD: tuple[tuple[str, str, Callable[[Data], bool]], ...] = (
    ("sale.created", "SaleTriggered", _always),
    ("refund.created", "RefundTriggered", _always),
    ("transaction.created", "TransactionCreated", _always),
    ("transaction.completed", "TransactionCreated", _always),  # sales are complete when they are recorded
    (
        "transaction.completed",
        "RefundWithdrawn",
        lambda data: data.get("status") == "complete" and data.get("formerStatus") is not None,
    ),
    ("lead.created", "LeadTriggered", _always),
    ("coupon.applied", "CouponApplied", _always),
    ("opportunity.created", "OpportunityTriggered", _always),
    ("opportunity.invalidated", "OpportunityInvalidated", _always),
    ("engagement.created", "EngagementsTriggered", lambda data: data.get("formerScore") is None),
    ("engagement.completed", "EngagementCompleted", _always),
    ("conversion.created", "ConversionAwarded", _always),
    ("engagement.awarded", "ConversionAwarded", _named("engagementId")),
    ("conversion.renewed", "ConversionAwarded", _has("type", "renewal")),
    ("renewal.created", "ConversionAwarded", _has("type", "renewal")),
    ("conversion.approved", "ConversionApproved", _always),
    ("conversion.rejected", "ConversionRejected", _always),
    ("obligation.created", "ObligationIssued", _always),
    ("credit.issued", "ObligationIssued", _has("awardType", "credit")),
    ("allocation.completed", "ObligationIssued", _has("awardType", "distribution")),
    ("obligation.completed", "ObligationStatusChanged", _has("status", "complete")),
    (
        "credit.redeemed",
        "ObligationStatusChanged",
        lambda data: data.get("status") == "complete" and data.get("awardType") == "credit",
    ),
    ("fulfillment.created", "FulfillmentCreated", _always),
    ("fulfillment.updated", "FulfillmentStatusChanged", _always),
    ("payout.created", "PayoutCreated", _always),
    ("payout.paid", "PayoutPaid", _always),
    ("metrics.updated", "MetricCredited", _always),
    ("distribution.completed", "DistributionClosed", _always),
    ("program.created", "ProgramCreated", _always),
    ("collaborator.created", "CollaboratorCreated", _always),
    ("collaborator.updated", "CollaboratorUpdated", _always),
    ("collaborator.registered", "CollaboratorRegistered", _always),
    ("collaborator.deactivated", "CollaboratorDeactivated", _always),
    ("currency.created", "CurrenciesAdded", _always),
    ("currency.deleted", "CurrenciesRemoved", _always),
)
#: Every name that a subscription may list, in alphabetical order.
NAMES = tuple(sorted({name for name, _, _ in _TOLD}))
#: Every event of the bus that has a name.
EVENTS = tuple(sorted({event for _, event, _ in _TOLD}))


@dataclass(frozen=True)
class Told:
    """One event as a subscriber hears of it: its id, its name, its body."""

    id: str
    name: str
    body: str


def told(detail_type: str, event_id: str, data: Data) -> list[Told]:
    """An event of the bus under each of its names."""
    names = [name for name, event, applies in _TOLD if event == detail_type and applies(data)]
    ids = [event_id, *("evt_" + text_digest(event_id, name)[:32] for name in names[1:])]
    return [Told(number, name, body(number, name, data)) for number, name in zip(ids, names, strict=False)]


def body(event_id: str, name: str, data: Data) -> str:
    """The JSON on the wire: the one form that every version of the official clients reads."""
    content = {"version": 1, "id": event_id, "type": name, "deliveryId": event_id, "data": dict(data)}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def wants(events: Sequence[str], name: str) -> bool:
    """True if a subscription's list has the name, or all names."""
    return ALL in events or name in events


def may_activate(reason: str | None, paused_at: str | None, tested_at: str | None) -> bool:
    """False for a subscription that was switched off and has had no successful test send since."""
    if reason not in SWITCHED_OFF:
        return True
    return tested_at is not None and paused_at is not None and tested_at >= paused_at
