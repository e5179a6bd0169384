"""Deliveries: the events for a subscription, and each attempt. Table of deliveries, partition
`<organization>#webhook#<id>`, item `delivery#<event>`; kept for thirty days.

A delivery counts the attempts of its present `run`: a replay begins another, and messages of an earlier one are
obsolete.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tributary import settings
from tributary.domain import times
from tributary.domain.ids import is_named, number_of
from tributary.domain.webhooks import Told
from tributary.ledger.store import lists, table
from tributary.ledger.store.expressions import update_of
from tributary.ledger.store.lists import Partitions, Range
from tributary.ledger.store.values import Item, decode_item, encode_item
from tributary.ledger.webhooks import gates
from tributary.ledger.webhooks.gates import Gate

KIND = "webhook-delivery"
KEPT_DAYS = 30
PENDING, DELIVERED, FAILED, NOT_SENT = "pending", "delivered", "failed", "not_sent"
STATUSES = (PENDING, DELIVERED, FAILED, NOT_SENT)
#: Attempts that a delivery remembers; a replayed one drops its oldest.
_MAX_ATTEMPTS = 50
_INDEX = "moments"


@dataclass(frozen=True)
class Attempt:
    """One attempt: no body and no address, so the log may be shown."""

    at: str
    status: int | None
    milliseconds: int
    error: str | None

    def as_item(self) -> Item:
        return {"at": self.at, "status": self.status, "milliseconds": self.milliseconds, "error": self.error}


def put_new(subscription: Item, event: Told, status: str, now: str) -> Item:
    """Keep a delivery; return it, or the one that is kept for the same event."""
    organization, webhook_id = subscription["organization"], subscription["listed"]["id"]
    shown = {
        "id": event.id,
        "webhookId": webhook_id,
        "type": event.name,
        "status": status,
        "attempts": [],
        "nextAttemptAt": now if status == PENDING else None,
        "dateCreated": now,
        "dateModified": now,
    }
    item = {
        **_place(organization, webhook_id, event.id),
        "organization": organization,
        "body": event.body,
        "run": 1,
        "tries": 0,
        "version": 1,
        "listed": shown,
        "listPk": gates.pk(organization, webhook_id),
        "listSk": lists.position(now, number_of(event.id)),
        "expiresAt": int((times.parse(now) + timedelta(days=KEPT_DAYS)).timestamp()),
    }
    try:
        table.single("put_item", **_table(), Item=encode_item(item), ConditionExpression="attribute_not_exists(pk)")
    except table.ConditionFailed as failure:
        return failure.item or item
    return item


def get(organization: str, webhook_id: int, delivery_id: str) -> Item | None:
    """The stored delivery, strongly consistent; an expired one may still be there."""
    if not is_named("evt", delivery_id):
        return None
    key = encode_item(_place(organization, webhook_id, delivery_id))
    found = table.call("get_item", **_table(), Key=key, ConsistentRead=True).get("Item")
    return decode_item(found) if found else None


def take(delivery: Item, gate: Gate, slot: int, now: str) -> bool:
    """Lease a delivery and a slot of its endpoint to one worker, in one transaction; false if either was taken."""
    until = times.later(now, seconds=gates.LEASE_SECONDS)
    free = "#version = :seen AND (attribute_not_exists(leasedUntil) OR leasedUntil <= :now)"
    lease = _action(delivery, {"leasedUntil": until}, free, seen=delivery["version"], now=now)
    try:
        table.transact([lease, gates.take_action(gate, slot, now)])
    except table.ConditionFailed:
        return False
    return True


def settle(delivery: Item, gate: Gate, slot: int, attempt: Attempt, status: str, next_at: str | None, now: str) -> bool:
    """Note an attempt and free its slot, in one transaction; false if the delivery was changed meanwhile."""
    changes = {
        "listed.attempts": [*delivery["listed"]["attempts"], attempt.as_item()][-_MAX_ATTEMPTS:],
        "tries": delivery["tries"] + 1,
        "leasedUntil": now,
        **_moved(delivery, status, next_at, now),
    }
    noted = _action(delivery, changes, "#version = :seen", seen=delivery["version"])
    try:
        table.transact([noted, gates.settle_action(gate, slot, status == DELIVERED, now)])
    except table.ConditionFailed:
        return False
    return True


def set_aside(delivery: Item, now: str) -> None:
    """Keep a pending delivery unsent, unless it was changed meanwhile."""
    _update(delivery, _moved(delivery, NOT_SENT, None, now))


def begin_again(delivery: Item, now: str) -> Item | None:
    """Begin another run of a delivery; None if it was changed meanwhile."""
    changes = {"run": delivery["run"] + 1, "tries": 0, **_moved(delivery, PENDING, now, now)}
    return _update(delivery, changes)


def of_webhook(organization: str, webhook_id: int) -> Partitions:
    """The list of a subscription's deliveries."""
    return Partitions(_INDEX, "listPk", (gates.pk(organization, webhook_id),), settings.deliveries_table_name())


def page(organization: str, webhook_id: int, part: Range, size: int, **accept: Any) -> lists.Page:
    """A page of a subscription's deliveries."""
    return lists.page(of_webhook(organization, webhook_id), part, size, **accept)


def _moved(delivery: Item, status: str, next_at: str | None, now: str) -> Item:
    changes = {"listed.#status": status, "listed.nextAttemptAt": next_at, "listed.dateModified": now}
    return changes | {"#version": delivery["version"] + 1}


def _update(delivery: Item, changes: Mapping[str, Any]) -> Item | None:
    expressions = update_of(changes, "#version = :seen", {"seen": delivery["version"]})
    place = encode_item({name: delivery[name] for name in ("pk", "sk")})
    try:
        answer = table.single("update_item", **_table(), Key=place, **expressions, ReturnValues="ALL_NEW")
    except table.ConditionFailed:
        return None
    return decode_item(answer["Attributes"])


def _action(delivery: Item, changes: Mapping[str, Any], condition: str, **values: Any) -> Item:
    place = encode_item({name: delivery[name] for name in ("pk", "sk")})
    return {"Update": {**_table(), "Key": place, **update_of(changes, condition, values)}}


def _place(organization: str, webhook_id: int, delivery_id: str) -> Item:
    return {"pk": gates.pk(organization, webhook_id), "sk": f"delivery#{delivery_id}"}


def _table() -> Item:
    return {"TableName": settings.deliveries_table_name()}
