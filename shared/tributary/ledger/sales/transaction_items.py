"""Transactions as items of the table: partition `<organization>#transaction#<id>`, item `transaction`."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tributary.domain import codes
from tributary.domain.balance import restated
from tributary.domain.errors import TooLarge
from tributary.domain.transaction import DELETED, Claim, Line, Sale, Transaction, amended_sale
from tributary.ledger.sales.sale_state import change_of, endings_of, given_of, line_item, seen_of
from tributary.ledger.store.lists import listing, parent_attributes
from tributary.ledger.store.records import item_header
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import MAX_BYTES, Item, size

KIND = SK = "transaction"


def pk(organization: str, transaction_id: int) -> str:
    return f"{organization}#transaction#{transaction_id}"


def key(organization: str, transaction_id: int) -> Key:
    return pk(organization, transaction_id), SK


_BINDING = "_order"


def binding(source: str) -> str:
    """The binding type shown as `source` by a source's transactions."""
    return source + _BINDING


def source_of(binding_type: str) -> str:
    """The source of a binding type: `wc` for `wc_order`."""
    return binding_type.removesuffix(_BINDING)


def unless_deleted(item: Item | None) -> Item | None:
    return item if item and item["listed"]["status"] != DELETED else None


def is_of(item: Mapping[str, Any], source: str, external_id: str) -> bool:
    """True if a stored item has this natural key; another sale may have its id."""
    reported = item["reported"]
    return (reported["source"], reported["externalId"]) == (source, external_id)


_FEW_LINES = 20


def _surely_small(sale: Sale) -> bool:
    """True if even the longest names fit, so that most sales need no measuring."""
    return len(sale.lines) <= _FEW_LINES and not any(line.description or line.attributes for line in sale.lines)


def checked_size(transaction: Transaction) -> Item:
    """The item of a transaction; TooLarge if it fits no record of the table."""
    item = item_of(transaction)
    if not _surely_small(transaction.sale) and size(item) > MAX_BYTES:
        raise TooLarge("The sale does not fit one record of the ledger.", {"limit": "400 KB"})
    return item


def item_of(transaction: Transaction) -> Item:
    """The stored form of a new transaction."""
    sale = transaction.sale
    return {
        **item_header(
            "transaction",
            transaction.organization,
            (pk(transaction.organization, transaction.id), SK),
            transaction.created_at,
            version=transaction.version,
        ),
        "refundable": transaction.refundable,
        "listed": _listed(transaction),
        "reported": _reported(sale),
        **listing(transaction.organization, KIND, transaction.id, transaction.created_at),
        **(parent_attributes(transaction.organization, KIND, sale.customer_id) if sale.customer_id is not None else {}),
    }


def _listed(transaction: Transaction) -> Item:
    """The members shown by lists."""
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
        # Filters of claimed sales and the keys of their awards come from here.
        listed["claimed"] = {
            "collaboratorId": sale.claim.collaborator_id,
            "programIds": list(sale.claim.program_ids),
            "occurredAt": sale.occurred_at,
            **_origin(sale.claim),
        }
    return listed


def _reported(sale: Sale) -> Item:
    """The reported values, which never change."""
    return {
        "source": sale.source,
        "externalId": sale.external_id,
        "trackingId": sale.tracking_id,
        "total": sale.total,
        "currency": sale.currency,
        "occurredAt": sale.occurred_at,
        "lines": [line_item(line) for line in sale.lines],
        "customerId": sale.customer_id,
        **_asserted(sale),
    }


def _asserted(sale: Sale) -> Item:
    """Members stored only for the few sales that have them."""
    item: Item = {"subtotal": sale.subtotal, "dueAt": sale.due_at, "automations": None if sale.automations else False}
    if sale.codes:
        item["codes"] = codes.stored(sale.codes)
    item |= {"asOf": sale.as_of, "subscription": sale.subscription, "renewal": sale.renewal or None}
    if sale.claim is not None:
        claimed = {"collaboratorId": sale.claim.collaborator_id, "programIds": list(sale.claim.program_ids)}
        item["claim"] = claimed | {"commission": sale.claim.commission} | _origin(sale.claim)
    return {name: value for name, value in item.items() if value is not None}


def _origin(claim: Claim) -> Item:
    origin = {"platform": claim.platform, "subId": claim.sub_id}
    return {name: value for name, value in origin.items() if value is not None}


def _claim(item: Mapping[str, Any] | None) -> Claim | None:
    if item is None:
        return None
    told = (item["collaboratorId"], tuple(item["programIds"]), item["commission"])
    return Claim(*told, item.get("platform"), item.get("subId"))


def _sale_of(reported: Mapping[str, Any]) -> Sale:
    """The sale as it was first reported."""
    return Sale(
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
        automations=reported.get("automations", True),
        codes=codes.of_stored(reported.get("codes", ())),
        as_of=reported.get("asOf"),
        subscription=reported.get("subscription"),
        renewal=reported.get("renewal", False),
    )


def of_item(item: Mapping[str, Any]) -> Transaction:
    """The transaction of a stored item."""
    sale, listed = _sale_of(item["reported"]), item["listed"]
    amended, edited = item.get("amended", {}), item.get("change")
    change = change_of(edited) if edited else None
    versions = (sale, change.of(sale) if change else sale)
    unchanged, present = (amended_sale(version, amended) if amended else version for version in versions)
    return Transaction(
        listed["id"],
        item["organization"],
        present,
        listed["status"],
        listed["dateCreated"],
        item["version"],
        item.get("refunded", 0),
        given_of(item),
        sale if amended or change else None,
        item.get("settlement"),
        endings_of(item),
        change,
        seen_of(item.get("seen")),
        unchanged if change else None,
    )


def before_deletion(item: Mapping[str, Any]) -> Transaction:
    """The transaction of a stored item, a deleted one as it was before."""
    transaction = of_item(item)
    if transaction.status != DELETED:
        return transaction
    return restated(replace(transaction, status="complete"))
