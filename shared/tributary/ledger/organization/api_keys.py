"""API keys, stored as hashes and shown once.

One item by hash identifies the key; another in the organization's partition is listed and revoked; a counter limits
them to MAX_ACTIVE. Expired keys are counted until the limit is met; then they are stored as expired and give way.
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from tributary.domain import times
from tributary.domain.errors import Conflict, NotFound, Unauthorized
from tributary.domain.ids import random_id
from tributary.ledger.store import table
from tributary.ledger.store.lists import listing
from tributary.ledger.store.records import item_header
from tributary.ledger.store.values import Item

KIND = "api-key"
MAX_ACTIVE = 250
_PREFIX = "sk_live_"
_ORGANIZATIONS = "organizations"


@dataclass(frozen=True)
class Principal:
    """The caller: the organization of every key and query, the granted scopes, and the source that it is bound to."""

    organization: str
    key_id: int
    scopes: tuple[str, ...]
    source: str | None
    expires_at: str | None
    used_on: str | None = field(default=None, compare=False)


def principal(raw_key: str) -> Principal:
    """The caller of an API key. Unauthorized if it is unknown or revoked.

    Callers check the expiry, since they may cache the result.
    """
    item = table.get(_lookup_pk(raw_key), "api-key")
    if item is None:
        raise Unauthorized("unknown")
    if item["status"] != "active":
        raise Unauthorized("revoked")
    said = (item["organization"], item["keyId"], tuple(item["scopes"]), item["source"], item["expiresAt"])
    return Principal(*said, item.get("usedOn"))


def note_use(raw_key: str, used: Principal, now: str) -> None:
    """Keep the day of a key's use as `lastUsedAt`; the first process of the day writes, once a day and key."""
    day = now[:10]
    if used.used_on is not None and used.used_on >= day:
        return
    first = "attribute_exists(pk) AND (attribute_not_exists(usedOn) OR usedOn < :day)"
    noted = table.update_action(_lookup_pk(raw_key), "api-key", {"usedOn": day}, first, day=day)
    place, changes = (_pk(used.organization), _sk(used.key_id)), {"listed.lastUsedAt": f"{day}T00:00:00.000Z"}
    with suppress(table.ConditionFailed):  # another process was first
        table.transact([noted, table.update_action(*place, changes, "attribute_exists(pk)")])


def create(
    organization: str,
    label: str,
    scopes: Sequence[str],
    expires_at: str | None = None,
    source: str | None = None,
    raw_key: str | None = None,
    now: str | None = None,
    new_id: int | None = None,
    first: bool = False,
) -> Item:
    """Create a key; return its record with `rawKey`, which is stored nowhere. Conflict when MAX_ACTIVE are active, and
    for a `first` key unless the organization is new; that key also lists the organization."""
    now, key_id = now or times.now(), new_id or random_id()
    raw_key = raw_key or _PREFIX + secrets.token_hex(32)
    listed = {
        "id": key_id,
        "keyPrefix": raw_key[: len(_PREFIX) + 8],
        "label": label,
        "status": "active",
        "scopes": list(scopes),
        "source": source,
        "dateCreated": now,
        "createdAt": now,
        "expiresAt": expires_at,
        "lastUsedAt": None,
        "revokedAt": None,
        "propertyId": None,
    }
    new = [_shown(organization, listed, raw_key), _lookup(organization, listed, raw_key)]
    if first:
        new.append(_organization(organization, now))
    actions = [_count(organization, 1, 0 if first else MAX_ACTIVE), *map(table.put_action, new)]
    try:
        table.transact(actions)
    except table.ConditionFailed as failure:
        if first:
            raise Conflict(f"The organization {organization} exists.", {"organization": organization}) from failure
        if not _expire(organization, now):
            sentence = f"There are {MAX_ACTIVE} active API keys; revoke one first."
            raise Conflict(sentence, {"limit": MAX_ACTIVE}) from failure
        table.transact(actions)
    return {**listed, "rawKey": raw_key}


def organizations() -> list[Item]:
    """Every organization that began with a `first` key, by name."""
    return [{"organization": it["sk"], "dateCreated": it["dateCreated"]} for it in table.query(_ORGANIZATIONS)]


def status_of(listed: Mapping[str, Any], now: str) -> str:
    """The status of a key's record at a moment: an active key expires without a write."""
    expired = listed["status"] == "active" and listed["expiresAt"] is not None and listed["expiresAt"] <= now
    return "expired" if expired else str(listed["status"])


def revoke(organization: str, key_id: int) -> Item:
    """Revoke a key. NotFound if the organization has no such key."""
    stored = table.get(_pk(organization), _sk(key_id))
    if stored is None:
        raise NotFound("There is no API key with this id.", {"id": key_id})
    if stored["listed"]["status"] == "revoked":
        return dict(stored["listed"])
    now, before = times.now(), stored["listed"]["status"]
    changes = {"listed.#status": "revoked", "listed.revokedAt": now}
    revoked = table.update_action(_pk(organization), _sk(key_id), changes, "listed.#status = :before", before=before)
    refused = table.update_action(stored["lookup"], "api-key", {"#status": "revoked"}, "attribute_exists(pk)")
    try:
        table.transact([revoked, refused, *([_count(organization, -1)] if before == "active" else [])])
    except table.ConditionFailed:
        return revoke(organization, key_id)
    return {**stored["listed"], "status": "revoked", "revokedAt": now}


def _expire(organization: str, now: str) -> bool:
    """Store expired keys as such, so that they no longer count; true if there was one."""
    keys = [item["listed"] for item in table.query(_pk(organization), _sk(""))]
    expired = [it for it in keys if it["status"] != status_of(it, now)]
    for listed in expired:
        place = (_pk(organization), _sk(listed["id"]))
        changes = {"listed.#status": "expired"}
        with suppress(table.ConditionFailed):  # another request stored or revoked it
            stored = table.update_action(*place, changes, "listed.#status = :active", active="active")
            table.transact([stored, _count(organization, -1)])
    return bool(expired)


def _pk(organization: str) -> str:
    return f"{organization}#api-keys"


def _sk(key_id: int | str) -> str:
    return f"api-key#{key_id}"


def _shown(organization: str, listed: Item, raw_key: str) -> Item:
    return {
        **item_header("api-key", organization, (_pk(organization), _sk(listed["id"]))),
        "listed": listed,
        "lookup": _lookup_pk(raw_key),
        **listing(organization, KIND, listed["id"], listed["dateCreated"]),
    }


def _lookup(organization: str, listed: Item, raw_key: str) -> Item:
    """The item that identifies a request's key in one read."""
    return {
        **item_header("api-key-lookup", organization, (_lookup_pk(raw_key), "api-key")),
        "keyId": listed["id"],
        **{name: listed[name] for name in ("status", "scopes", "source", "expiresAt")},
    }


def _lookup_pk(raw_key: str) -> str:
    return "api-key#" + hashlib.sha256(raw_key.encode("utf-8", "surrogatepass")).hexdigest()


def _organization(organization: str, now: str) -> Item:
    return {**item_header("organization", organization, (_ORGANIZATIONS, organization)), "dateCreated": now}


def _count(organization: str, by: int, most: int | None = None) -> Item:
    """Count a key. No count is below zero, so a `most` of zero demands that the organization never had a key."""
    return table.count_action(
        _pk(organization), "count", "active", by, most, entity="api-key-count", organization=organization
    )
