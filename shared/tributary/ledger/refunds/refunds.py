"""Partial refunds: one record per refund id in the partition of the sale, written with the sale at the version read."""

from dataclasses import dataclass, replace
from typing import Any

from tributary.domain import refund_currency, times
from tributary.domain.balance import balance_of
from tributary.domain.errors import TooLarge, ValidationFailed
from tributary.domain.refund import ExceedsRest, demand, without_names
from tributary.domain.transaction import Transaction
from tributary.ledger.refunds.refund_items import PARKED, REFUSED, Reported, absent, item_of, reported_of, sk
from tributary.ledger.sales import transaction_items, transactions
from tributary.ledger.store import table
from tributary.ledger.store.records import touch, update_unchanged, update_unchanged_action
from tributary.ledger.store.retries import retried
from tributary.ledger.store.values import MAX_BYTES, Item, size
from tributary.telemetry import logger

_TRIES = 60
#: Named items whose sums fit beside any sale.
_SURELY_SMALL = 100


@dataclass(frozen=True)
class Applied:
    """The result of a report: the sale, the refund's record, and True if this report made it."""

    transaction: Transaction
    refund: Item
    created: bool


def of_transaction(organization: str, transaction_id: int) -> list[Item]:
    """The refunds of a transaction, strongly consistent."""
    return table.query(transaction_items.pk(organization, transaction_id), "refund#")


def record(organization: str, refund: Reported, now: str | None = None, *, capped: bool = False) -> Applied:
    """Record a refund once.

    NotFound without its sale; ExceedsRest if it asks for more than is left, unless it is `capped`, which takes the
    rest.
    """
    return _record(organization, refund, now or times.now(), capped)


@retried("the sale", _TRIES)
def _record(organization: str, refund: Reported, now: str, capped: bool) -> Applied:
    item = transactions.find(organization, refund.source, refund.external_id)
    if item is None:
        raise absent(refund)
    refund_currency.require_same(refund.currency, transaction_items.of_item(item).sale.currency)
    return apply(transaction_items.of_item(item), refund, None, now, capped)


def apply(transaction: Transaction, refund: Reported, parked: Item | None, now: str, capped: bool) -> Applied:
    """Try once to apply a refund, new or `parked`. ConditionFailed if the sale has changed since it was read."""
    partition, key = transaction_items.pk(transaction.organization, transaction.id), sk(refund.refund_id)
    try:
        after = _after(transaction, refund, capped)
    except (ExceedsRest, ValidationFailed):
        held = table.get(partition, key)
        if held and held["listed"]["status"] != REFUSED:
            return Applied(transaction, held, created=False)
        raise
    taken = after.refunded - transaction.refunded
    item = item_of(transaction.organization, transaction.id, refund, now, taken, transaction.sale.currency, parked)
    moved = parked is not None and (parked["pk"], parked["sk"]) == (partition, key)
    if len(refund.demand.items) > _SURELY_SMALL and size(item) > MAX_BYTES:
        raise TooLarge("The refund does not fit one record of the ledger.", {"limit": "400 KB"})
    put = (
        table.put_action(item, "listed.#status = :parked", parked=PARKED)
        if moved
        else table.put_action(item, "attribute_not_exists(pk) OR listed.#status = :refused", refused=REFUSED)
    )
    actions = [put, _write(transaction, after, now)]
    if parked is not None and not moved:
        actions.append(table.delete_action(parked["pk"], parked["sk"], "attribute_exists(pk)"))
    try:
        table.transact(actions)
    except table.ConditionFailed as failure:
        held = table.get(partition, key) if 0 in failure.positions and not moved else None
        if held and held["listed"]["status"] == PARKED:  # it arrived before its sale and is not applied yet
            if held.get("currency") not in (None, transaction.sale.currency):
                refuse(held)
                raise  # so that the next try takes its place
            return replace(apply(transaction, reported_of(held), held, now, capped=True), created=False)
        if held:
            return Applied(transaction, held, created=False)
        raise
    return Applied(after, item, created=True)


def refuse(waiting: Item) -> bool:
    """Leave a parked refund unapplied for good: it is in another currency than its sale. True if done now."""
    changes = {"listed.#status": REFUSED, **touch(times.now(), waiting["version"] + 1)}
    try:
        update_unchanged((waiting["pk"], waiting["sk"]), waiting["version"], changes)
    except table.ConditionFailed:  # another consumer of the sale has refused it
        return False
    logger.warning("parked refund refused", extra={"refundId": waiting["listed"]["id"], "field": "currency"})
    return True


def _after(transaction: Transaction, refund: Reported, capped: bool) -> Transaction:
    """The sale with a refund added to its sums. ExceedsRest if nothing is left for it."""
    asked = demand(transaction, refund.demand, capped=capped)
    after = replace(transaction, given=transaction.given + asked, version=transaction.version + 1)
    if len(after.given.by_position) + len(after.given.by_external_id) > _SURELY_SMALL and not _fits(after):
        if not capped:
            raise TooLarge("The sums of the sale's refunds do not fit one record of the ledger.", {"limit": "400 KB"})
        after = replace(after, given=transaction.given + without_names(asked))
    if transaction.status != "complete":
        if not capped:
            raise ExceedsRest(0, transaction.sale.currency)
        return after
    balance = balance_of(after)
    ends = after.given.rests > 0 or (balance.total > 0 and balance.left == 0)
    return replace(after, status="refunded" if ends else "complete", refunded=balance.given_back)


def _fits(transaction: Transaction) -> bool:
    return size(transaction_items.item_of(transaction) | transaction_items.sums(transaction)) <= MAX_BYTES


def _write(transaction: Transaction, after: Transaction, now: str) -> Item:
    changes: dict[str, Any] = {"refunded": after.refunded, **transaction_items.sums(after), **touch(now, after.version)}
    if after.status != transaction.status:
        changes |= {"listed.#status": after.status, "refundedAt": now}
    key = transaction_items.key(transaction.organization, transaction.id)
    return update_unchanged_action(key, transaction.version, changes)
