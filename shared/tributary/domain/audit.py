"""Changes by hand: the API key behind a change of a record, and what it changed."""

from collections.abc import Mapping
from typing import Any

from tributary.domain.ids import cause_id

Item = Mapping[str, Any]

#: Records that people change; the links, counters and versions written beside them follow from these.
AUDITED = frozenset(
    """api-key collaborator connection conversion customer distributor event-source event-type fulfillment obligation
    opportunity payer payment-files payout program program-group settings transaction webhook""".split()
)
#: Members whose change says nothing.
_UNTOLD = frozenset({"dateModified", "version"})
#: Members outside of `listed` that people set, by entity.
_OWN = {"settings": ("netRefunds", "minimumPayout", "payoutMethod"), "payer": ("shown",)}


def entry_of(old: Item | None, new: Item | None) -> dict[str, Any] | None:
    """The audit entry of one change of the table; None unless a person made it.

    Later changes by consumers carry a trace without an actor. Values stay in the record: only names are kept."""
    if new is None or new["entity"] not in AUDITED or "actorId" not in new.get("trace", {}):
        return None
    changes = _changes(old, new)
    if (old is None and _again(new)) or (old is not None and not (changes and _written(old, new))):
        return None
    return _entry(new, new["trace"], "created" if old is None else "changed") | {"changes": changes}


def _again(new: Item) -> bool:
    """True for a record that is announced again from the table alone; its entries were kept then."""
    return bool(new.get("version", 1) > 1)


def _written(old: Item, new: Item) -> bool:
    """True if the request in the trace made this change."""
    return bool(old.get("trace") != new.get("trace") or old.get("version") != new.get("version"))


def deletion_of(item: Item, trace: Item) -> dict[str, Any] | None:
    """The audit entry of a record's deletion; None unless a person deletes it."""
    return _entry(item, trace, "deleted") if "actorId" in trace and item["entity"] in AUDITED else None


def _entry(item: Item, trace: Item, action: str) -> dict[str, Any]:
    """An entry named by the record's version and the request, so that a change that is announced again has one."""
    cause = [item["pk"], item["sk"], str(item.get("version", 0)), str(trace["correlationId"])]
    cause += ["deleted"] if action == "deleted" else []
    return {
        "id": cause_id(item["organization"], "audit", *cause),
        "actorId": int(trace["actorId"]),
        "requestId": trace["correlationId"],
        "record": item["entity"],
        "recordId": item.get("listed", {}).get("id"),
        "action": action,
        "changes": [],
        "status": item.get("listed", {}).get("status"),
    }


def _changes(old: Item | None, new: Item) -> list[str]:
    before, after = _told(old or {}), _told(new)
    names = (before.keys() | after.keys()) - _UNTOLD
    return [] if old is None else sorted(name for name in names if before.get(name) != after.get(name))


def _told(item: Item) -> dict[str, Any]:
    own = {name: item.get(name) for name in _OWN.get(item.get("entity", ""), ())}
    return {**item.get("listed", {}), **own}
