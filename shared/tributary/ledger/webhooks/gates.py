"""Gates: the attempts at once at one endpoint, and its health. Table of deliveries, item `gate` of each subscription.

A slot holds the end of its lease, so that one of a crashed worker frees itself.
"""

from dataclasses import dataclass
from typing import Any

from tributary import settings
from tributary.domain import times
from tributary.ledger.store import table
from tributary.ledger.store.expressions import GONE, update_of
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item, decode_item, encode_item

SK = "gate"
#: Attempts at once at a healthy endpoint; one that fails gets them one by one.
MAX_AT_ONCE = 5
LEASE_SECONDS = 40


@dataclass(frozen=True)
class Gate:
    """The leases of an endpoint by slot, and the moments of its first and last failure and of its last success."""

    organization: str
    webhook_id: int
    leases: tuple[str | None, ...] = (None,) * MAX_AT_ONCE
    first_failure_at: str | None = None
    last_failure_at: str | None = None
    last_success_at: str | None = None

    def free_slot(self, now: str) -> int | None:
        """A slot that no attempt holds; None if there is none."""
        open_slots = MAX_AT_ONCE if self.first_failure_at is None else 1
        return next((it for it in range(open_slots) if not ((lease := self.leases[it]) and lease > now)), None)


def pk(organization: str, webhook_id: int) -> str:
    """The partition of a subscription in the table of deliveries."""
    return f"{organization}#webhook#{webhook_id}"


def key(organization: str, webhook_id: int) -> Key:
    return pk(organization, webhook_id), SK


def read(organization: str, webhook_id: int) -> Gate:
    """The gate of a subscription, strongly consistent."""
    place = encode_item(dict(zip(("pk", "sk"), key(organization, webhook_id), strict=True)))
    asked = {"TableName": settings.deliveries_table_name(), "Key": place, "ConsistentRead": True}
    found = table.call("get_item", **asked).get("Item")
    item = decode_item(found) if found else {}
    moments = (item.get(name) for name in ("firstFailureAt", "lastFailureAt", "lastSuccessAt"))
    return Gate(organization, webhook_id, tuple(item.get(_slot(it)) for it in range(MAX_AT_ONCE)), *moments)


def take_action(gate: Gate, slot: int, now: str) -> Item:
    """Transaction action: take a free slot."""
    name = _slot(slot)
    changes = {name: times.later(now, seconds=LEASE_SECONDS)}
    return _action(gate, changes, f"attribute_not_exists({name}) OR {name} <= :now", now=now)


def settle_action(gate: Gate, slot: int, succeeded: bool, now: str) -> Item:
    """Transaction action: free a slot, and note the success or failure of its attempt."""
    return _action(gate, {**_outcome(gate, succeeded, now), _slot(slot): GONE}, "")


def note_success(organization: str, webhook_id: int, now: str) -> None:
    """Note a successful test send."""
    gate = Gate(organization, webhook_id)
    table.transact([_action(gate, _outcome(gate, True, now), "")])


def _outcome(gate: Gate, succeeded: bool, now: str) -> dict[str, Any]:
    if succeeded:
        return {"lastSuccessAt": now, "firstFailureAt": GONE}
    return {"firstFailureAt": gate.first_failure_at or now, "lastFailureAt": now}


def _action(gate: Gate, changes: dict[str, Any], condition: str, **values: Any) -> Item:
    place = encode_item(dict(zip(("pk", "sk"), key(gate.organization, gate.webhook_id), strict=True)))
    expressions = update_of(changes, condition, values)
    return {"Update": {"TableName": settings.deliveries_table_name(), "Key": place, **expressions}}


def _slot(number: int) -> str:
    return f"slot{number}"
