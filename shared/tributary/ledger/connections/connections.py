"""Connections: partition `connection#<id>`, item `connection`; the id in a webhook's URL leads to its organization.

Secrets are sealed. After a change the former one is accepted for a day too: both sides cannot change at once.

Events of a partner event source name no organization, so the operator grants the source to one: item `partner-source`,
which then has the connection that takes the events.
"""

import hmac
import time
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from tributary import sealing
from tributary.domain import times
from tributary.domain.errors import Conflict, NotFound
from tributary.domain.ids import random_id, text_digest
from tributary.ledger.store import audit, table
from tributary.ledger.store.expressions import GONE
from tributary.ledger.store.lists import listing
from tributary.ledger.store.records import item_header, touch, update_unchanged_action
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

KIND = SK = "connection"
STATUSES = ACTIVE, PAUSED = ("active", "paused")
ROTATION_HOURS = 24
#: The place of the secret in a URL that is shown again.
SECRET = "{secret}"  # noqa: S105 - a placeholder
_BRIDGE = "partner-source"
_KEPT_SECRETS = 256
KEPT_SECONDS = 10
_MAX_KEPT = 1000
_kept: dict[int, tuple[float, Item]] = {}


def key(connection_id: int) -> Key:
    return f"{KIND}#{connection_id}", SK


def _bridge_key(event_source: str) -> Key:
    return f"{_BRIDGE}#{text_digest(event_source)}", _BRIDGE


def find(connection_id: int) -> Item | None:
    """The stored item of any organization, strongly consistent: shops know the id only."""
    return table.get(*key(connection_id))


def kept(connection_id: int) -> Item | None:
    """The stored item as it was read at most KEPT_SECONDS ago: a pause or a deletion is noticed that much later."""
    known = _kept.get(connection_id)
    if known is not None and known[0] > time.monotonic():
        return known[1]
    item = find(connection_id)
    if len(_kept) >= _MAX_KEPT:
        _kept.clear()
    if item is not None:
        _kept[connection_id] = time.monotonic() + KEPT_SECONDS, item
    return item


def of_event_source(event_source: str) -> Item | None:
    """The connection that receives the events of a partner event source."""
    granted = table.get(*_bridge_key(event_source))
    return find(granted["connectionId"]) if granted and "connectionId" in granted else None


def grant(organization: str, event_source: str) -> None:
    """Let an organization's connections name a partner event source. Conflict if it is another organization's."""
    item = item_header(_BRIDGE, organization, _bridge_key(event_source)) | {"eventSource": event_source}
    try:
        table.put_new(item)
    except table.ConditionFailed as failure:
        if (failure.item or {}).get("organization") != organization:
            raise Conflict("The event source is granted to another organization.") from failure


def withdraw(event_source: str) -> None:
    """Take a grant back. Conflict while a connection names the source."""
    try:
        table.transact([table.delete_action(*_bridge_key(event_source), "attribute_not_exists(connectionId)")])
    except table.ConditionFailed as failure:
        raise Conflict("A connection names the event source; let it go there first.") from failure


def get(organization: str, connection_id: int) -> Item | None:
    """The stored item of an organization, strongly consistent."""
    item = find(connection_id)
    return item if item and item["organization"] == organization else None


def existing(organization: str, connection_id: int) -> Item:
    """The stored item; NotFound if the organization has none with this id."""
    item = get(organization, connection_id)
    if item is None:
        raise NotFound("There is no connection with this id.", {"id": connection_id})
    return item


def create(
    organization: str,
    shown: Mapping[str, Any],
    secret: str | None,
    base: str,
    in_path: bool = False,
    new_id: int | None = None,
) -> Item:
    """Create a connection with its `vendor`, `label`, `source` and `settings`; return the item. Conflict if its event
    source is not granted or belongs to another.

    `base` is the address of the API, and `in_path` true where the secret is a part of the URL."""
    now, number = times.now(), new_id or random_id()
    item = {
        **item_header(KIND, organization, key(number), now),
        "listed": {
            "id": number,
            **shown,
            "status": ACTIVE,
            "url": f"{base}/hooks/{number}" + (f"/{SECRET}" if in_path else ""),
            "hasSecret": secret is not None,
            "dateCreated": now,
            "dateModified": now,
        },
        **({"sealed": _sealed([secret], organization, number)} if secret is not None else {}),
        **listing(organization, KIND, number, now),
    }
    _write([table.put_action(item)], _claims(item, None, shown["settings"].get("eventSource")))
    return item


def change(item: Item, given: Mapping[str, Any], secret: str | None, now: str | None = None) -> Item:
    """Change members and the secret, at the version read; return the item. Conflict if it was changed meanwhile, or if
    its event source is not granted or belongs to another.

    The present secret again changes nothing, so that a repeat does not end the former one."""
    now = now or times.now()
    writes: Item = {f"listed.#{name}": value for name, value in given.items()}
    former = secrets(item)[:1]
    if secret is not None and not is_one_of(secret, former):
        writes |= {"sealed": _sealed([secret, *former], item["organization"], item["listed"]["id"])}
        writes |= {"listed.hasSecret": True, "formerUntil": times.later(now, hours=ROTATION_HOURS) if former else GONE}
    writes |= touch(now, item["version"] + 1)
    before = item["listed"]["settings"].get("eventSource")
    after = given.get("settings", item["listed"]["settings"]).get("eventSource")
    update = update_unchanged_action((item["pk"], item["sk"]), item["version"], writes)
    _write([update], _claims(item, before, after))
    return existing(item["organization"], item["listed"]["id"])


def remove(item: Item) -> Item:
    """Delete a connection; webhooks to it are refused from then on. Conflict if it was changed meanwhile."""
    deletion = table.delete_action(item["pk"], item["sk"], "#version = :seen", seen=item["version"])
    claims = _claims(item, item["listed"]["settings"].get("eventSource"), None)
    _write([deletion, *audit.deletion_actions(item)], claims)
    return item


def secrets(item: Item, now: str | None = None) -> Sequence[str]:
    """The secrets that sign deliveries now, the newest first."""
    if "sealed" not in item:
        return []
    held = _opened(item["sealed"], item["organization"], item["listed"]["id"])
    return held if item.get("formerUntil", "") > (now or times.now()) else held[:1]


def is_one_of(token: str, held: Sequence[str]) -> bool:
    """True if a token is one of the secrets; each is compared, so that time tells nothing."""
    matches = [hmac.compare_digest(token.encode("utf-8", "surrogatepass"), secret.encode()) for secret in held]
    return any(matches)


def forget() -> None:
    """Drop what the process has read, and its opened secrets."""
    _kept.clear()
    _opened.cache_clear()


@lru_cache(_KEPT_SECRETS)
def _opened(sealed: str, organization: str, connection_id: int) -> list[str]:
    return list(sealing.opened(sealed, organization, f"{KIND}#{connection_id}")["secrets"])


def _sealed(held: Sequence[str], organization: str, connection_id: int) -> str:
    return sealing.seal({"secrets": list(held)}, organization, f"{KIND}#{connection_id}")


def _claims(item: Item, before: str | None, after: str | None) -> list[Item]:
    """Transaction actions that give one event source back, and claim another."""
    number = item["listed"]["id"]
    if before == after:
        return []
    actions = []
    if before is not None:
        changes = {"connectionId": GONE, "changedAt": times.now()}
        actions.append(table.update_action(*_bridge_key(before), changes, "connectionId = :own", own=number))
    if after is not None:
        changes = {"connectionId": number, "changedAt": times.now()}
        free = "organization = :granted AND attribute_not_exists(connectionId)"
        actions.append(table.update_action(*_bridge_key(after), changes, free, granted=item["organization"]))
    return actions


def _write(record: list[Item], claims: list[Item]) -> None:
    try:
        table.transact([*record, *claims])
    except table.ConditionFailed as failure:
        if claims and failure.positions and min(failure.positions) >= len(record):
            raise Conflict("The event source is not granted, or belongs to another connection.") from failure
        raise Conflict("The connection was changed at the same time; read it again.") from failure
