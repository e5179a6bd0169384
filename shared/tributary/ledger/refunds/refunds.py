"""Partial refunds: one record per refund id in the partition of the sale, written with the sale at the version read."""

from dataclasses import dataclass, replace

from tributary.domain import refund_currency, times
from tributary.domain.balance import restated
from tributary.domain.endings import Endings
from tributary.domain.errors import TooLarge, ValidationFailed
from tributary.domain.given_back import GivenBack
from tributary.domain.refund import ExceedsRest, demand, exact_demand, without_names
from tributary.domain.transaction import Transaction
from tributary.ledger.refunds.refund_items import (
    APPLIED,
    PARKED,
    REFUSED,
    WITHDRAWN,
    Reported,
    absent,
    added,
    fill,
    is_reported,
    item_of,
    reported_of,
    settled_without_effect,
)
from tributary.ledger.sales import sale_state, transaction_items, transactions
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
    return [it for it in table.query(transaction_items.pk(organization, transaction_id), "refund#") if is_reported(it)]


def with_sums(item: Item) -> Transaction:
    """The transaction of a stored item. One that ended in an earlier version has no sums, so these are its refunds'."""
    transaction = transaction_items.of_item(item)
    if not sale_state.lacks_sums(item):
        return transaction
    applied = [it for it in of_transaction(transaction.organization, transaction.id) if _is_applied(it)]
    given = sum(map(added, applied), GivenBack())
    by_sums = restated(replace(transaction, given=given, endings=Endings()))
    return by_sums if by_sums.status == transaction.status else replace(transaction, given=given)


def _is_applied(refund: Item) -> bool:
    return bool(refund["listed"]["status"] == APPLIED)


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
    partition = transaction_items.pk(transaction.organization, transaction.id)
    try:
        after = _after(transaction, refund, capped)
    except (ExceedsRest, ValidationFailed):
        held = table.get(partition, refund.sk)
        if held and held["listed"]["status"] != REFUSED:
            return _held(transaction, refund, held, now)
        raise
    item = _item(transaction, after, refund, parked, now)
    moved = parked is not None and (parked["pk"], parked["sk"]) == (partition, refund.sk)
    put = (
        table.put_action(item, "listed.#status = :parked", parked=PARKED)
        if moved
        else table.put_action(item, "attribute_not_exists(pk) OR listed.#status = :refused", refused=REFUSED)
    )
    actions = [put, write_action(transaction, after, now)]
    if parked is not None and not moved:
        actions.append(table.delete_action(parked["pk"], parked["sk"], "attribute_exists(pk)"))
    try:
        table.transact(actions)
    except table.ConditionFailed as failure:
        held = table.get(partition, refund.sk) if 0 in failure.positions and not moved else None
        if held is None:
            raise
        return _held(transaction, refund, held, now)
    return Applied(after, item, created=True)


def _held(transaction: Transaction, refund: Reported, held: Item, now: str) -> Applied:
    """The result of a report whose place is taken: a repeat, a parked one to apply first, or a withdrawal."""
    if held["listed"]["status"] == PARKED:  # it arrived before its sale and is not applied yet
        if held.get("currency") not in (None, transaction.sale.currency):
            refuse(held, transaction)
            raise table.ConditionFailed(held)  # so that the next try takes its place
        return replace(apply(transaction, reported_of(held), held, now, capped=True), created=False)
    if is_reported(held):
        return Applied(transaction, held, created=False)
    item = item_of(transaction.organization, transaction.id, refund, now, 0, transaction.sale.currency, None, WITHDRAWN)
    fill(held, item)
    return Applied(transaction, item, created=False)


def _item(transaction: Transaction, after: Transaction, refund: Reported, parked: Item | None, now: str) -> Item:
    """The record of an applied refund, marked if its sums went to no item. TooLarge if it fits no record."""
    taken, currency = after.refunded - transaction.refunded, transaction.sale.currency
    item = item_of(transaction.organization, transaction.id, refund, now, taken, currency, parked)
    if not refund.is_whole and after.given != transaction.given + exact_demand(refund.demand, currency):
        item |= {"unnamed": True}
    if len(refund.demand.items) > _SURELY_SMALL and size(item) > MAX_BYTES:
        raise TooLarge("The refund does not fit one record of the ledger.", {"limit": "400 KB"})
    return item


def refuse(waiting: Item, transaction: Transaction) -> bool:
    """Leave a parked refund unapplied for good: it is in another currency than its sale. True if done now."""
    changes = {"listed.#status": REFUSED, **settled_without_effect(waiting, transaction, times.now())}
    try:
        update_unchanged((waiting["pk"], waiting["sk"]), waiting["version"], changes)
    except table.ConditionFailed:  # another consumer of the sale has refused it
        return False
    logger.warning("parked refund refused", extra={"refundId": waiting["listed"]["id"], "field": "currency"})
    return True


def _after(transaction: Transaction, refund: Reported, capped: bool) -> Transaction:
    """The sale with a refund added to its sums. ExceedsRest if nothing is left for it."""
    after = replace(transaction, version=transaction.version + 1)
    if refund.is_whole:
        return restated(replace(after, endings=transaction.endings | Endings(refunded=refund.at)))
    asked = demand(transaction, refund.demand, capped=capped)
    after = replace(after, given=transaction.given + asked)
    if after.given.names > _SURELY_SMALL and not _fits(after):
        if not capped:
            raise TooLarge("The sums of the sale's refunds do not fit one record of the ledger.", {"limit": "400 KB"})
        after = replace(after, given=transaction.given + without_names(asked))
    if transaction.status != "complete" and not capped:
        raise ExceedsRest(0, transaction.sale.currency)
    return restated(after)


def _fits(transaction: Transaction) -> bool:
    item = transaction_items.item_of(replace(transaction, sale=transaction.first)) | sale_state.sums_item(transaction)
    if transaction.change:
        item["change"] = sale_state.change_item(transaction.change)
        item["seen"] = sale_state.seen_item(transaction.seen)
    return size(item) <= MAX_BYTES


def restated_records(transaction: Transaction, withdrawn: Item, now: str) -> list[Item]:
    """Transaction actions: bring a sale's refunds to what each takes without a withdrawn one, in the order told."""
    partial = replace(transaction, given=GivenBack(), endings=Endings())
    told = [it for it in of_transaction(transaction.organization, transaction.id) if _is_applied(it)]
    actions, taken = list[Item](), 0
    for record in sorted(told, key=lambda it: (it["listed"]["dateCreated"], it["listed"]["id"])):
        if record["sk"] == withdrawn["sk"] or reported_of(record).is_whole:
            continue
        partial = restated(replace(partial, given=partial.given + added(record)))
        amount, taken = partial.refunded - taken, partial.refunded
        if amount != record["listed"]["amount"] and "lines" not in record:  # earlier records derive sums from it
            changes = {"listed.amount": amount, **touch(now, record["version"] + 1)}
            actions.append(update_unchanged_action((record["pk"], record["sk"]), record["version"], changes))
    return actions


def write_action(transaction: Transaction, after: Transaction, now: str) -> Item:
    """Transaction action: the sale's next version, at the version read."""
    key = transaction_items.key(transaction.organization, transaction.id)
    return update_unchanged_action(key, transaction.version, sale_state.restatement(transaction, after, now))
