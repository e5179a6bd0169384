"""Withdrawals of refunds: a withdrawn refund counts as never reported, whichever of the two comes first.

One item has the place of both, so that each finds the other there.
"""

from dataclasses import dataclass, replace

from tributary.domain import times
from tributary.domain.balance import restated
from tributary.domain.endings import Endings
from tributary.domain.errors import NotFound
from tributary.domain.transaction import Transaction
from tributary.ledger.refunds import parked, refund_items, refunds
from tributary.ledger.refunds.refund_items import WITHDRAWN, Withdrawal, withdraw_action
from tributary.ledger.sales import closing, transaction_items, transactions
from tributary.ledger.store import table
from tributary.ledger.store.retries import retried
from tributary.ledger.store.values import Item

_TRIES = 60
#: Records beside those of the withdrawn refund and its sale; a transaction has at most 100 writes.
_MOST_MOVED = 98


@dataclass(frozen=True)
class Withdrawn:
    """The sale as it is then, and true if this report changed the ledger."""

    transaction: Transaction
    created: bool


def record(organization: str, withdrawal: Withdrawal, now: str | None = None) -> Withdrawn:
    """Record a withdrawal once. NotFound without its sale."""
    now = now or times.now()
    if withdrawal.refund_id is None:
        return _record_whole(organization, withdrawal, now)
    return _record(organization, withdrawal, withdrawal.refund_id, now)


@retried("the sale", _TRIES)
def record_or_park(organization: str, withdrawal: Withdrawal, now: str | None = None) -> int:
    """Record a withdrawal, or keep it until its sale arrives; return the sale's present or future id."""
    now = now or times.now()
    try:
        return record(organization, withdrawal, now).transaction.id
    except NotFound:
        return parked.park_withdrawal(organization, withdrawal, now)


@retried("the sale", _TRIES)
def _record_whole(organization: str, withdrawal: Withdrawal, now: str) -> Withdrawn:
    item = _sale(organization, withdrawal)
    closed = closing.note(item, Endings(withdrawn=withdrawal.at), now, refunds.with_sums(item).given)
    return Withdrawn(closed.transaction, closed.now)


@retried("the sale", _TRIES)
def _record(organization: str, withdrawal: Withdrawal, refund_id: str, now: str) -> Withdrawn:
    item = _sale(organization, withdrawal)
    transaction = transaction_items.of_item(item)
    held = table.get(transaction_items.pk(organization, transaction.id), refund_items.sk(refund_id))
    if held is None:
        table.put_new(refund_items.withdrawal_item(organization, transaction.id, refund_id, now))
        return Withdrawn(transaction, created=True)
    if held["listed"]["status"] == WITHDRAWN:
        return Withdrawn(transaction, created=False)
    return Withdrawn(_withdraw(item, held, now), created=True)


def _sale(organization: str, withdrawal: Withdrawal) -> Item:
    item = transactions.find(organization, withdrawal.source, withdrawal.external_id)
    if item is None:
        raise refund_items.no_sale(withdrawal.source, withdrawal.external_id)
    return item


def _withdraw(item: Item, held: Item, now: str) -> Transaction:
    """Take back a refund that is applied, waiting or refused."""
    actions = [withdraw_action(held, now)]
    before = after = transaction_items.of_item(item)
    if held["listed"]["status"] == refund_items.APPLIED:
        known = refunds.with_sums(item)
        after = restated(replace(known, given=known.given - refund_items.added(held), version=before.version + 1))
        actions.append(refunds.write_action(before, after, now))
        if before.refunded - after.refunded != held["listed"]["amount"]:
            actions += refunds.restated_records(after, held, now)[:_MOST_MOVED]
    table.transact(actions)
    return after
