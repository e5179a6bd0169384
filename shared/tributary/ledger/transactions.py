"""Transactions: partition `<organization>#transaction#<id>`, item `transaction`.

The id comes from the sale's natural key. Another sale that already has it sends the writer to the next id of the
probe chain, and every reader by natural key the same way; records on a chain are never taken away, so an empty place
ends it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tributary.domain import times
from tributary.domain.errors import NotFound, TooLarge
from tributary.domain.ids import transaction_ids
from tributary.domain.transaction import Line, Sale, Transaction
from tributary.ledger import table
from tributary.ledger.expressions import Plus
from tributary.ledger.lists import listing
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


def binding(source: str) -> str:
    """The binding type that a source's transactions show as their `source`."""
    return f"{source}_order"


def record(organization: str, sale: Sale, now: str | None = None) -> Recorded:
    """Records a sale once. One conditional put; a repeat reads the stored sale from the put's own failure."""
    now = now or times.now()
    for transaction_id in transaction_ids(organization, sale.source, sale.external_id):
        transaction = Transaction(transaction_id, organization, sale, "complete", now, 1)
        item = _item(transaction)
        if size(item) > MAX_BYTES:
            raise TooLarge("The sale does not fit one record of the ledger.", {"limit": "400 KB"})
        try:
            table.put_new(item)
            return Recorded(transaction, created=True)
        except table.ConditionFailed as failure:
            stored = of_item(failure.item or {})
            if _is(stored, sale.source, sale.external_id):
                return Recorded(stored, created=False, differs=tuple(stored.sale.differences(sale)))
    raise OverflowError("the probe chain is full")


def refund(organization: str, source: str, external_id: str, now: str | None = None) -> Transaction:
    """Marks a sale refunded, once; a repeat changes nothing. NotFound if there is no such sale."""
    now = now or times.now()
    for transaction_id in transaction_ids(organization, source, external_id):
        changes = {
            "listed.#status": "refunded",
            "listed.dateModified": now,
            "#version": Plus(1),
            "changedAt": now,
            "refundedAt": now,
        }
        try:
            item = table.update(
                pk(organization, transaction_id),
                SK,
                changes,
                "listed.#status = :complete AND reported.#source = :source AND reported.externalId = :external",
                complete="complete",
                source=source,
                external=external_id,
            )
            return of_item(item)
        except table.ConditionFailed as failure:
            if failure.item is None:
                break
            stored = of_item(failure.item)
            if _is(stored, source, external_id):
                return stored
    raise NotFound("There is no sale with this source and externalId.", {"source": source, "externalId": external_id})


def find(organization: str, source: str, external_id: str) -> Item | None:
    """The stored item of a sale by its natural key, strongly consistent."""
    for transaction_id in transaction_ids(organization, source, external_id):
        item = get(organization, transaction_id)
        if item is None or _is(of_item(item), source, external_id):
            return item
    return None


def get(organization: str, transaction_id: int) -> Item | None:
    """The stored item, strongly consistent."""
    return table.get(pk(organization, transaction_id), SK)


def _is(transaction: Transaction, source: str, external_id: str) -> bool:
    return (transaction.sale.source, transaction.sale.external_id) == (source, external_id)


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
        "source": binding(sale.source),
        "sourceId": sale.external_id,
    }
    reported = {
        "source": sale.source,
        "externalId": sale.external_id,
        "trackingId": sale.tracking_id,
        "total": sale.total,
        "currency": sale.currency,
        "occurredAt": sale.occurred_at,
        "lines": [_line_item(line) for line in sale.lines],
    }
    return {
        "pk": pk(transaction.organization, transaction.id),
        "sk": SK,
        "entity": "transaction",
        "organization": transaction.organization,
        "version": transaction.version,
        "changedAt": transaction.created_at,
        "listed": listed,
        "reported": reported,
        **listing(transaction.organization, KIND, transaction.id, transaction.created_at),
    }


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
    )
    return Transaction(
        listed["id"], item["organization"], sale, listed["status"], listed["dateCreated"], item["version"]
    )
