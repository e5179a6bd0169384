"""Amendments of a sale.

The report stays as it was; the current values are stored next to it, and each amendment's changes as
`amendment#<version>` in the sale's partition.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from tributary.domain.balance import restated
from tributary.domain.endings import Endings
from tributary.domain.transaction import Transaction, amended_sale
from tributary.ledger.sales import sale_state, transaction_items
from tributary.ledger.store import lists, table
from tributary.ledger.store.expressions import GONE
from tributary.ledger.store.records import item_header, update_unchanged_action
from tributary.ledger.store.values import Item

KIND = "amendment"


def amend(item: Item, changes: Mapping[str, Any], settlement: str | None, now: str, also: Sequence[Item] = ()) -> bool:
    """Change some of AMENDABLE and the stated payment, at the version read; True if that was a change.

    `also` are further actions of the transaction. ConditionFailed if the sale has changed since, or one of them
    fails."""
    before = transaction_items.of_item(item)
    amended = {**item.get("amended", {}), **changes}
    edited = before.change.of(before.first) if before.change else before.first
    sale = amended_sale(edited, amended) if amended else before.sale
    if (sale, settlement) == (before.sale, before.settlement):
        return False
    after = restated(replace(before, sale=sale, version=before.version + 1))
    listed = {"totalValue": after.total_value, "currency": sale.currency, "claimed.occurredAt": sale.occurred_at}
    writes = {f"listed.{name}": value for name, value in listed.items()}
    writes |= {"refundable": after.refundable, **_buyer(after)} | ({"amended": amended} if amended else {})
    writes |= sale_state.restatement(before, after, now)
    said = {"settlement": settlement} if settlement else {}
    _write(item, writes | said, {**changes, **said}, sale.customer_id, now, also)
    return True


def cancel(item: Item, now: str) -> None:
    """Cancel the sale at the version read, so that nothing of it is left. ConditionFailed if it has changed since."""
    before = transaction_items.of_item(item)
    endings = before.endings | Endings(cancelled=before.endings.next(now))
    after = restated(replace(before, endings=endings, version=before.version + 1))
    writes = sale_state.restatement(before, after, now)
    _write(item, writes, {"status": after.status}, before.sale.customer_id, now)


def history(organization: str, transaction_id: int) -> list[Item]:
    """The amendments of a sale, oldest first."""
    return table.query(transaction_items.pk(organization, transaction_id), f"{KIND}#")


def _buyer(transaction: Transaction) -> Item:
    """The attributes that put the sale on its buyer's list and on no other's."""
    buyer = transaction.sale.customer_id
    if buyer is None:
        return {"listed.customerId": GONE, "parent": GONE}
    return {
        "listed.customerId": buyer,
        **lists.parent_attributes(transaction.organization, transaction_items.KIND, buyer),
    }


def _write(
    item: Item,
    writes: Mapping[str, Any],
    changes: Mapping[str, Any],
    buyer: int | None,
    now: str,
    also: Sequence[Item] = (),
) -> None:
    kept = {
        **item_header(KIND, item["organization"], (item["pk"], f"{KIND}#{item['version'] + 1:010d}"), now),
        "changes": dict(changes),
        "before": {"amended": item.get("amended"), "settlement": item.get("settlement")},
        "transactionId": item["listed"]["id"],
        "formerCustomerId": item["listed"].get("customerId"),
        "customerId": buyer,
    }
    update = update_unchanged_action((item["pk"], item["sk"]), item["version"], writes)
    table.transact([update, table.put_action(kept), *also])
