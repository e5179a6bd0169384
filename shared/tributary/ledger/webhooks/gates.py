"""Gates: the attempts at once at one endpoint, and its health. Table of deliveries, item `gate` of each subscription.

A slot holds the end of its lease, so that one of a crashed worker frees itself.
"""

import random
from dataclasses import dataclass
from typing import Any

from tributary import settings
from tributary.ledger.store import table
from tributary.ledger.store.expressions import GONE, IfMissing, update_of
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item, decode_item, encode_item

SK = "gate"
#: Attempts at once at a healthy endpoint; one that fails gets them one by one.
MAX_AT_ONCE = 5
LEASE_SECONDS = 40


@dataclass(frozen=True)
class Gate:
    """The leases of an endpoint by slot, and the moments of its first failure and of its last success.

    A first failure at or before the last success, or before `since`, counts as none and is `outlived`: the next one
    replaces it.
    """

    organization: str
    webhook_id: int
    since: str | None = None
    leases: tuple[str | None, ...] = (None,) * MAX_AT_ONCE
    first_failure_at: str | None = None
    last_success_at: str | None = None
    outlived: bool = False

    def free_slot(self, now: str) -> int | None:
        """One of the slots that no attempt holds, by chance, so that attempts at once choose different ones."""
        open_slots = MAX_AT_ONCE if self.first_failure_at is None else 1
        free = [it for it in range(open_slots) if not ((lease := self.leases[it]) and lease > now)]
        return random.choice(free) if free else None


@dataclass(frozen=True)
class Lease:
    """A slot of an endpoint, leased until a moment; the gate is as it was before."""

    gate: Gate
    slot: int
    until: str


def pk(organization: str, webhook_id: int) -> str:
    """The partition of a subscription in the table of deliveries."""
    return f"{organization}#webhook#{webhook_id}"


def key(organization: str, webhook_id: int) -> Key:
    return pk(organization, webhook_id), SK


def read(organization: str, webhook_id: int, since: str | None) -> Gate:
    """The gate of a subscription whose failures count `since` a moment, strongly consistent."""
    asked = {"TableName": settings.deliveries_table_name(), "Key": _place(organization, webhook_id)}
    found = table.call("get_item", **asked, ConsistentRead=True).get("Item")
    return of_item(Gate(organization, webhook_id, since), decode_item(found) if found else {})


def of_item(gate: Gate, item: Item) -> Gate:
    """The gate as its item says."""
    first, success = item.get("firstFailureAt"), item.get("lastSuccessAt")
    outlived = first is not None and first <= max(success or "", gate.since or "")
    leases = tuple(item.get(_slot(it)) for it in range(MAX_AT_ONCE))
    return Gate(gate.organization, gate.webhook_id, gate.since, leases, None if outlived else first, success, outlived)


def take_action(lease: Lease, now: str) -> Item:
    """Transaction action: take a free slot; its failure shows the gate."""
    name = _slot(lease.slot)
    free = f"attribute_not_exists({name}) OR {name} <= :now"
    return table.showing(_action(lease.gate, {name: lease.until}, free, now=now))


def settle_action(lease: Lease, succeeded: bool, at: str, now: str, ours: bool = True) -> Item:
    """Transaction action: note the success or failure of an attempt made `at` a moment, and free its slot if it is
    still `ours`."""
    health, name = _health(lease.gate, succeeded, at, now), _slot(lease.slot)
    if not ours:
        return _action(lease.gate, health, "")
    return _action(lease.gate, health | {name: GONE}, f"{name} = :until", until=lease.until)


def note_success(organization: str, webhook_id: int, now: str) -> None:
    """Note a successful test send."""
    gate = Gate(organization, webhook_id)
    table.transact([_action(gate, _health(gate, True, now, now), "")])


def expire_action(organization: str, webhook_id: int, at: int) -> Item:
    """Transaction action: let the gate of a deleted subscription expire at a Unix time."""
    return _action(Gate(organization, webhook_id), {"expiresAt": at}, "")


def _health(gate: Gate, succeeded: bool, at: str, now: str) -> dict[str, Any]:
    """Changes by an attempt. A failure counts from its beginning, so one that a success or a change of the address
    overtook is outlived; the first one stays, whatever the gate was when the attempt began."""
    if succeeded:
        return {"lastSuccessAt": now, "firstFailureAt": GONE}
    return {"firstFailureAt": at if gate.outlived else IfMissing(at), "lastFailureAt": now}


def _action(gate: Gate, changes: dict[str, Any], condition: str, **values: Any) -> Item:
    place = _place(gate.organization, gate.webhook_id)
    expressions = update_of(changes, condition, values)
    return {"Update": {"TableName": settings.deliveries_table_name(), "Key": place, **expressions}}


def _place(organization: str, webhook_id: int) -> Item:
    return encode_item(dict(zip(("pk", "sk"), key(organization, webhook_id), strict=True)))


def _slot(number: int) -> str:
    return f"slot{number}"
