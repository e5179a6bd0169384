"""Refunds that an order states as a set: those of its newest version count, and an id that is gone was taken back.

Partition `<organization>#stated#<digest of the order>`, item `stated`: the newest version's refunds, and every id that
any version had.
"""

from collections.abc import Mapping

from tributary.domain import times
from tributary.domain.ids import text_digest
from tributary.ledger.store import table
from tributary.ledger.store.records import item_header, replace_unchanged
from tributary.ledger.store.retries import retried
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

KIND = "stated"
_TRIES = 25


def _key(organization: str, source: str, order: str) -> Key:
    return f"{organization}#{KIND}#{text_digest(source, order)}", KIND


def get(organization: str, source: str, order: str) -> Item | None:
    """The stored state of an order's refunds, strongly consistent."""
    return table.get(*_key(organization, source, order))


@retried("the order", _TRIES)
def state(organization: str, source: str, order: str, at: str, rank: str, amounts: Mapping[str, int]) -> Item | None:
    """Note a version's refunds, as amounts by id; return the state, None for an order that never had any.

    Of the versions of one moment the one of the highest rank is the newest."""
    held = get(organization, source, order)
    if held is None and not amounts:
        return None
    known = sorted({*(held["known"] if held else ()), *amounts})
    newer = held is None or (at, rank) > (held["at"], held["rank"])
    version = {"at": at, "rank": rank, "refunds": dict(amounts)} if newer else {}
    if held is None:
        item = item_header(KIND, organization, _key(organization, source, order)) | version | {"known": known}
        table.put_new(item)
        return item
    if not newer and known == held["known"]:
        return held
    item = {**held, **version, "known": known, "version": held["version"] + 1, "changedAt": times.now()}
    replace_unchanged(item, held["version"])
    return item
