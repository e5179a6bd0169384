"""Edits of a sale after its report: the newest holds as a whole sale before refunds, in any order of arrival.

Each is an item `change#<moment>#<digest>` in the sale's partition; the sale's own item has the newest.
"""

from dataclasses import dataclass, replace

from tributary.domain import times
from tributary.domain.balance import places_of, restated
from tributary.domain.errors import Failure, NotFound, TooLarge, ValidationFailed
from tributary.domain.transaction import Change, Line, Transaction, Versions
from tributary.ledger.sales import sale_state, transaction_items, transactions
from tributary.ledger.store import table
from tributary.ledger.store.records import item_header, update_unchanged_action
from tributary.ledger.store.retries import retried
from tributary.ledger.store.values import MAX_BYTES, Item, size

KIND, _EDITS = "sale-change", "change"
_TRIES = 60


@dataclass(frozen=True)
class Edit:
    """A reported edit. Without a `tracking_id` it does not say to which referral the sale belongs."""

    source: str
    external_id: str
    currency: str
    change: Change
    tracking_id: int | None = None


@dataclass(frozen=True)
class Edited:
    """The sale as it is then, and true if this report was new."""

    transaction: Transaction
    created: bool


@retried("the sale", _TRIES)
def record(organization: str, edit: Edit, now: str | None = None) -> Edited:
    """Record an edit once. NotFound without its sale; ValidationFailed for another currency or referral than the
    sale's, TooLarge if it fits no record."""
    now = now or times.now()
    item = transactions.find(organization, edit.source, edit.external_id)
    if item is None:
        context = {"source": edit.source, "externalId": edit.external_id}
        raise NotFound("There is no sale with this source and externalId.", context)
    before = transaction_items.of_item(item)
    _require_same(before, edit)
    kept = _item(item, edit.change, now)
    put, changed = table.put_action(kept), _changed(item, before, edit.change)
    if size(kept) > MAX_BYTES or (changed and size(changed) > MAX_BYTES):
        raise TooLarge("The sale and its edit do not fit one record of the ledger.", {"limit": "400 KB"})
    if changed is None:
        return _noted(put, before)
    after = restated(replace(transaction_items.of_item(changed), version=before.version + 1))
    try:
        table.transact([put, _write_action(changed, before, after, now)])
    except table.ConditionFailed as failure:
        if 0 in failure.positions:
            return Edited(before, created=False)
        raise
    return Edited(after, created=True)


def heard(organization: str, transaction_id: int, second: str) -> set[str]:
    """Digests of a sale's edits of one second. One Query."""
    items = table.query(transaction_items.pk(organization, transaction_id), f"{_EDITS}#{second}")
    return {item["change"]["digest"] for item in items}


def _noted(put: Item, before: Transaction) -> Edited:
    """Keep an edit that a newer one has overtaken already."""
    try:
        table.transact([put])
    except table.ConditionFailed:
        return Edited(before, created=False)
    return Edited(before, created=True)


def _require_same(sale: Transaction, edit: Edit) -> None:
    """Refuse another currency or referral, and claimed sales: their amendments and commission would contradict."""
    if sale.sale.claim is not None:
        sentence = "source names an affiliate sale, which PATCH /affiliate_sales/{id} changes."
        raise ValidationFailed([Failure("source", sentence, "ENUM")])
    given = {"currency": edit.currency, "trackingId": edit.tracking_id or sale.sale.tracking_id}
    first = {"currency": sale.sale.currency, "trackingId": sale.sale.tracking_id}
    differing = [name for name, value in given.items() if value != first[name]]
    if differing:
        raise ValidationFailed([Failure(name, f"{name} must be that of the sale.", "ENUM") for name in differing])


def _item(item: Item, change: Change, now: str) -> Item:
    place = (item["pk"], f"{_EDITS}#{change.at}#{change.digest}")
    named = {"transactionId": item["listed"]["id"], "change": sale_state.change_item(change)}
    return item_header(KIND, item["organization"], place, now) | named


def _changed(item: Item, before: Transaction, change: Change) -> Item | None:
    """The sale's item with an edit; None if that leaves it as it is."""
    known = before.change or before.first.snapshot
    newest = change if known is None or change > known else before.change
    had = _union(before.seen, _names(before.sale.details))
    seen = _union(had, _names(change.lines))
    if (newest, seen) == (before.change, had):
        return None
    edited = {"change": sale_state.change_item(newest)} if newest else {}
    return item | {**edited, "seen": sale_state.seen_item(seen)}


def _names(lines: tuple[Line, ...]) -> Versions:
    names = places_of(lines)
    external_ids = frozenset(name for name in names if isinstance(name, str))
    return Versions(len(names) - len(external_ids), external_ids)


def _union(*versions: Versions) -> Versions:
    external_ids = frozenset[str]().union(*(version.external_ids for version in versions))
    return Versions(max(version.items for version in versions), external_ids)


def _write_action(changed: Item, before: Transaction, after: Transaction, now: str) -> Item:
    """Transaction action: the edited sale, at the version read."""
    details = after.sale.details
    listed = {
        "totalValue": after.total_value,
        "detailCount": len(details),
        "totalQuantity": sum(line.quantity for line in details),
    }
    writes = {f"listed.{name}": value for name, value in listed.items()}
    writes |= {name: changed[name] for name in ("change", "seen") if name in changed}
    writes |= {"refundable": after.refundable}
    writes |= sale_state.restatement(before, after, now)
    key = transaction_items.key(after.organization, after.id)
    return update_unchanged_action(key, before.version, writes)
