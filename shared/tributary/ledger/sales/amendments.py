"""Changes of a sale after it was reported. What was reported stays as it is; beside it lies what holds now, and in the
sale's partition what each change has changed: `amendment#<version>`."""

from collections.abc import Mapping
from typing import Any

from tributary.domain.transaction import Transaction, amended_sale
from tributary.ledger.sales import transaction_items
from tributary.ledger.store import lists, table
from tributary.ledger.store.expressions import GONE
from tributary.ledger.store.records import item_header, touch, update_unchanged_action
from tributary.ledger.store.values import Item

KIND = "amendment"


def amend(item: Item, changes: Mapping[str, Any], settlement: str | None, now: str) -> bool:
    """Changes some of AMENDABLE, and what is said of the payment, at the version read; whether that was a change.
    ConditionFailed if the sale has moved since."""
    before = transaction_items.of_item(item)
    amended = {**item.get("amended", {}), **changes}
    sale = amended_sale(before.first, amended) if amended else before.sale
    if (sale, settlement) == (before.sale, before.settlement):
        return False
    after = Transaction(before.id, before.organization, sale, before.status, before.created_at, before.version)
    listed = {"totalValue": after.total_value, "currency": sale.currency, "claimed.occurredAt": sale.occurred_at}
    writes = {f"listed.{name}": value for name, value in listed.items()}
    writes |= {"refundable": after.refundable, **_buyer(after)} | ({"amended": amended} if amended else {})
    said = {"settlement": settlement} if settlement else {}
    _write(item, writes | said, {**changes, **said}, sale.customer_id, now)
    return True


def cancel(item: Item, now: str) -> None:
    """Ends the sale, at the version read: nothing of it is left. ConditionFailed if it has moved since."""
    ended = {"listed.#status": "cancelled", "refundedAt": now, "refunded": item["refundable"]}
    _write(item, ended, {"status": "cancelled"}, item["listed"].get("customerId"), now)


def history(organization: str, transaction_id: int) -> list[Item]:
    """The changes of a sale, in their order."""
    return table.query(transaction_items.pk(organization, transaction_id), f"{KIND}#")


def _buyer(transaction: Transaction) -> Item:
    """The buyer's list has the sale, and no other's."""
    buyer = transaction.sale.customer_id
    if buyer is None:
        return {"listed.customerId": GONE, "parent": GONE}
    return {
        "listed.customerId": buyer,
        **lists.parent_attributes(transaction.organization, transaction_items.KIND, buyer),
    }


def _write(item: Item, writes: Mapping[str, Any], changes: Mapping[str, Any], buyer: int | None, now: str) -> None:
    version = item["version"] + 1
    kept = {
        **item_header(KIND, item["organization"], (item["pk"], f"{KIND}#{version:010d}"), now),
        "changes": dict(changes),
        "before": {"amended": item.get("amended"), "settlement": item.get("settlement")},
        "transactionId": item["listed"]["id"],
        "formerCustomerId": item["listed"].get("customerId"),
        "customerId": buyer,
    }
    update = update_unchanged_action((item["pk"], item["sk"]), item["version"], {**writes, **touch(now, version)})
    table.transact([update, table.put_action(kept)])
