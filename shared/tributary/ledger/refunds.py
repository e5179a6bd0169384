"""Partial refunds: a record each, named by its refund id, in the partition of its sale; written together with the sale
at the version that was read. One that comes before its sale is parked there, until whoever handles the sale finds it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tributary.domain import times
from tributary.domain.errors import Conflict, NotFound
from tributary.domain.ids import cause_id, text_digest, transaction_ids
from tributary.domain.refund import Demand, ExceedsRest, Portion, RefundedItem, portion
from tributary.domain.transaction import Transaction
from tributary.ledger import table, transaction_items, transactions
from tributary.ledger.labels import label
from tributary.ledger.lists import listing
from tributary.ledger.values import Item

KIND = "refund"
#: In the partition of a sale that is still to come: the keys of the refunds that wait for it.
PARKED = "parked"
#: In the place of a refund id: a refund of all that is left, which came before its sale.
WHOLE = ""
_TRIES = 60
_MAX_PARKED = 100


@dataclass(frozen=True)
class Reported:
    """A refund of a sale, named by `refund_id` among those of its sale."""

    source: str
    external_id: str
    refund_id: str
    demand: Demand
    reason: str = ""


@dataclass(frozen=True)
class Applied:
    """What became of a report: the sale as it stands, the refund's own record, and whether this report made it."""

    transaction: Transaction
    refund: Item
    created: bool


def sk(refund_id: str) -> str:
    return f"refund#{text_digest(refund_id)}"


def of_transaction(organization: str, transaction_id: int) -> list[Item]:
    """The refunds of a transaction, strongly consistent."""
    return table.query(transaction_items.pk(organization, transaction_id), "refund#")


def record(organization: str, refund: Reported, now: str | None = None, *, capped: bool = False) -> Applied:
    """Records a refund once. NotFound if there is no such sale; ExceedsRest if it asks for more than is left, unless
    it is `capped`, when it takes what is left."""
    now = now or times.now()
    for _ in range(_TRIES):
        item = transactions.find(organization, refund.source, refund.external_id)
        if item is None:
            raise _absent(refund)
        try:
            return _apply(transaction_items.of_item(item), refund, None, now, capped)
        except table.ConditionFailed:
            continue
    raise TimeoutError("the sale kept moving")


def record_or_park(organization: str, refund: Reported, now: str | None = None, *, capped: bool = False) -> int:
    """Records a refund, or parks it until its sale comes; returns the id that its sale has or will have. NotFound if
    that was deleted."""
    now = now or times.now()
    for _ in range(_TRIES):
        try:
            return record(organization, refund, now, capped=capped).transaction.id
        except NotFound:
            try:
                return _park(organization, refund, now)
            except table.ConditionFailed:
                continue
    raise TimeoutError("the sale kept moving")


def settle_parked(organization: str, transaction_id: int, parked: Item | None) -> int:
    """Applies the refunds that waited for a sale, as far as there is something left; returns how many. `parked` is
    the marker as it was read."""
    if parked is None:
        return 0
    partition, done = transaction_items.pk(organization, transaction_id), []
    for key in parked["refunds"]:
        waiting = table.get(partition, key)
        if waiting is None or waiting["listed"]["status"] != PARKED or _apply_parked(organization, waiting):
            done.append(key)
    if done:
        left = [key for key in parked["refunds"] if key not in done]
        table.put(
            {**parked, "refunds": left, "version": parked["version"] + 1}, "#version = :seen", seen=parked["version"]
        )
    return len(done)


def _apply_parked(organization: str, waiting: Item) -> bool:
    refund = _reported(waiting)
    for _ in range(_TRIES):
        item = transactions.find(organization, refund.source, refund.external_id)
        if item is None:
            return False
        try:
            return bool(_apply(transaction_items.of_item(item), refund, waiting, times.now(), capped=True))
        except table.ConditionFailed:
            current = table.get(waiting["pk"], waiting["sk"])
            if current is None or current["listed"]["status"] != PARKED:
                return True
    raise TimeoutError("the sale kept moving")


def _apply(transaction: Transaction, refund: Reported, parked: Item | None, now: str, capped: bool) -> Applied:
    """One try. ConditionFailed if the sale has moved since it was read."""
    partition, key = transaction_items.pk(transaction.organization, transaction.id), sk(refund.refund_id)
    try:
        taken = portion(transaction, refund.demand, capped=capped)
        if transaction.status != "complete" and not taken.amount and not capped:
            raise ExceedsRest(0, transaction.sale.currency)
    except ExceedsRest:
        if held := table.get(partition, key):
            return Applied(transaction, held, created=False)
        raise
    item = _item(transaction.organization, transaction.id, refund, now, taken, transaction.sale.currency)
    moved = parked is not None and (parked["pk"], parked["sk"]) == (partition, key)
    put = table.put_action(item, "listed.#status = :parked", parked=PARKED) if moved else table.put_action(item)
    actions = [put, _take(transaction, taken, now)]
    if parked is not None and not moved:
        actions.append(table.delete_action(parked["pk"], parked["sk"], "attribute_exists(pk)"))
    try:
        table.transact(actions)
    except table.ConditionFailed as failure:
        if 0 in failure.positions and (held := table.get(partition, key)) and held["listed"]["status"] != PARKED:
            return Applied(transaction, held, created=False)
        raise
    return Applied(transaction, item, created=True)


def _take(transaction: Transaction, taken: Portion, now: str) -> Item:
    refunded = transaction.refunded + taken.amount
    lines = dict(transaction.refunded_lines)
    for place, amount in taken.lines.items():
        lines[place] = lines.get(place, 0) + amount
    changes: dict[str, Any] = {
        "refunded": refunded,
        "refundedLines": {str(place): amount for place, amount in lines.items()},
        "listed.dateModified": now,
        "changedAt": now,
        "#version": transaction.version + 1,
    }
    if transaction.status == "complete" and refunded >= transaction.refundable:
        changes |= {"listed.#status": "refunded", "refundedAt": now}
    return table.update_action(
        transaction_items.pk(transaction.organization, transaction.id),
        transaction_items.SK,
        changes,
        "#version = :seen",
        seen=transaction.version,
    )


def _park(organization: str, refund: Reported, now: str) -> int:
    """Parks it where its sale will be. ConditionFailed if the sale has come meanwhile."""
    transaction_id = _place(organization, refund)
    partition = transaction_items.pk(organization, transaction_id)
    key, marker = sk(refund.refund_id), table.get(partition, PARKED)
    if table.get(partition, key):
        return transaction_id
    keys = [*(marker["refunds"] if marker else ()), key]
    if len(keys) > _MAX_PARKED:
        raise Conflict(f"{_MAX_PARKED} refunds wait for this sale already.", {"limit": _MAX_PARKED})
    version = marker["version"] if marker else 0
    item = _item(organization, transaction_id, refund, now)
    noted = {
        "pk": partition,
        "sk": PARKED,
        "entity": PARKED,
        "organization": organization,
        "version": version + 1,
        "refunds": keys,
    }
    table.transact(
        [
            table.check_action(partition, transaction_items.SK, "attribute_not_exists(pk)"),
            table.put_action(item),
            table.put_action(noted, "#version = :seen", seen=version) if marker else table.put_action(noted),
        ]
    )
    return transaction_id


def _place(organization: str, refund: Reported) -> int:
    """The id that the sale will have. NotFound if it was deleted, ConditionFailed if it has come."""
    for transaction_id in transaction_ids(organization, refund.source, refund.external_id):
        item = transactions.stored(organization, transaction_id)
        if item is None:
            return transaction_id
        if transaction_items.is_of(item, refund.source, refund.external_id):
            if transaction_items.living(item):
                raise table.ConditionFailed(item)
            raise _absent(refund)
    raise OverflowError("the probe chain is full")


def _absent(refund: Reported) -> NotFound:
    context = {"source": refund.source, "externalId": refund.external_id}
    return NotFound("There is no sale with this source and externalId.", context)


def _item(
    organization: str, transaction_id: int, refund: Reported, now: str, taken: Portion | None = None, currency: str = ""
) -> Item:
    refund_record = cause_id(organization, KIND, transaction_id, refund.refund_id)
    return {
        "pk": transaction_items.pk(organization, transaction_id),
        "sk": sk(refund.refund_id),
        "entity": KIND,
        "organization": organization,
        "version": 1,
        "changedAt": now,
        "asked": _asked(refund),
        "lines": {str(place): amount for place, amount in (taken.lines if taken else {}).items()},
        "listed": {
            "id": refund_record,
            "refundId": refund.refund_id or None,
            "transactionId": transaction_id if taken else None,
            "status": "applied" if taken else PARKED,
            "amount": taken.amount if taken else None,
            "currency": currency or None,
            "reason": refund.reason,
            "source": transaction_items.binding(refund.source),
            "sourceId": refund.external_id,
            "dateCreated": now,
            "dateModified": now,
        },
        **label(organization, KIND, refund_record),
        **listing(organization, KIND, refund_record, now),
    }


def _asked(refund: Reported) -> Item:
    demand = refund.demand
    return {
        "source": refund.source,
        "amount": None if demand.amount is None else str(demand.amount),
        "minor": demand.minor,
        "items": [
            {"amount": str(item.amount), "externalId": item.external_id, "position": item.position}
            for item in demand.items
        ],
    }


def _reported(item: Mapping[str, Any]) -> Reported:
    asked, listed = item["asked"], item["listed"]
    demand = Demand(
        None if asked["amount"] is None else Decimal(asked["amount"]),
        tuple(RefundedItem(Decimal(it["amount"]), it["externalId"], it["position"]) for it in asked["items"]),
        asked["minor"],
    )
    return Reported(asked["source"], listed["sourceId"], listed["refundId"] or WHOLE, demand, listed["reason"])
