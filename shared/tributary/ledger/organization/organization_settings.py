"""Settings of an organization: partition `<organization>#settings`, item `settings`; `DEFAULTS` for the rest."""

from collections.abc import Mapping
from typing import Any

from tributary.domain import times
from tributary.ledger.store import table
from tributary.ledger.store.expressions import Tally
from tributary.ledger.store.table import Key

KIND = SK = "settings"
#: `netRefunds`: refunds lower the amount that subscribers have spent. `minimumPayout`: the least amount of a payout in
#: minor units, by currency. `payoutMethod`: the method of collaborators without one; null leaves them out of batches.
DEFAULTS: Mapping[str, Any] = {"netRefunds": False, "minimumPayout": {}, "payoutMethod": "manual"}


def key(organization: str) -> Key:
    return f"{organization}#settings", SK


def get(organization: str) -> dict[str, Any]:
    """All settings, strongly consistent."""
    return _whole(table.get(*key(organization)))


def change(organization: str, given: Mapping[str, Any], now: str | None = None) -> dict[str, Any]:
    """Change the given settings and return all of them. One update."""
    whose = {"#entity": KIND, "organization": organization, "changedAt": now or times.now()}
    return _whole(table.update(*key(organization), {**whose, "#version": Tally(1), **given}, condition=""))


def _whole(item: Mapping[str, Any] | None) -> dict[str, Any]:
    return {name: (item or {}).get(name, default) for name, default in DEFAULTS.items()}
