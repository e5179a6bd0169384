"""Fan-out: an event of the bus becomes one delivery for each subscription that wants it.

Deliveries are named by subscription and event, so an event that comes again finds them. History is not told: neither
an import nor what follows from it.
"""

from collections.abc import Mapping
from typing import Any

from tributary.domain import times, webhooks
from tributary.domain.webhooks import Told
from tributary.ledger.sales import transaction_items
from tributary.ledger.store import table
from tributary.ledger.store.values import Item
from tributary.ledger.webhooks import deliveries, subscriptions
from tributary.workflows.webhooks import dues
from tributary.workflows.webhooks.dues import Due

Data = Mapping[str, Any]
_SETTLED_TOGETHER = "EngagementCompleted"


class TooLong(ValueError):
    """A body larger than any receiver is promised."""


def fan_out(organization: str, detail_type: str, event_id: str, history: bool, data: Data) -> int:
    """Make the deliveries of an event and send them; return how many it has."""
    events, now = webhooks.told(detail_type, event_id, data), times.now()
    subscribed = subscriptions.listening(organization) if events else []
    wanted = [
        (it, event) for it in subscribed for event in events if webhooks.wants(it["listed"]["events"], event.name)
    ]
    if not wanted or _is_history(organization, detail_type, history, data):
        return 0
    dues.send_all([due for it, event in wanted if (due := _kept(it, event, now))])
    return len(wanted)


def _kept(subscription: Item, event: Told, now: str) -> Due | None:
    """Keep the delivery of an event; return the message to send, if there is one."""
    if len(event.body.encode()) > webhooks.MAX_BODY_BYTES:
        raise TooLong(event.name)
    active = subscription["listed"]["status"] == webhooks.ACTIVE
    status = deliveries.PENDING if active else deliveries.NOT_SENT
    delivery = deliveries.put_new(subscription, event, status, now)
    # Of a delivery that was kept before too: an earlier try may have ended before it could send.
    unsent = delivery["listed"]["status"] == deliveries.PENDING and not delivery["listed"]["attempts"]
    return dues.of(delivery) if unsent else None


def _is_history(organization: str, detail_type: str, marked: bool, data: Data) -> bool:
    """True of what an import leads to. Engagements are settled together, so the sale of each decides, not the mark."""
    if detail_type != _SETTLED_TOGETHER or data.get("transactionId") is None:
        return marked
    item = table.get(*transaction_items.key(organization, data["transactionId"]))
    return marked if item is None else not item["reported"].get("automations", True)
