"""Refunds, withdrawals and edits that arrive before their sale, parked in the partition that the sale will have.

A marker there lists their keys until a handler of the sale finds it.
"""

from tributary.domain import times
from tributary.domain.errors import Conflict, NotFound, TooLarge, ValidationFailed
from tributary.domain.ids import transaction_ids
from tributary.ledger.refunds import refunds
from tributary.ledger.refunds.refund_items import (
    PARKED,
    REFUSED,
    WITHDRAWN,
    Reported,
    Withdrawal,
    is_reported,
    item_of,
    no_sale,
    reported_of,
    settled_without_effect,
    sk,
    withdraw_action,
    withdrawal_item,
)
from tributary.ledger.sales import changes, closing, sale_state, transaction_items, transactions
from tributary.ledger.sales.changes import Edit
from tributary.ledger.store import table
from tributary.ledger.store.records import (
    item_header,
    replace_unchanged,
    replace_unchanged_action,
    touch,
    update_unchanged,
)
from tributary.ledger.store.retries import retried
from tributary.ledger.store.values import Item
from tributary.telemetry import logger

WITHDRAWAL, EDIT = "withdrawal", "parked-edit"
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
        if waiting is None or _settled(organization, waiting):
            done.append(key)
    if done:
        left = [key for key in parked["refunds"] if key not in done]
        replace_unchanged({**parked, "refunds": left, "version": parked["version"] + 1}, parked["version"])
    return len(done)


def _settled(organization: str, waiting: Item) -> bool:
    """Settle what waited, unless another handler has; false if its sale is not there."""
    status = waiting["listed"]["status"]
    if status == WITHDRAWN and is_reported(waiting) and waiting["listed"]["transactionId"] is None:
        return _name_sale(organization, waiting)
    return status != PARKED or _apply(organization, waiting)


def _name_sale(organization: str, withdrawn: Item) -> bool:
    """Name the sale of a refund that was withdrawn before it came."""
    refund = reported_of(withdrawn)
    item = transactions.find(organization, refund.source, refund.external_id)
    if item is None:
        return False
    changes = settled_without_effect(withdrawn, transaction_items.of_item(item), times.now())
    try:
        update_unchanged((withdrawn["pk"], withdrawn["sk"]), withdrawn["version"], changes)
    except table.ConditionFailed:  # another consumer of the sale has named it
        return False
    return True


def _apply(organization: str, waiting: Item) -> bool:
    """Apply what waited; False if its sale is not there."""
    try:
        if waiting["entity"] == WITHDRAWAL:
            closing.withdraw(organization, waiting["source"], waiting["externalId"], waiting["at"], times.now())
        elif waiting["entity"] == EDIT:
            changes.record(organization, _edit_of(waiting))
        else:
            return _apply_refund(organization, waiting)
    except NotFound:
        return False
    except (ValidationFailed, TooLarge) as error:  # it cannot be answered
        logger.warning("parked edit refused", extra={"code": error.code, "parked": waiting["sk"]})
        return _refuse_edit(waiting)
    return True


def _refuse_edit(waiting: Item) -> bool:
    """Leave a parked edit unapplied for good; true if done now."""
    changes = {"listed.#status": REFUSED, **touch(times.now(), waiting["version"] + 1)}
    try:
        update_unchanged((waiting["pk"], waiting["sk"]), waiting["version"], changes)
    except table.ConditionFailed:  # another consumer of the sale has refused it
        return False
    return True


def _apply_refund(organization: str, waiting: Item) -> bool:
    refund = reported_of(waiting)
    for _ in range(_TRIES):
        item = transactions.find(organization, refund.source, refund.external_id)
        if item is None:
            return False
        transaction = transaction_items.of_item(item)
        if waiting.get("currency") not in (None, transaction.sale.currency):
            return refunds.refuse(waiting, transaction)
        try:
            return bool(refunds.apply(transaction, refund, waiting, times.now(), capped=True))
        except table.ConditionFailed:
            current = table.get(waiting["pk"], waiting["sk"])
            if current is None or current["listed"]["status"] != PARKED:
                return True
    raise TimeoutError(f"gave up after {_TRIES} conflicting writes to the sale")


def _park(organization: str, refund: Reported, now: str) -> int:
    """Parks a refund at its sale's future place. ConditionFailed if the sale has arrived meanwhile."""
    transaction_id = _place(organization, refund.source, refund.external_id)
    held = table.get(transaction_items.pk(organization, transaction_id), refund.sk)
    if held is None:
        item = item_of(organization, transaction_id, refund, now)
        _keep(item | ({"currency": refund.currency} if refund.currency else {}))
    elif not is_reported(held):
        _keep(item_of(organization, transaction_id, refund, now, status=WITHDRAWN), instead_of=held)
    return transaction_id


def park_withdrawal(organization: str, withdrawal: Withdrawal, now: str) -> int:
    """Keep a withdrawal at its sale's future place, where its refund or its sale finds it; return the sale's future id.

    NotFound if the sale was deleted, ConditionFailed if it has arrived meanwhile."""
    transaction_id = _place(organization, withdrawal.source, withdrawal.external_id)
    partition = transaction_items.pk(organization, transaction_id)
    if withdrawal.refund_id is None:
        waiting = _waiting_withdrawal(organization, partition, withdrawal, now)
        if table.get(partition, waiting["sk"]) is None:
            _keep(waiting)
        return transaction_id
    held = table.get(partition, sk(withdrawal.refund_id))
    if held is None:
        put = table.put_action(withdrawal_item(organization, transaction_id, withdrawal.refund_id, now))
        table.transact([_no_sale_yet(partition), put])
    elif held["listed"]["status"] == PARKED:
        table.transact([_no_sale_yet(partition), withdraw_action(held, now)])
    return transaction_id


def _waiting_withdrawal(organization: str, partition: str, withdrawal: Withdrawal, now: str) -> Item:
    return {
        **item_header(WITHDRAWAL, organization, (partition, f"{WITHDRAWAL}#{withdrawal.at}"), now),
        "listed": {"status": PARKED},
        "source": withdrawal.source,
        "externalId": withdrawal.external_id,
        "at": withdrawal.at,
    }


def record_or_park_edit(organization: str, edit: Edit, now: str | None = None) -> int:
    """Record an edit of a sale, or park it until its sale arrives; return the sale's present or future id."""
    return _record_or_park_edit(organization, edit, now or times.now())


@retried("the sale", _TRIES)
def _record_or_park_edit(organization: str, edit: Edit, now: str) -> int:
    try:
        return changes.record(organization, edit, now).transaction.id
    except NotFound:
        transaction_id = _place(organization, edit.source, edit.external_id)
        partition = transaction_items.pk(organization, transaction_id)
        waiting = _waiting_edit(organization, partition, edit, now)
        if table.get(partition, waiting["sk"]) is None:
            _keep(waiting)
        return transaction_id


def _waiting_edit(organization: str, partition: str, edit: Edit, now: str) -> Item:
    return {
        **item_header(EDIT, organization, (partition, f"{EDIT}#{edit.change.at}#{edit.change.digest}"), now),
        "listed": {"status": PARKED},
        "source": edit.source,
        "externalId": edit.external_id,
        "currency": edit.currency,
        "trackingId": edit.tracking_id,
        "change": sale_state.change_item(edit.change),
    }


def _edit_of(waiting: Item) -> Edit:
    change = sale_state.change_of(waiting["change"])
    return Edit(waiting["source"], waiting["externalId"], waiting["currency"], change, waiting["trackingId"])


def _keep(item: Item, instead_of: Item | None = None) -> None:
    """Put an item at its sale's future place, on the list of those to settle. Conflict if too many wait."""
    partition, marker = item["pk"], table.get(item["pk"], PARKED)
    keys = [*(marker["refunds"] if marker else ()), item["sk"]]
    if len(keys) > _MAX_PARKED:
        raise Conflict(f"{_MAX_PARKED} refunds wait for this sale already.", {"limit": _MAX_PARKED})
    version = marker["version"] if marker else 0
    noted = {
        **item_header(PARKED, item["organization"], (partition, PARKED), version=version + 1),
        "refunds": keys,
    }
    listed = replace_unchanged_action(noted, version) if marker else table.put_action(noted)
    before = instead_of["version"] if instead_of else 0
    put = replace_unchanged_action({**item, "version": before + 1}, before) if instead_of else table.put_action(item)
    table.transact([_no_sale_yet(partition), put, listed])


def _no_sale_yet(partition: str) -> Item:
    return table.check_action(partition, transaction_items.SK, "attribute_not_exists(pk)")


def _place(organization: str, source: str, external_id: str) -> int:
    """The future id of the sale. NotFound if it was deleted, ConditionFailed if it has arrived."""
    for transaction_id in transaction_ids(organization, source, external_id):
        item = transactions.stored(organization, transaction_id)
        if item is None:
            return transaction_id
        if transaction_items.is_of(item, source, external_id):
            if transaction_items.unless_deleted(item):
                raise table.ConditionFailed(item)
            raise no_sale(source, external_id)
    raise OverflowError("the probe chain is full")
