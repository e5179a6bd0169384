"""Refunds that an order states as a set: those of its newest version count, and an id that is gone was taken back.

Partition `<organization>#stated#<digest of the order>`, item `stated`: the newest version's refunds, and every id that
any version had.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tributary.domain import times
from tributary.domain.ids import text_digest
from tributary.ledger.store import table
from tributary.ledger.store.records import item_header, replace_unchanged
from tributary.ledger.store.retries import retried
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

KIND = "stated"
_TRIES = 25
_MOST_REFUNDS = 999_999


@dataclass(frozen=True)
class Version:
    """The refunds that an order has at a moment, as amounts by id."""

    at: str
    refunds: Mapping[str, int]

    @property
    def rank(self) -> str:
        """The rank among the versions of one moment."""
        return f"{_MOST_REFUNDS - len(self.refunds):06}#{text_digest(json.dumps(sorted(self.refunds.items())))}"


def _key(organization: str, source: str, order: str) -> Key:
    return f"{organization}#{KIND}#{text_digest(source, order)}", KIND


def get(organization: str, source: str, order: str) -> Item | None:
    """The stored state of an order's refunds, strongly consistent."""
    return table.get(*_key(organization, source, order))


@retried("the order", _TRIES)
def state(organization: str, source: str, order: str, version: Version, heard_bare: Callable[[], bool]) -> Item | None:
    """Note a version's refunds; return the state, None for an order that never had any.

    Of the versions of one moment the one with fewest refunds is the newest: a refund sets the order's moment, its
    deletion leaves it. `heard_bare` tells if one of this moment without refunds made the sale, which is not noted."""
    held, amounts = get(organization, source, order), version.refunds
    if held is None and not amounts:
        return None
    known = sorted({*(held["known"] if held else ()), *amounts})
    if held is None and heard_bare():
        version = Version(version.at, {})
    newer = held is None or (version.at, version.rank) > (held["at"], held["rank"])
    noted = {"at": version.at, "rank": version.rank, "refunds": dict(version.refunds)} if newer else {}
    if held is None:
        item = item_header(KIND, organization, _key(organization, source, order)) | noted | {"known": known}
        table.put_new(item)
        return item
    if not newer and known == held["known"]:
        return held
    item = {**held, **noted, "known": known, "version": held["version"] + 1, "changedAt": times.now()}
    replace_unchanged(item, held["version"])
    return item
