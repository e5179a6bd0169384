"""Transactions: partition `<organization>#transaction#<id>`, item `transaction`.

The id comes from the sale's natural key. Another sale that already has it sends the writer to the next id of the
probe chain, and every reader by natural key the same way; records on a chain are never taken away, so an empty place
ends it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tributary.domain import times
from tributary.domain.errors import Conflict, NotFound, TooLarge
from tributary.domain.ids import random_id, transaction_ids
from tributary.domain.transaction import DELETED, Claim, Line, Sale, Transaction, amended_sale
from tributary.ledger import table
from tributary.ledger.expressions import GONE, Plus, Same
from tributary.ledger.lists import below, listing
from tributary.ledger.table import Key
from tributary.ledger.values import MAX_BYTES, Item, size

KIND = SK = "transaction"


@dataclass(frozen=True)
class Recorded:
    """What became of a report: the transaction as it stands, whether this report made it, and what it says
    differently."""

    transaction: Transaction
    created: bool
    differs: tuple[str, ...] = ()


def pk(organization: str, transaction_id: int) -> str:
    return f"{organization}#transaction#{transaction_id}"


def key(organization: str, transaction_id: int) -> Key:
    return pk(organization, transaction_id), SK


_BINDING = "_order"


def binding(source: str) -> str:
    """The binding type that a source's transactions show as their `source`."""
    return source + _BINDING


def source_of(binding_type: str) -> str:
    """The source that a binding type is of: `wc_order` is `wc`'s."""
    return binding_type.removesuffix(_BINDING)


def record(organization: str, sale: Sale, now: str | None = None) -> Recorded:
    """Records a sale once. One conditional put; a repeat reads the stored sale from the put's own failure."""
    now = now or times.now()
    for transaction_id in transaction_ids(organization, sale.source, sale.external_id):
        transaction = Transaction(transaction_id, organization, sale, "complete", now, 1)
        try:
            table.put_new(_fitting(transaction))
            return Recorded(transaction, created=True)
        except table.ConditionFailed as failure:
            stored = of_item(failure.item or {})
            if _is(stored, sale.source, sale.external_id):
                return Recorded(stored, created=False, differs=tuple(stored.first.differences(sale)))
    raise OverflowError("the probe chain is full")


def first(organization: str, transaction_id: int, sale: Sale, now: str) -> Item:
    """The item of a sale that has this place and has just been reported; for a transaction that puts more than it."""
    return _fitting(Transaction(transaction_id, organization, sale, "complete", now, 1))


def create(organization: str, sale: Sale, now: str | None = None) -> Item:
    """Makes a transaction by hand, and returns its item. One without a source and external id has a random id.
    Conflict if there is a transaction, or was one, of the same source and external id."""
    now = now or times.now()
    if sale.external_id:
        recorded = record(organization, sale, now)
        if not recorded.created:
            context = {"transactionId": recorded.transaction.id, "bindingId": sale.external_id}
            raise Conflict("There is a transaction with this binding.", context)
        return _item(recorded.transaction)
    while True:
        item = _fitting(Transaction(random_id(), organization, sale, "complete", now, 1))
        try:
            table.put_new(item)
            return item
        except table.ConditionFailed:
            continue


def refund(organization: str, source: str, external_id: str, now: str | None = None) -> Transaction:
    """Marks a sale refunded as a whole, once; a repeat changes nothing. NotFound if there is no such sale."""
    return _end_named(organization, source, external_id, "refunded", "complete", now)


def cancel(organization: str, source: str, external_id: str, now: str | None = None) -> Transaction:
    """Marks a sale cancelled, once, also one that was refunded: so it is cancelled whichever of the two is heard
    first. NotFound if there is no such sale."""
    return _end_named(organization, source, external_id, "cancelled", "refunded", now)


def _end_named(
    organization: str, source: str, external_id: str, status: str, after: str, now: str | None
) -> Transaction:
    """Ends the sale with this natural key, if it is complete or has the status `after`; the sale as it is then."""
    for transaction_id in transaction_ids(organization, source, external_id):
        try:
            return end(
                organization,
                transaction_id,
                status,
                "reported.#source = :source AND reported.externalId = :external",
                now,
                after,
                source=source,
                external=external_id,
            )
        except table.ConditionFailed as failure:
            if failure.item is None:
                break
            stored = of_item(failure.item)
            if _is(stored, source, external_id):
                if stored.status == DELETED:
                    break
                return stored
    raise NotFound("There is no sale with this source and externalId.", {"source": source, "externalId": external_id})


def end(
    organization: str,
    transaction_id: int,
    status: str,
    condition: str = "",
    now: str | None = None,
    after: str = "complete",
    **values: Any,
) -> Transaction:
    """Ends a transaction that is complete, or has the status `after`, as `refunded` or `cancelled`: nothing of it is
    left. ConditionFailed with the item that has its place, if it has ended, or is another one than the condition
    says."""
    now = now or times.now()
    changes = {
        "listed.#status": status,
        "listed.dateModified": now,
        "#version": Plus(1),
        "changedAt": now,
        "refundedAt": now,
        "refunded": Same("refundable"),
    }
    open_to_it = {"complete": "complete"} if after == "complete" else {"complete": "complete", "after": after}
    whole = f"listed.#status IN ({', '.join(':' + name for name in open_to_it)})"
    whole += f" AND {condition}" if condition else ""
    return of_item(table.update(pk(organization, transaction_id), SK, changes, whole, **open_to_it, **values))


def end_all(organization: str, action: str, ids: Iterable[int], source: str | None = None) -> int:
    """Cancels, refunds or deletes transactions; returns how many. Unknown ones and those that have ended already are
    passed over. `source` limits it to that source's transactions."""
    return sum(_end_one(organization, action, transaction_id, source) for transaction_id in dict.fromkeys(ids))


def _end_one(organization: str, action: str, transaction_id: int, source: str | None) -> bool:
    condition, values = ("reported.#source = :source", {"source": source}) if source is not None else ("", {})
    try:
        if action == "delete":
            delete(organization, transaction_id, condition, **values)
        else:
            end(organization, transaction_id, _ENDS[action], condition, **values)
    except table.ConditionFailed:
        return False
    return True


_ENDS = {"cancel": "cancelled", "refund": "refunded"}


def delete(organization: str, transaction_id: int, condition: str = "", **values: Any) -> None:
    """Takes a transaction away for good: what stays is its place, so that a late retry brings nothing back, and the
    conversions and obligations that came of it. ConditionFailed if there is none."""
    now = times.now()
    changes = {
        "listed.#status": DELETED,
        "listed.dateModified": now,
        "#version": Plus(1),
        "changedAt": now,
        "listPk": GONE,
        "listSk": GONE,
    }
    there = "attribute_exists(pk) AND listed.#status <> :deleted" + (f" AND {condition}" if condition else "")
    table.update(pk(organization, transaction_id), SK, changes, there, deleted=DELETED, **values)


def find(organization: str, source: str, external_id: str) -> Item | None:
    """The stored item of a sale by its natural key, strongly consistent."""
    for transaction_id in transaction_ids(organization, source, external_id):
        item = stored(organization, transaction_id)
        if item is None or is_of(item, source, external_id):
            return living(item)
    return None


def place(organization: str, source: str, external_id: str) -> tuple[int, Item | None]:
    """The id that a sale has or will have, and what lies there, be it deleted."""
    for transaction_id in transaction_ids(organization, source, external_id):
        item = stored(organization, transaction_id)
        if item is None or is_of(item, source, external_id):
            return transaction_id, item
    raise OverflowError("the probe chain is full")


def get(organization: str, transaction_id: int) -> Item | None:
    """The stored item, strongly consistent; None for one that was deleted."""
    return living(stored(organization, transaction_id))


def stored(organization: str, transaction_id: int) -> Item | None:
    """What has the transaction's place, be it deleted."""
    return table.get(pk(organization, transaction_id), SK)


def living(item: Item | None) -> Item | None:
    return item if item and item["listed"]["status"] != DELETED else None


def is_of(item: Mapping[str, Any], source: str, external_id: str) -> bool:
    """Whether a stored item has this natural key; another sale may have its id."""
    reported = item["reported"]
    return (reported["source"], reported["externalId"]) == (source, external_id)


def _is(transaction: Transaction, source: str, external_id: str) -> bool:
    return (transaction.sale.source, transaction.sale.external_id) == (source, external_id)


_FEW_LINES = 20


def _surely_small(sale: Sale) -> bool:
    """Whether the longest names could not make it too large: most sales need not be measured."""
    return len(sale.lines) <= _FEW_LINES and not any(line.description or line.attributes for line in sale.lines)


def _fitting(transaction: Transaction) -> Item:
    item = _item(transaction)
    if not _surely_small(transaction.sale) and size(item) > MAX_BYTES:
        raise TooLarge("The sale does not fit one record of the ledger.", {"limit": "400 KB"})
    return item


def _item(transaction: Transaction) -> Item:
    sale = transaction.sale
    listed = {
        "id": transaction.id,
        "status": transaction.status,
        "dateCreated": transaction.created_at,
        "dateModified": transaction.created_at,
        "detailCount": len(sale.details),
        "totalValue": transaction.total_value,
        "totalQuantity": sum(line.quantity for line in sale.details),
        "currency": sale.currency,
        "source": binding(sale.source) if sale.external_id else None,
        "sourceId": sale.external_id or None,
    }
    if sale.customer_id is not None:
        listed["customerId"] = sale.customer_id
    if sale.claim is not None:
        # What a list of claimed sales is filtered by, and what their awards are found by.
        listed["claimed"] = {
            "collaboratorId": sale.claim.collaborator_id,
            "programIds": list(sale.claim.program_ids),
            "occurredAt": sale.occurred_at,
        }
    reported = {
        "source": sale.source,
        "externalId": sale.external_id,
        "trackingId": sale.tracking_id,
        "total": sale.total,
        "currency": sale.currency,
        "occurredAt": sale.occurred_at,
        "lines": [_line_item(line) for line in sale.lines],
        "customerId": sale.customer_id,
        **_asserted(sale),
    }
    return {
        "pk": pk(transaction.organization, transaction.id),
        "sk": SK,
        "entity": "transaction",
        "organization": transaction.organization,
        "version": transaction.version,
        "changedAt": transaction.created_at,
        "refundable": transaction.refundable,
        "listed": listed,
        "reported": reported,
        **listing(transaction.organization, KIND, transaction.id, transaction.created_at),
        **(below(transaction.organization, KIND, sale.customer_id) if sale.customer_id is not None else {}),
    }


def _asserted(sale: Sale) -> Item:
    """What few sales have, and only those have as members."""
    item: Item = {"subtotal": sale.subtotal, "dueAt": sale.due_at}
    if sale.claim is not None:
        claimed = {"collaboratorId": sale.claim.collaborator_id, "programIds": list(sale.claim.program_ids)}
        item["claim"] = claimed | {"commission": sale.claim.commission}
    return {name: value for name, value in item.items() if value is not None}


def _claim(item: Mapping[str, Any] | None) -> Claim | None:
    return Claim(item["collaboratorId"], tuple(item["programIds"]), item["commission"]) if item else None


def _line_item(line: Line) -> Item:
    """Without the members that have their default: a thousand lines must fit one item."""
    item: Item = {"name": line.name, "value": line.value, "quantity": line.quantity, "type": line.type}
    if line.description:
        item["description"] = line.description
    if line.attributes:
        item["attributes"] = dict(line.attributes)
    return item


def of_item(item: Mapping[str, Any]) -> Transaction:
    """The transaction of a stored item."""
    reported, listed = item["reported"], item["listed"]
    sale = Sale(
        source=reported["source"],
        external_id=reported["externalId"],
        tracking_id=reported["trackingId"],
        total=reported["total"],
        currency=reported["currency"],
        occurred_at=reported["occurredAt"],
        lines=tuple(Line(**line) for line in reported["lines"]),
        customer_id=reported.get("customerId"),
        claim=_claim(reported.get("claim")),
        subtotal=reported.get("subtotal"),
        due_at=reported.get("dueAt"),
    )
    amended = item.get("amended", {})
    return Transaction(
        listed["id"],
        item["organization"],
        amended_sale(sale, amended) if amended else sale,
        listed["status"],
        listed["dateCreated"],
        item["version"],
        item.get("refunded", 0),
        {int(place): amount for place, amount in item.get("refundedLines", {}).items()},
        sale if amended else None,
        item.get("settlement"),
    )
