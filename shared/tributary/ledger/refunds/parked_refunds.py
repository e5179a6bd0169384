"""Refunds that arrive before their sale, parked in the partition that the sale will have.

A marker there lists their keys until a handler of the sale finds it.
"""

from tributary.domain import times
from tributary.domain.errors import Conflict, NotFound
from tributary.domain.ids import transaction_ids
from tributary.ledger.refunds import refunds
from tributary.ledger.refunds.refund_items import PARKED, Reported, absent, item_of, reported_of, sk
from tributary.ledger.sales import transaction_items, transactions
from tributary.ledger.store import table
from tributary.ledger.store.records import (
    item_header,
    replace_unchanged,
    replace_unchanged_action,
)
from tributary.ledger.store.retries import retried
from tributary.ledger.store.values import Item

_TRIES = 60
_MAX_PARKED = 100


def record_or_park(organization: str, refund: Reported, now: str | None = None) -> int:
    """Record a refund as far as an amount is left, or park it until its sale arrives; return the sale's present or
    future id. NotFound if the sale was deleted.

    Its sender cannot be answered, so it is capped rather than refused."""
    return _record_or_park(organization, refund, now or times.now())


@retried("the sale", _TRIES)
def _record_or_park(organization: str, refund: Reported, now: str) -> int:
    try:
        return refunds.record(organization, refund, now, capped=True).transaction.id
    except NotFound:
        return _park(organization, refund, now)


def apply_parked(organization: str, transaction_id: int, parked: Item | None) -> int:
    """Apply the refunds parked for a sale, as far as an amount is left; return their number.

    `parked` is the marker as read.
    """
    if parked is None:
        return 0
    partition, done = transaction_items.pk(organization, transaction_id), []
    for key in parked["refunds"]:
        waiting = table.get(partition, key)
        if waiting is None or waiting["listed"]["status"] != PARKED or _apply_parked(organization, waiting):
            done.append(key)
    if done:
        left = [key for key in parked["refunds"] if key not in done]
        replace_unchanged({**parked, "refunds": left, "version": parked["version"] + 1}, parked["version"])
    return len(done)


def _apply_parked(organization: str, waiting: Item) -> bool:
    refund = reported_of(waiting)
    for _ in range(_TRIES):
        item = transactions.find(organization, refund.source, refund.external_id)
        if item is None:
            return False
        if waiting.get("currency") not in (None, transaction_items.of_item(item).sale.currency):
            return refunds.refuse(waiting)
        try:
            return bool(refunds.apply(transaction_items.of_item(item), refund, waiting, times.now(), capped=True))
        except table.ConditionFailed:
            current = table.get(waiting["pk"], waiting["sk"])
            if current is None or current["listed"]["status"] != PARKED:
                return True
    raise TimeoutError(f"gave up after {_TRIES} conflicting writes to the sale")


def _park(organization: str, refund: Reported, now: str) -> int:
    """Parks a refund at its sale's future place. ConditionFailed if the sale has arrived meanwhile."""
    transaction_id = _place(organization, refund)
    partition = transaction_items.pk(organization, transaction_id)
    key, marker = sk(refund.refund_id), table.get(partition, PARKED)
    if table.get(partition, key):
        return transaction_id
    keys = [*(marker["refunds"] if marker else ()), key]
    if len(keys) > _MAX_PARKED:
        raise Conflict(f"{_MAX_PARKED} refunds wait for this sale already.", {"limit": _MAX_PARKED})
    version = marker["version"] if marker else 0
    item = item_of(organization, transaction_id, refund, now)
    item |= {"currency": refund.currency} if refund.currency else {}
    noted = {
        **item_header(PARKED, organization, (partition, PARKED), version=version + 1),
        "refunds": keys,
    }
    table.transact(
        [
            table.check_action(partition, transaction_items.SK, "attribute_not_exists(pk)"),
            table.put_action(item),
            replace_unchanged_action(noted, version) if marker else table.put_action(noted),
        ]
    )
    return transaction_id


def _place(organization: str, refund: Reported) -> int:
    """The future id of the sale. NotFound if it was deleted, ConditionFailed if it has arrived."""
    for transaction_id in transaction_ids(organization, refund.source, refund.external_id):
        item = transactions.stored(organization, transaction_id)
        if item is None:
            return transaction_id
        if transaction_items.is_of(item, refund.source, refund.external_id):
            if transaction_items.unless_deleted(item):
                raise table.ConditionFailed(item)
            raise absent(refund)
    raise OverflowError("the probe chain is full")
