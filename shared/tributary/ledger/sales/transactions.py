"""Transactions: partition `<organization>#transaction#<id>`, item `transaction`.

The id comes from the sale's natural key. Another sale that already has it sends the writer to the next id of the
probe chain, and every reader by natural key the same way; records on a chain are never taken away, so an empty place
ends it.
"""

from dataclasses import dataclass

from tributary.domain import times
from tributary.domain.errors import Conflict
from tributary.domain.ids import random_id, transaction_ids
from tributary.domain.transaction import Sale, Transaction
from tributary.ledger.sales.transaction_items import SK, checked_size, is_of, item_of, of_item, pk, unless_deleted
from tributary.ledger.store import table
from tributary.ledger.store.values import Item


@dataclass(frozen=True)
class Recorded:
    """What became of a report: the transaction as it stands, whether this report made it, and what it says
    differently."""

    transaction: Transaction
    created: bool
    differs: tuple[str, ...] = ()


def record(organization: str, sale: Sale, now: str | None = None) -> Recorded:
    """Records a sale once. One conditional put; a repeat reads the stored sale from the put's own failure."""
    now = now or times.now()
    for transaction_id in transaction_ids(organization, sale.source, sale.external_id):
        transaction = Transaction(transaction_id, organization, sale, "complete", now, 1)
        try:
            table.put_new(checked_size(transaction))
            return Recorded(transaction, created=True)
        except table.ConditionFailed as failure:
            stored = of_item(failure.item or {})
            if stored.sale.has_key(sale.source, sale.external_id):
                return Recorded(stored, created=False, differs=tuple(stored.first.differences(sale)))
    raise OverflowError("the probe chain is full")


def first(organization: str, transaction_id: int, sale: Sale, now: str) -> Item:
    """The item of a sale that has this place and has just been reported; for a transaction that puts more than it."""
    return checked_size(Transaction(transaction_id, organization, sale, "complete", now, 1))


def create(organization: str, sale: Sale, now: str | None = None) -> Item:
    """Makes a transaction by hand, and returns its item. One without a source and external id has a random id.
    Conflict if there is a transaction, or was one, of the same source and external id."""
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


def place(organization: str, source: str, external_id: str) -> tuple[int, Item | None]:
    """The id that a sale has or will have, and what lies there, be it deleted."""
    for transaction_id in transaction_ids(organization, source, external_id):
        item = stored(organization, transaction_id)
        if item is None or is_of(item, source, external_id):
            return transaction_id, item
    raise OverflowError("the probe chain is full")


def get(organization: str, transaction_id: int) -> Item | None:
    """The stored item, strongly consistent; None for one that was deleted."""
    return unless_deleted(stored(organization, transaction_id))


def stored(organization: str, transaction_id: int) -> Item | None:
    """What has the transaction's place, be it deleted."""
    return table.get(pk(organization, transaction_id), SK)
