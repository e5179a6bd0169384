"""Presence of webhooks: the relay marks the events of organizations that have any, so that those of all others cost
nothing more.

A first webhook is noticed within KEPT_SECONDS.
"""

import time

from botocore.exceptions import BotoCoreError, ClientError

from tributary.ledger.store import table
from tributary.ledger.webhooks import subscriptions

KEPT_SECONDS = 10
_MAX_KEPT = 1000
_kept: dict[str, tuple[float, bool]] = {}


def any_of(organization: str) -> bool:
    """True if the organization has webhooks, or if that cannot be read: the consumer looks again."""
    kept = _kept.get(organization)
    if kept is not None and kept[0] > time.monotonic():
        return kept[1]
    if len(_kept) >= _MAX_KEPT:
        _kept.clear()
    try:
        counted = table.get(*subscriptions.count_key(organization))
    except (BotoCoreError, ClientError):
        return True
    found = counted is not None and counted["active"] > 0
    _kept[organization] = time.monotonic() + KEPT_SECONDS, found
    return found


def forget() -> None:
    """Drop what the process has read."""
    _kept.clear()
