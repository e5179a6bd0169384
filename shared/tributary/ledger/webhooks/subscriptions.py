"""Webhook subscriptions: partition `<organization>#webhooks`, item `webhook#<id>`, and a counter that limits them.

Their signing secrets are sealed, and shown once. After a rotation the former secret also signs for a day. Each change
bears a nonce, by which a repeat after a lost answer recognizes its own write.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any

from tributary import sealing
from tributary.domain import times, webhooks
from tributary.domain.errors import Conflict, NotFound
from tributary.domain.ids import random_id
from tributary.ledger.store import audit, table
from tributary.ledger.store.expressions import GONE, Plus
from tributary.ledger.store.lists import listing
from tributary.ledger.store.records import item_header, touch
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item
from tributary.ledger.webhooks import gates

KIND = "webhook"
MAX = 100
ROTATION_HOURS = 24
#: How long the gate of a deleted subscription is kept, as its deliveries are.
_GATE_KEPT = timedelta(days=30)
_COUNT = "count"
#: What the fan-out of an event needs of a subscription.
_NEEDED = "#organization, listed.#id, listed.#status, listed.#events"
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


def listening(organization: str) -> list[Item]:
    """All subscriptions of an organization with their ids, statuses and events, in one Query, strongly consistent."""
    return table.query(_pk(organization), f"{KIND}#", _NEEDED)


def change(item: Item, given: Mapping[str, Any], now: str | None = None) -> Item:
    """Change members of a subscription, at the version read. Conflict if it was changed meanwhile, and for activating
    one that was switched off and has had no successful test send since."""
    now = now or times.now()
    if given.get("targetUrl", item["listed"]["targetUrl"]) != item["listed"]["targetUrl"]:
        item = {**item, "testedAt": None, "since": now}  # tests and failures are of the former address
    changes = {f"listed.#{name}": value for name, value in given.items()}
    changes |= {"testedAt": item.get("testedAt"), "since": item.get("since")}
    changes |= _status_changes(item, given.get("status"), now)
    return _update(item, changes, now)


def failures_since(item: Item) -> str | None:
    """The moment since which failures count: of its last activation, change of address or successful test."""
    return max(filter(None, (item.get("since"), item.get("testedAt"))), default=None)


def _status_changes(item: Item, status: str | None, now: str) -> Item:
    if status is None or status == item["listed"]["status"]:
        return {}
    if status == webhooks.PAUSED:
        return {"listed.pausedReason": webhooks.BY_HAND, "pausedAt": now}
    reason = item["listed"]["pausedReason"]
    if not webhooks.may_activate(reason, item.get("pausedAt"), item.get("testedAt")):
        sentence = "The webhook was switched off: a successful test send must come before it is active again."
        raise Conflict(sentence, {"id": item["listed"]["id"], "pausedReason": reason})
    return {"listed.pausedReason": None, "since": now}


def switch_off(item: Item, reason: str, now: str) -> bool:
    """Pause a subscription for a reason; false if it is not active at this address any more."""
    changes = {"listed.#status": webhooks.PAUSED, "listed.pausedReason": reason, "pausedAt": now}
    condition = "listed.#status = :active AND listed.targetUrl = :address"
    try:
        _changed(item, changes, now, condition, active=webhooks.ACTIVE, address=item["listed"]["targetUrl"])
    except table.ConditionFailed:
        return False
    return True


def tested(item: Item, now: str) -> None:
    """Note a successful test send. Conflict if the address has changed meanwhile."""
    _update(item, {"testedAt": now}, now, "listed.targetUrl = :address", address=item["listed"]["targetUrl"])


def rotate(item: Item, secret: str, force: bool, now: str | None = None) -> Item:
    """Give a subscription a new secret; the former one also signs for a day. Conflict within that day unless `force`.

    With force the oldest secret goes on signing too, since a receiver may know that one only.
    """
    now, listed = now or times.now(), item["listed"]
    former = _former(item, now)
    if former and not force:
        sentence = "The former secret still signs; send force for another one."
        raise Conflict(sentence, {"id": listed["id"], "until": former[0]["until"]})
    sealed = sealing.seal({"secret": secret}, item["organization"], owner(listed["id"]))
    kept = [{"sealed": item["sealed"], "until": times.later(now, hours=ROTATION_HOURS)}, *former[-1:]]
    return _update(item, {"sealed": sealed, "former": kept, "listed.rotatedAt": now}, now)


def secrets_of(item: Item, now: str) -> list[str]:
    """The secrets that sign now, the newest first: at most three."""
    kept = [item["sealed"], *(former["sealed"] for former in _former(item, now))]
    return [_opened(sealed, item["organization"], item["listed"]["id"]) for sealed in kept]


def _former(item: Item, now: str) -> list[Item]:
    """The former secrets that sign still, the newest first."""
    return [former for former in item.get("former", ()) if now < former["until"]]


def remove(organization: str, webhook_id: int) -> Item:
    """Delete a subscription, and let its gate expire; return it as it was. NotFound if there is none."""
    item = existing(organization, webhook_id)
    deletion = table.delete_action(item["pk"], item["sk"], "attribute_exists(pk)")
    expires = int((times.parse(times.now()) + _GATE_KEPT).timestamp())
    gate = gates.expire_action(organization, webhook_id, expires)
    try:
        table.transact([deletion, _count(organization, -1), gate, *audit.deletion_actions(item)])
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


@lru_cache(_KEPT_SECRETS)
def _opened(sealed: str, organization: str, webhook_id: int) -> str:
    """Kept by the process: each opening is a paid request to KMS."""
    return str(sealing.opened(sealed, organization, owner(webhook_id))["secret"])


def _update(item: Item, changes: Item, now: str, condition: str = "", **values: Any) -> Item:
    """Change a subscription at the version read, or under a condition that suffices."""
    try:
        if condition:
            return _changed(item, changes, now, condition, **values)
        expired = len(_former(item, now)) < len(item.get("former", ()))
        dropped = {"former": _former(item, now) or GONE} if expired else {}
        return _changed(item, dropped | changes, now, "#version = :seen", seen=item["version"])
    except table.ConditionFailed as failure:
        sentence = "The webhook was changed at the same time; read it again."
        raise Conflict(sentence, {"id": item["listed"]["id"]}) from failure


def _changed(item: Item, changes: Item, now: str, condition: str, **values: Any) -> Item:
    nonce = secrets.token_hex(6)
    changes = {**changes, **touch(now, Plus(1)), "nonce": nonce}
    try:
        return table.update(item["pk"], item["sk"], changes, condition, **values)
    except table.ConditionFailed as failure:
        if failure.item is None or failure.item.get("nonce") != nonce:
            raise
        return failure.item


def _count(organization: str, by: int, most: int | None = None) -> Item:
    about = {"entity": "webhook-count", "organization": organization}
    return table.count_action(*count_key(organization), "active", by, most, **about)
