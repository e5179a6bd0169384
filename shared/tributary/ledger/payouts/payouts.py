"""Payouts: what a batch pays one collaborator in one currency, in the batch's partition.

Key `payout#<collaborator>#<currency>`; the id is derived from batch, collaborator and currency, so a batch that is made
again makes the same payouts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tributary.domain import bulk, times
from tributary.domain.errors import Conflict
from tributary.domain.ids import cause_id
from tributary.ledger.payouts import fulfillment_items
from tributary.ledger.store import holders, id_index, table
from tributary.ledger.store.expressions import Plus
from tributary.ledger.store.id_index import label
from tributary.ledger.store.lists import listing, parent_attributes
from tributary.ledger.store.records import item_header, touch, update_unchanged_action
from tributary.ledger.store.retries import retried
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

KIND = holders.PAYOUT
STATUSES = UNPAID, PAID, FAILED, CANCELLED = ("unpaid", "paid", "failed", "cancelled")
#: States of a payout that holds its obligations.
LIVE = (UNPAID, PAID)
_TRIES = 10


@dataclass(frozen=True)
class Payout:
    """The name of a payout, and the payee's method as it was when it was made: its `type` and a sealed form."""

    organization: str
    fulfillment_id: int
    collaborator_id: int
    currency: str
    method: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> int:
        return cause_id(self.organization, KIND, self.fulfillment_id, self.collaborator_id, self.currency)

    @property
    def key(self) -> Key:
        return holders.payout_key(self.organization, self.fulfillment_id, self.collaborator_id, self.currency)


def new_action(payout: Payout, value: int, count: int, now: str) -> Item:
    """Transaction action: a new payout of so many obligations."""
    listed = {
        "id": payout.id,
        "collaboratorId": payout.collaborator_id,
        "fulfillmentId": payout.fulfillment_id,
        "value": value,
        "currency": payout.currency,
        "status": UNPAID,
        "method": payout.method.get("type"),
        "obligationCount": count,
        "reference": None,
        "reason": None,
        "datePaid": None,
        "dateCreated": now,
        "dateModified": now,
    }
    organization = payout.organization
    return table.put_action(
        {
            **item_header(KIND, organization, payout.key, now),
            "listed": listed,
            "sealed": payout.method.get("sealed"),
            **label(organization, KIND, payout.id),
            **listing(organization, KIND, payout.id, now),
            **parent_attributes(organization, KIND, payout.collaborator_id),
        }
    )


def raise_action(payout: Payout, value: int, count: int, now: str) -> Item:
    """Transaction action: more obligations in an unpaid payout."""
    changes: Item = {"listed.#value": Plus(value), "listed.obligationCount": Plus(count), **touch(now, Plus(1))}
    return table.update_action(*payout.key, changes, "listed.#status = :unpaid", unpaid=UNPAID)


def of_fulfillment(organization: str, fulfillment_id: int) -> list[Item]:
    """All payouts of a batch, strongly consistent."""
    return table.query(fulfillment_items.pk(organization, fulfillment_id), f"{KIND}#")


def live(items: list[Item]) -> Iterator[Item]:
    return (item for item in items if item["listed"]["status"] in LIVE)


def find(organization: str, payout_id: int) -> Item | None:
    return id_index.find(organization, KIND, payout_id)


@retried("the payout", _TRIES)
def mark_paid(organization: str, payout_id: int, reference: str | None = None, now: str | None = None) -> str | None:
    """Mark an unpaid payout as paid; return the reason if it is not."""
    item = _found(organization, payout_id)
    if isinstance(item, str):
        return item
    if item["listed"]["status"] != UNPAID:
        return bulk.ALREADY_SO if item["listed"]["status"] == PAID else str(item["listed"]["status"])
    now = now or times.now()
    return _move(item, PAID, now, {"listed.datePaid": now, "listed.#reference": reference})


@retried("the payout", _TRIES)
def mark_unpaid(organization: str, payout_id: int) -> str | None:
    """Take back that a payout was paid; return the reason if it was not."""
    item = _found(organization, payout_id)
    if isinstance(item, str):
        return item
    if item["listed"]["status"] != PAID:
        return bulk.ALREADY_SO if item["listed"]["status"] == UNPAID else str(item["listed"]["status"])
    return _move(item, UNPAID, times.now(), {"listed.datePaid": None, "listed.#reference": None})


@retried("the payout", _TRIES)
def fail(organization: str, payout_id: int, reason: str | None = None) -> str | None:
    """Fail a payout that did not reach its payee, whether marked as paid or not; return the reason if it is not live.

    Its obligations are released afterwards."""
    item = _found(organization, payout_id)
    if isinstance(item, str):
        return item
    if item["listed"]["status"] not in LIVE:
        return bulk.ALREADY_SO if item["listed"]["status"] == FAILED else str(item["listed"]["status"])
    end(item, FAILED, reason)
    return None


def cancel(item: Item, reason: str) -> bool:
    """Cancel a payout read before; False unless it is unpaid."""
    found: Item | None = item
    for _ in range(_TRIES):
        if found is None or found["listed"]["status"] != UNPAID:
            return False
        try:
            end(found, CANCELLED, reason)
            return True
        except table.ConditionFailed:
            found = table.get(item["pk"], item["sk"])
    raise TimeoutError(f"gave up after {_TRIES} conflicting writes to the payout")


def cancel_begun(payout: Payout, reason: str) -> str | None:
    """Cancel an unpaid payout whose payee can no longer be paid; return the reason if that was done."""
    item = table.get(*payout.key)
    return reason if item is not None and cancel(item, reason) else None


def end(item: Item, status: str, reason: str | None) -> None:
    """End a live payout and take it out of its batch's totals, at the version read. ConditionFailed if it changed."""
    now, listed = times.now(), item["listed"]
    changes = {"listed.#status": status, "listed.#reason": reason, **touch(now, item["version"] + 1)}
    batch = fulfillment_items.tally_action(
        item["organization"], listed["fulfillmentId"], listed["currency"], -listed["value"], -1, now
    )
    table.transact([update_unchanged_action((item["pk"], item["sk"]), item["version"], changes), batch])


def _found(organization: str, payout_id: int) -> Item | str:
    try:
        item = find(organization, payout_id)
    except Conflict:
        return "ambiguous"
    return bulk.NOT_FOUND if item is None else item


def _move(item: Item, status: str, now: str, also: Mapping[str, Any]) -> str | None:
    """Move a payout at the version read unless its batch is against it; return the reason."""
    organization, fulfillment_id = item["organization"], item["listed"]["fulfillmentId"]
    changes = {"listed.#status": status, **also, **touch(now, item["version"] + 1)}
    moved = update_unchanged_action((item["pk"], item["sk"]), item["version"], changes)
    try:
        table.transact([moved, fulfillment_items.unhindered_action(organization, fulfillment_id)])
    except table.ConditionFailed as failure:
        reason = fulfillment_items.hindrance(fulfillment_items.get(organization, fulfillment_id))
        if failure.positions == [1] and reason is not None:
            return reason
        raise
    return None


def not_payable(items: Sequence[Item]) -> dict[int, str]:
    """The reason against paying each payout that cannot be paid, by id. One BatchGetItem per hundred batches."""
    found = table.batch_get(_batch_key(item) for item in items)
    reasons = {item["listed"]["id"]: _against(item["listed"], found.get(_batch_key(item))) for item in items}
    return {number: reason for number, reason in reasons.items() if reason is not None}


def _against(listed: Mapping[str, Any], batch: Item | None) -> str | None:
    if listed["status"] not in LIVE:
        return str(listed["status"])
    return fulfillment_items.hindrance(batch) if listed["status"] == UNPAID else None


def _batch_key(item: Item) -> Key:
    return fulfillment_items.key(item["organization"], item["listed"]["fulfillmentId"])
