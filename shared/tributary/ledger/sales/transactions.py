"""Transactions: partition `<organization>#transaction#<id>`, item `transaction`.

The id comes from the sale's natural key. If another sale has that id, writers and readers go on to the next id of the
probe chain. Records on a chain are never removed, so an empty place ends it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tributary.domain import times
from tributary.domain.errors import Conflict
from tributary.domain.ids import random_id, transaction_ids
from tributary.domain.transaction import Sale, Transaction
from tributary.ledger.sales.transaction_items import (
    SK,
    checked_size,
    is_of,
    item_of,
    key,
    of_item,
    pk,
    unless_deleted,
)
from tributary.ledger.store import table
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item


@dataclass(frozen=True)
class Recorded:
    """The result of a report: the transaction, True if this report made it, and the fields that differ."""

    transaction: Transaction
    created: bool
    differs: tuple[str, ...] = ()


def record(organization: str, sale: Sale, now: str | None = None, beside: Sequence[Item] = ()) -> Recorded:
    """Record a sale once. One conditional put; a repeat reads the stored sale from the failed put.

    A new sale is written with the actions `beside` it; ConditionFailed if only theirs fail."""
    now = now or times.now()
    for transaction_id in transaction_ids(organization, sale.source, sale.external_id):
        transaction = Transaction(transaction_id, organization, sale, "complete", now, 1)
        try:
            _put_new(checked_size(transaction), beside)
            return Recorded(transaction, created=True)
        except table.ConditionFailed as failure:
            if beside and failure.item is None:
                raise
            stored = of_item(failure.item or {})
            if stored.sale.has_key(sale.source, sale.external_id):
                return Recorded(stored, created=False, differs=tuple(stored.first.differences(sale)))
    raise OverflowError("the probe chain is full")


def _put_new(item: Item, beside: Sequence[Item]) -> None:
    """Put an item at a free key; ConditionFailed carries the item there, none if only an action beside it fails."""
    if beside:
        table.transact([table.showing(table.put_action(item)), *beside])
    else:
        table.put_new(item)


def first(organization: str, transaction_id: int, sale: Sale, now: str) -> Item:
    """The item of a new sale at this id, for a larger transaction."""
    return checked_size(Transaction(transaction_id, organization, sale, "complete", now, 1))


def create(organization: str, sale: Sale, now: str | None = None) -> Item:
    """Create a transaction by hand and return its item, with a random id if it has no source and external id.

    Conflict if one of the same source and external id exists or was deleted.
    """
    now = now or times.now()
    if sale.external_id:
        recorded = record(organization, sale, now)
        if not recorded.created:
            context = {"transactionId": recorded.transaction.id, "bindingId": sale.external_id}
            raise Conflict("There is a transaction with this binding.", context)
        return item_of(recorded.transaction)
    while True:
        item = checked_size(Transaction(random_id(), organization, sale, "complete", now, 1))
        try:
            table.put_new(item)
            return item
        except table.ConditionFailed:
            continue


def find(organization: str, source: str, external_id: str) -> Item | None:
    """The stored item of a sale by its natural key, strongly consistent."""
    for transaction_id in transaction_ids(organization, source, external_id):
        item = stored(organization, transaction_id)
        if item is None or is_of(item, source, external_id):
            return unless_deleted(item)
    return None


def find_all(organization: str, source: str, external_ids: Iterable[str]) -> list[Item]:
    """The stored items of several sales. One BatchGetItem, and more only where another sale has the id of one."""
    firsts = {it: key(organization, next(transaction_ids(organization, source, it))) for it in external_ids}
    there = table.batch_get(firsts.values())
    held = {it: there[first] for it, first in firsts.items() if first in there}
    items = [
        unless_deleted(item) if is_of(item, source, it) else find(organization, source, it) for it, item in held.items()
    ]
    return [item for item in items if item]


def place(organization: str, source: str, external_id: str) -> tuple[int, Item | None]:
    """The sale's present or future id and its stored item, deleted ones included."""
    for transaction_id in transaction_ids(organization, source, external_id):
        item = stored(organization, transaction_id)
        if item is None or is_of(item, source, external_id):
            return transaction_id, item
    raise OverflowError("the probe chain is full")


def place_with(
    organization: str, source: str, external_id: str, others: Iterable[Key]
) -> tuple[Item | None, Mapping[Key, Item]]:
    """The sale's stored item, deleted ones included, read together with other items."""
    wanted, first = list(others), key(organization, next(transaction_ids(organization, source, external_id)))
    found = table.batch_get([first, *wanted])
    item = found.get(first)
    if item is None or is_of(item, source, external_id):
        return item, found
    return place(organization, source, external_id)[1], found


def get(organization: str, transaction_id: int) -> Item | None:
    """The stored item, strongly consistent; None for a deleted one."""
    return unless_deleted(stored(organization, transaction_id))


def stored(organization: str, transaction_id: int) -> Item | None:
    """The stored item, deleted ones included."""
    return table.get(pk(organization, transaction_id), SK)
