"""API keys, stored as hashes and shown once.

One item by hash identifies the key; another in the organization's partition is listed and revoked; a counter limits
them to MAX_ACTIVE.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Principal:
    """The caller: the organization of every key and query, the granted scopes, and the source that it is bound to."""

    organization: str
    key_id: int
    scopes: tuple[str, ...]
    source: str | None
    expires_at: str | None


def principal(raw_key: str) -> Principal:
    """The caller of an API key. Unauthorized if it is unknown or revoked.

    Callers check the expiry, since they may cache the result.
    """
    item = table.get(_lookup_pk(raw_key), "api-key")
    if item is None:
        raise Unauthorized("unknown")
    if item["status"] != "active":
        raise Unauthorized("revoked")
    return Principal(item["organization"], item["keyId"], tuple(item["scopes"]), item["source"], item["expiresAt"])


def create(
    organization: str,
    label: str,
    scopes: Sequence[str],
    expires_at: str | None = None,
    source: str | None = None,
    raw_key: str | None = None,
    now: str | None = None,
    new_id: int | None = None,
) -> Item:
    """Create a key; return its record with `rawKey`, which is stored nowhere. Conflict when MAX_ACTIVE are active."""
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
    shown, lookup = _shown(organization, listed, raw_key), _lookup(organization, listed, raw_key)
    try:
        table.transact([_count(organization, 1), table.put_action(shown), table.put_action(lookup)])
    except table.ConditionFailed as failure:
        raise Conflict(f"There are {MAX_ACTIVE} active API keys; revoke one first.", {"limit": MAX_ACTIVE}) from failure
    return {**listed, "rawKey": raw_key}


def revoke(organization: str, key_id: int) -> Item:
    """Revoke a key. NotFound if the organization has no such key."""
    stored = table.get(_pk(organization), _sk(key_id))
    if stored is None:
        raise NotFound("There is no API key with this id.", {"id": key_id})
    if stored["listed"]["status"] == "revoked":
        return dict(stored["listed"])
    now = times.now()
    changes = {"listed.#status": "revoked", "listed.revokedAt": now}
    try:
        table.transact(
            [
                table.update_action(
                    _pk(organization), _sk(key_id), changes, "listed.#status = :active", active="active"
                ),
                table.update_action(stored["lookup"], "api-key", {"#status": "revoked"}, "attribute_exists(pk)"),
                _count(organization, -1),
            ]
        )
    except table.ConditionFailed:
        return revoke(organization, key_id)
    return {**stored["listed"], "status": "revoked", "revokedAt": now}


def _pk(organization: str) -> str:
    return f"{organization}#api-keys"


def _sk(key_id: int) -> str:
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


def _count(organization: str, by: int) -> Item:
    most = MAX_ACTIVE if by > 0 else None
    return table.count_action(
        _pk(organization), "count", "active", by, most, entity="api-key-count", organization=organization
    )
