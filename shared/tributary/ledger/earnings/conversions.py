"""Conversions under review: approve, reject, mark pending; each guarded by what was read."""

from collections.abc import Iterable

from tributary.domain import times
from tributary.domain.amendment import claimed, remaining_value
from tributary.domain.conversion import REVIEWS
from tributary.domain.errors import Conflict
from tributary.domain.transaction import Transaction
from tributary.ledger.earnings import awards
from tributary.ledger.sales import transaction_items
from tributary.ledger.store import id_index, table
from tributary.ledger.store.records import update_unchanged, update_unchanged_action
from tributary.ledger.store.retries import retried
from tributary.ledger.store.values import Item

_TRIES = 10


def review(organization: str, action: str, ids: Iterable[int], source: str | None = None) -> int:
    """Reviews conversions by id; returns how many changed. Unknown ids and transitions that are not allowed are
    passed over. `source` limits it to that source's conversions."""
    return sum(_review_one(organization, action, conversion_id, source) for conversion_id in dict.fromkeys(ids))


def move(conversion: Item, status: str, now: str) -> None:
    """Moves a conversion to a status at the version read; ConditionFailed if it has moved since."""
    changes = awards.status_changes(conversion, status, now)
    update_unchanged(conversion, changes)


def reconcile(conversion: Item, transaction: Transaction, now: str) -> bool:
    """Brings a conversion to what its transaction leaves of it, at the version read; whether that was a change.
    ConditionFailed if it has moved since."""
    listed = conversion["listed"]
    if listed["status"] not in ("pending", "approved", "rejected"):
        return False
    left = remaining_value(listed, transaction)
    status = listed["status"] if transaction.status == "complete" else "rejected"
    settled = transaction.settled and claimed(listed, transaction)  # who was credited by hand was not paid elsewhere
    apart = {"dueAt": transaction.sale.due_at, "settled": settled} if transaction.touched else {}
    seen = {"dueAt": conversion.get("dueAt"), "settled": conversion.get("settled", False)} if apart else {}
    if (status, left, apart) == (listed["status"], listed["value"], seen):
        return False
    changes = awards.status_changes(conversion, status, now) | {"listed.#value": left} | apart
    if left and listed["obligationId"] is None:
        changes["listed.obligationId"] = awards.cause_of(listed).id(conversion["organization"], awards.OBLIGATION)
    update_unchanged(conversion, changes)
    return True


@retried("the conversion", _TRIES)
def _review_one(organization: str, action: str, conversion_id: int, source: str | None) -> int:
    try:
        conversion = id_index.find(organization, awards.CONVERSION, conversion_id)
    except Conflict:
        return 0
    target, allowed = REVIEWS[action]
    if conversion is None or conversion["listed"]["status"] not in allowed:
        return 0
    if source is not None and conversion["boundSource"] != source:
        return 0
    return _move(conversion, target)


def _move(conversion: Item, target: str) -> int:
    """1 if it moved, 0 if its sale stands in the way: a refunded sale's conversion cannot be brought back."""
    now = times.now()
    if target == "rejected" or conversion["listed"]["transactionId"] is None:
        move(conversion, target, now)
        return 1
    changes = awards.status_changes(conversion, target, now)
    sale = transaction_items.pk(conversion["organization"], conversion["listed"]["transactionId"]), transaction_items.SK
    try:
        table.transact(
            [
                update_unchanged_action((conversion["pk"], conversion["sk"]), conversion["version"], changes),
                table.check_action(*sale, "listed.#status = :complete", complete="complete"),
            ]
        )
    except table.ConditionFailed as failure:
        if 1 in failure.positions:
            return 0
        raise
    return 1
