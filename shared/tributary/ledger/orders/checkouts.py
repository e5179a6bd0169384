"""Begun checkouts: partition `<organization>#checkout#<digest of source and id>`, item `checkout`.

Made by one put of a free key, which is then announced.
"""

from collections.abc import Mapping
from typing import Any

from tributary.domain.ids import text_digest
from tributary.ledger.orders import announced_size
from tributary.ledger.store import table
from tributary.ledger.store.records import item_header
from tributary.ledger.store.values import Item

KIND = SK = "checkout"


def get(organization: str, source: str, checkout_id: str) -> Item | None:
    return table.get(_pk(organization, source, checkout_id), SK)


def checkout(organization: str, reported: Mapping[str, Any], now: str) -> Item:
    """The stored checkout, without its customer. TooLarge if it or its event could not be written."""
    pk = _pk(organization, reported["source"], reported["checkoutId"])
    whose = item_header(KIND, organization, (pk, SK), now)
    item = {**whose, "customerId": 0, **reported}
    announced_size.require_fits(item, "checkout")
    return item


def put(item: Item) -> None:
    """Record a checkout once."""
    try:
        table.put_new(item)
    except table.ConditionFailed:
        return


def _pk(organization: str, source: str, checkout_id: str) -> str:
    return f"{organization}#checkout#{text_digest(source, checkout_id)[:32]}"
