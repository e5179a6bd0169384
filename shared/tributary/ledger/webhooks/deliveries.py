"""Deliveries: the events for a subscription, and each attempt. Table of deliveries, partition
`<organization>#webhook#<id>`, item `delivery#<event>`; kept for thirty days.

A delivery counts the attempts of its present `run`: a replay begins another, and messages of an earlier one are
obsolete. An attempt notes its failure for its own run and try only; its success is news for every later one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tributary import settings
from tributary.domain import times
from tributary.domain.ids import is_named
from tributary.domain.webhooks import Told
from tributary.ledger.store import lists, table
from tributary.ledger.store.expressions import GONE, Plus, update_of
from tributary.ledger.store.lists import Partitions, Range
from tributary.ledger.store.values import Item, decode_item, encode_item
from tributary.ledger.webhooks import gates
from tributary.ledger.webhooks.gates import Gate, Lease

KIND = "webhook-delivery"
KEPT_DAYS = 30
PENDING, DELIVERED, FAILED, NOT_SENT = "pending", "delivered", "failed", "not_sent"
STATUSES = (PENDING, DELIVERED, FAILED, NOT_SENT)
#: Attempts that a delivery remembers; a replayed one drops its oldest.
_MAX_ATTEMPTS = 50
_INDEX = "moments"
#: Digits of an event's id that order the deliveries of one millisecond.
_DIGITS = 13
#: Tries to note an attempt, each at what others have made of the delivery and of its gate.
_TRIES = 8
_NO_LEASE = "(attribute_not_exists(leasedUntil) OR leasedUntil <= :now)"


class Leased(Exception):
    """Another worker has the delivery, or changed it."""


class SlotLost(Exception):
    """Another worker has the slot; `gate` is as stored."""

    def __init__(self, gate: Gate) -> None:
        super().__init__("the slot is lost")
        self.gate = gate


@dataclass(frozen=True)
class Attempt:
    """One attempt: no body and no address, so the log may be shown."""

    at: str
    status: int | None
    milliseconds: int
    error: str | None

    def as_item(self) -> Item:
        return {"at": self.at, "status": self.status, "milliseconds": self.milliseconds, "error": self.error}


@dataclass(frozen=True)
class Outcome:
    """The result of an attempt after so many tries: its log, the status, and the moment of the next attempt."""

    tries: int
    attempt: Attempt
    status: str
    next_at: str | None = None


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
        "listSk": lists.position(now, int(event.id[-_DIGITS:], 16)),
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


def is_leased(delivery: Item, now: str) -> bool:
    """True while a worker is at the delivery."""
    return bool(delivery.get("leasedUntil", "") > now)


def take(delivery: Item, gate: Gate, slot: int, now: str) -> Lease:
    """Lease a delivery and a slot of its endpoint to one worker, in one transaction. Leased or SlotLost."""
    lease = Lease(gate, slot, times.later(now, seconds=gates.LEASE_SECONDS))
    free = f"#version = :seen AND {_NO_LEASE}"
    changes = {"leasedUntil": lease.until, "#version": delivery["version"] + 1}
    ours = _action(delivery, changes, free, seen=delivery["version"], now=now)
    try:
        table.transact([ours, gates.take_action(lease, now)])
    except table.ConditionFailed as failure:
        if 0 in failure.positions:
            raise Leased from failure
        raise SlotLost(gates.of_item(gate, failure.item or {})) from failure
    return lease


def settle(delivery: Item, lease: Lease, outcome: Outcome, now: str) -> None:
    """Note an attempt and free its slot, in one transaction, whatever else has changed since it began."""
    seen: Item | None = delivery | {"version": delivery["version"] + 1, "leasedUntil": lease.until}
    slot_is_ours = True
    for _ in range(_TRIES):
        health = gates.settle_action(lease, outcome.status == DELIVERED, outcome.attempt.at, now, slot_is_ours)
        noted = [] if seen is None else [_noted(seen, delivery, lease, outcome, now)]
        try:
            return table.transact([*noted, health])
        except table.ConditionFailed as failure:
            slot_is_ours &= len(noted) not in failure.positions
            seen = get(delivery["organization"], delivery["listed"]["webhookId"], delivery["listed"]["id"])
    raise TimeoutError("others changed the delivery without end")


def _noted(seen: Item, begun: Item, lease: Lease, outcome: Outcome, now: str) -> Item:
    """Transaction action: note an attempt; more than its log only if it was a success, or of the same try as now."""
    log = [*seen["listed"]["attempts"], outcome.attempt.as_item()][-_MAX_ATTEMPTS:]
    changes = {"listed.attempts": log, "listed.dateModified": now, "#version": seen["version"] + 1}
    if seen.get("leasedUntil") == lease.until:
        changes["leasedUntil"] = GONE
    same = _try_of(seen) == _try_of(begun)
    if same or outcome.status == DELIVERED:
        changes |= {"listed.#status": outcome.status, "listed.nextAttemptAt": outcome.next_at}
    if same:
        changes["tries"] = outcome.tries + 1
    return _action(seen, changes, "#version = :seen", seen=seen["version"])


def _try_of(delivery: Item) -> tuple[Any, ...]:
    return delivery["run"], delivery["tries"], delivery["listed"]["status"]


def set_aside(delivery: Item, now: str) -> bool:
    """Keep a pending delivery unsent; false if it was changed meanwhile, or a worker is at it."""
    changes = {"#version": delivery["version"] + 1, **_moved(NOT_SENT, None, now)}
    expressions = update_of(changes, f"#version = :seen AND {_NO_LEASE}", {"seen": delivery["version"], "now": now})
    try:
        table.single("update_item", **_table(), Key=_key_of(delivery), **expressions)
    except table.ConditionFailed:
        return False
    return True


def begin_run(delivery: Item, run: int, now: str) -> Item | None:
    """Begin a run of a delivery after that of the moment; return it, also if another began it. None if it has gone."""
    changes = {"run": run, "tries": 0, "#version": Plus(1), **_moved(PENDING, now, now)}
    expressions = update_of(changes, "run < :run", {"run": run})
    try:
        answer = table.single("update_item", **_table(), Key=_key_of(delivery), **expressions, ReturnValues="ALL_NEW")
    except table.ConditionFailed as failure:
        return failure.item
    return decode_item(answer["Attributes"])


def of_webhook(organization: str, webhook_id: int) -> Partitions:
    """The list of a subscription's deliveries."""
    return Partitions(_INDEX, "listPk", (gates.pk(organization, webhook_id),), settings.deliveries_table_name())


def page(organization: str, webhook_id: int, part: Range, size: int, **accept: Any) -> lists.Page:
    """A page of a subscription's deliveries."""
    return lists.page(of_webhook(organization, webhook_id), part, size, **accept)


def _moved(status: str, next_at: str | None, now: str) -> Item:
    return {"listed.#status": status, "listed.nextAttemptAt": next_at, "listed.dateModified": now}


def _action(delivery: Item, changes: Mapping[str, Any], condition: str, **values: Any) -> Item:
    return {"Update": {**_table(), "Key": _key_of(delivery), **update_of(changes, condition, values)}}


def _key_of(delivery: Item) -> Item:
    return encode_item({name: delivery[name] for name in ("pk", "sk")})


def _place(organization: str, webhook_id: int, delivery_id: str) -> Item:
    return {"pk": gates.pk(organization, webhook_id), "sk": f"delivery#{delivery_id}"}


def _table() -> Item:
    return {"TableName": settings.deliveries_table_name()}
