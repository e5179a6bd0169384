"""Webhook subscriptions: partition `<organization>#webhooks`, item `webhook#<id>`, and a counter that limits them.

Their signing secrets are sealed, and shown once. After a rotation the former secret also signs for a day.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from tributary import sealing
from tributary.domain import times, webhooks
from tributary.domain.errors import Conflict, NotFound
from tributary.domain.ids import random_id
from tributary.ledger.store import audit, table
from tributary.ledger.store.lists import listing
from tributary.ledger.store.records import item_header, touch, update_unchanged
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

KIND = "webhook"
MAX = 100
ROTATION_HOURS = 24
_COUNT = "count"
_KEPT_SECRETS = 256


def create(
    organization: str,
    target_url: str,
    events: Sequence[str],
    description: str,
    secret: str,
    now: str | None = None,
    new_id: int | None = None,
) -> Item:
    """Create a subscription and return its item. Conflict if there are MAX."""
    now, number = now or times.now(), new_id or random_id()
    shown = {
        "id": number,
        "targetUrl": target_url,
        "description": description,
        "events": list(events),
        "status": webhooks.ACTIVE,
        "pausedReason": None,
        "rotatedAt": None,
        "dateCreated": now,
        "dateModified": now,
        "createdAt": now,
        "propertyId": None,
    }
    item = {
        **item_header(KIND, organization, key(organization, number), now),
        "listed": shown,
        "sealed": sealing.seal({"secret": secret}, organization, owner(number)),
        **listing(organization, KIND, number, now),
    }
    try:
        table.transact([_count(organization, 1, MAX), table.put_action(item)])
    except table.ConditionFailed as failure:
        raise Conflict(f"There are {MAX} webhooks; delete one first.", {"limit": MAX}) from failure
    return item


def get(organization: str, webhook_id: int) -> Item | None:
    """The stored subscription, strongly consistent."""
    return table.get(*key(organization, webhook_id))


def existing(organization: str, webhook_id: int) -> Item:
    """The stored subscription; NotFound if there is none."""
    item = get(organization, webhook_id)
    if item is None:
        raise NotFound("There is no webhook with this id.", {"id": webhook_id})
    return item


def every(organization: str) -> list[Item]:
    """All subscriptions of an organization in one Query, strongly consistent."""
    return table.query(_pk(organization), f"{KIND}#")


def change(item: Item, given: Mapping[str, Any], now: str | None = None) -> Item:
    """Change members of a subscription, at the version read. Conflict if it was changed meanwhile, and for activating
    one that was switched off and has had no successful test send since."""
    now = now or times.now()
    if given.get("targetUrl", item["listed"]["targetUrl"]) != item["listed"]["targetUrl"]:
        item = {**item, "testedAt": None}  # of the former address
    changes = {f"listed.#{name}": value for name, value in given.items()} | {"testedAt": item.get("testedAt")}
    changes |= _status_changes(item, given.get("status"), now)
    return _update(item, changes, now)


def _status_changes(item: Item, status: str | None, now: str) -> Item:
    if status is None or status == item["listed"]["status"]:
        return {}
    if status == webhooks.PAUSED:
        return {"listed.pausedReason": webhooks.BY_HAND, "pausedAt": now}
    reason = item["listed"]["pausedReason"]
    if not webhooks.may_activate(reason, item.get("pausedAt"), item.get("testedAt")):
        sentence = "The webhook was switched off: a successful test send must come before it is active again."
        raise Conflict(sentence, {"id": item["listed"]["id"], "pausedReason": reason})
    return {"listed.pausedReason": None}


def switch_off(item: Item, reason: str, now: str) -> bool:
    """Pause an active subscription for a reason; false if it was changed meanwhile."""
    changes = {"listed.#status": webhooks.PAUSED, "listed.pausedReason": reason, "pausedAt": now}
    try:
        _changed(item, changes, now)
    except table.ConditionFailed:
        return False
    return True


def tested(item: Item, now: str) -> None:
    """Note a successful test send, unless the subscription was changed meanwhile."""
    _update(item, {"testedAt": now}, now)


def rotate(item: Item, secret: str, force: bool, now: str | None = None) -> Item:
    """Give a subscription a new secret; the former one also signs for a day. Conflict within that day unless `force`
    ends it."""
    now, listed = now or times.now(), item["listed"]
    if not force and listed["rotatedAt"] is not None and now < _rotation_end(listed["rotatedAt"]):
        sentence = "The former secret still signs; send force to replace both."
        raise Conflict(sentence, {"id": listed["id"], "until": _rotation_end(listed["rotatedAt"])})
    sealed = sealing.seal({"secret": secret}, item["organization"], owner(listed["id"]))
    return _update(item, {"sealed": sealed, "formerSealed": item["sealed"], "listed.rotatedAt": now}, now)


def secrets_of(item: Item, now: str) -> list[str]:
    """The secrets that sign now, the newest first."""
    kept, rotated_at = [item["sealed"]], item["listed"]["rotatedAt"]
    if rotated_at is not None and now < _rotation_end(rotated_at):
        kept.append(item["formerSealed"])
    return [_opened(sealed, item["organization"], item["listed"]["id"]) for sealed in kept]


def remove(organization: str, webhook_id: int) -> Item:
    """Delete a subscription; return it as it was. NotFound if there is none."""
    item = existing(organization, webhook_id)
    deletion = table.delete_action(item["pk"], item["sk"], "attribute_exists(pk)")
    try:
        table.transact([deletion, _count(organization, -1), *audit.deletion_actions(item)])
    except table.ConditionFailed as failure:
        raise NotFound("There is no webhook with this id.", {"id": webhook_id}) from failure
    return item


def owner(webhook_id: int) -> str:
    """The owner of sealed secrets; roles may open those of webhooks only."""
    return f"{KIND}#{webhook_id}"


def key(organization: str, webhook_id: int) -> Key:
    return _pk(organization), f"{KIND}#{webhook_id}"


def count_key(organization: str) -> Key:
    """The key of the counter of an organization's subscriptions."""
    return _pk(organization), _COUNT


def forget() -> None:
    """Drop the process's opened secrets."""
    _opened.cache_clear()


def _pk(organization: str) -> str:
    return f"{organization}#webhooks"


def _rotation_end(rotated_at: str) -> str:
    return times.later(rotated_at, hours=ROTATION_HOURS)


@lru_cache(_KEPT_SECRETS)
def _opened(sealed: str, organization: str, webhook_id: int) -> str:
    """Kept by the process: each opening is a paid request to KMS."""
    return str(sealing.opened(sealed, organization, owner(webhook_id))["secret"])


def _update(item: Item, changes: Item, now: str) -> Item:
    try:
        return _changed(item, changes, now)
    except table.ConditionFailed as failure:
        sentence = "The webhook was changed at the same time; read it again."
        raise Conflict(sentence, {"id": item["listed"]["id"]}) from failure


def _changed(item: Item, changes: Item, now: str) -> Item:
    changes = {**changes, **touch(now, item["version"] + 1)}
    return update_unchanged((item["pk"], item["sk"]), item["version"], changes)


def _count(organization: str, by: int, most: int | None = None) -> Item:
    about = {"entity": "webhook-count", "organization": organization}
    return table.count_action(*count_key(organization), "active", by, most, **about)
