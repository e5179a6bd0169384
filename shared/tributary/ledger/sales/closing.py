"""Ways to close a transaction: refunded or cancelled as a whole, or deleted."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple

from tributary.domain import bulk, times
from tributary.domain.balance import restated
from tributary.domain.bulk import Bulk
from tributary.domain.endings import UNDATED, Endings
from tributary.domain.errors import NotFound
from tributary.domain.given_back import GivenBack
from tributary.domain.ids import transaction_ids
from tributary.domain.transaction import DELETED, Transaction
from tributary.ledger.sales import transactions
from tributary.ledger.sales.sale_state import endings_item, restatement
from tributary.ledger.sales.transaction_items import SK, of_item, pk
from tributary.ledger.store import table
from tributary.ledger.store.expressions import GONE, Plus, Same
from tributary.ledger.store.records import touch, update_unchanged
from tributary.ledger.store.retries import retried
from tributary.ledger.store.values import Item

_TRIES = 30


class Closed(NamedTuple):
    """A sale, and true if this call changed its record."""

    transaction: Transaction
    now: bool


def refund(organization: str, source: str, external_id: str, now: str | None = None, at: str = UNDATED) -> Closed:
    """Mark a sale refunded as a whole, once. NotFound if there is none."""
    return _end_named(organization, source, external_id, "refunded", at, now or times.now())


def cancel(organization: str, source: str, external_id: str, now: str | None = None, at: str = UNDATED) -> Transaction:
    """Mark a sale cancelled, even after a refund, so that either order of reports ends as cancelled. NotFound if there
    is none."""
    return _end_named(organization, source, external_id, "cancelled", at, now or times.now()).transaction


@retried("the sale", _TRIES)
def withdraw(organization: str, source: str, external_id: str, at: str, now: str) -> Closed:
    """Withdraw the whole refunds and cancellations of a sale up to a moment, whichever comes first. NotFound if there
    is none."""
    item = transactions.find(organization, source, external_id)
    if item is None:
        raise _absent(source, external_id)
    return note(item, Endings(withdrawn=at), now)


def note(item: Item, endings: Endings, now: str, given: GivenBack | None = None) -> Closed:
    """Add endings to a sale at the version read, unless it has them. ConditionFailed if it has changed since.

    `given` has the sums of its refunds, if its record lacks them."""
    before = of_item(item)
    merged = before.endings | endings
    if merged == before.endings:
        return Closed(before, now=False)
    sums = before.given if given is None else given
    after = restated(replace(before, endings=merged, given=sums, version=before.version + 1))
    update_unchanged((item["pk"], item["sk"]), before.version, restatement(before, after, now))
    return Closed(after, now=True)


@retried("the sale", _TRIES)
def _end_named(organization: str, source: str, external_id: str, status: str, at: str, now: str) -> Closed:
    """Close the sale with this natural key; return it as it is then."""
    for transaction_id in transaction_ids(organization, source, external_id):
        try:
            named = "reported.#source = :source AND reported.externalId = :external"
            key = {"source": source, "external": external_id}
            return Closed(end(organization, transaction_id, status, named, now, at, _OPEN_TO[status], **key), now=True)
        except table.ConditionFailed as failure:
            if failure.item is None:
                break
            stored = of_item(failure.item)
            if stored.sale.has_key(source, external_id):
                if stored.status == DELETED:
                    break
                return note(failure.item, Endings(**{status: at}), now)
    raise _absent(source, external_id)


def _absent(source: str, external_id: str) -> NotFound:
    return NotFound("There is no sale with this source and externalId.", {"source": source, "externalId": external_id})


#: A cancellation follows a refund; a refund follows nothing.
_OPEN_TO = {"refunded": "complete", "cancelled": "refunded"}


def end(
    organization: str,
    transaction_id: int,
    status: str,
    condition: str = "",
    now: str | None = None,
    at: str | None = None,
    after: str = "complete",
    **values: Any,
) -> Transaction:
    """Close a transaction as `refunded` or `cancelled`, as of a moment, by default now, if it is complete or has the
    status `after`; nothing of it is left.

    ConditionFailed carries the item found if it is closed, has a withdrawal, or the extra condition fails.
    """
    now = now or times.now()
    changes = {
        "listed.#status": status,
        **touch(now, Plus(1)),
        "refundedAt": now,
        "refunded": Same("refundable"),
        **endings_item(Endings(**{status: now if at is None else at})),
    }
    open_to_it = {"complete": "complete"} if after == "complete" else {"complete": "complete", "after": after}
    whole = f"listed.#status IN ({', '.join(':' + name for name in open_to_it)}) AND attribute_not_exists(withdrawnAt)"
    whole += f" AND {condition}" if condition else ""
    return of_item(table.update(pk(organization, transaction_id), SK, changes, whole, **open_to_it, **values))


def end_all(organization: str, action: str, ids: Iterable[int], source: str | None = None) -> Bulk:
    """Cancel, refund or delete transactions.

    Skips unknown and closed ones and, if `source` is given, those of other sources.
    """
    return bulk.each(ids, lambda transaction_id: _end_one(organization, action, transaction_id, source))


@retried("the sale", _TRIES)
def _end_one(organization: str, action: str, transaction_id: int, source: str | None) -> str | None:
    condition, values = ("reported.#source = :source", {"source": source}) if source is not None else ("", {})
    try:
        if action == "delete":
            delete(organization, transaction_id, condition, **values)
        else:
            end(organization, transaction_id, _ENDS[action], condition, **values)
    except table.ConditionFailed as failure:
        reason = _why_not(failure.item, action, source)
        if failure.item is None or reason != "complete":
            return reason
        now = times.now()
        note(failure.item, Endings(**{_ENDS[action]: of_item(failure.item).endings.next(now)}), now)
    return None


def _why_not(item: Item | None, action: str, source: str | None) -> str:
    """The reason for skipping a transaction; one that the caller may not see is `not_found`."""
    if item is None or source not in (None, item["reported"]["source"]):
        return bulk.NOT_FOUND
    status = str(item["listed"]["status"])
    if status == DELETED:
        return bulk.NOT_FOUND
    return bulk.ALREADY_SO if status == _ENDS.get(action) else status


_ENDS = {"cancel": "cancelled", "refund": "refunded"}


def delete(organization: str, transaction_id: int, condition: str = "", **values: Any) -> None:
    """Delete a transaction for good. ConditionFailed if there is none.

    Its key stays, so that a late retry brings nothing back; so do its conversions and obligations.
    """
    now = times.now()
    changes = {
        "listed.#status": DELETED,
        **touch(now, Plus(1)),
        "listPk": GONE,
        "listSk": GONE,
    }
    there = "attribute_exists(pk) AND listed.#status <> :deleted" + (f" AND {condition}" if condition else "")
    table.update(pk(organization, transaction_id), SK, changes, there, deleted=DELETED, **values)
