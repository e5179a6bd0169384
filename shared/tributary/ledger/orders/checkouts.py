"""Checkouts that were begun: partition `<organization>#checkout#<digest of source and id>`, item `checkout`, made by
one put whose key must be free; its coming is what is announced."""

import json
from collections.abc import Mapping
from typing import Any

from tributary.domain.errors import TooLarge
from tributary.domain.events import events_of
from tributary.domain.ids import text_digest
from tributary.ledger.store import table
from tributary.ledger.store.records import item_header
from tributary.ledger.store.values import Item, size

KIND = SK = "checkout"
_MAX_BYTES = 180_000
#: EventBridge takes entries of 256 KB.
_MAX_ANNOUNCED = 240_000


def get(organization: str, source: str, checkout_id: str) -> Item | None:
    return table.get(_pk(organization, source, checkout_id), SK)


def checkout(organization: str, told: Mapping[str, Any], now: str) -> Item:
    """What is kept of a checkout, but for whose it is. TooLarge if it or its event could not be written."""
    pk = _pk(organization, told["source"], told["checkoutId"])
    whose = item_header(KIND, organization, (pk, SK), now)
    item = {**whose, "customerId": 0, **told}
    announced = max(len(json.dumps(event.detail)) for event in events_of(None, item))
    if size(item) > _MAX_BYTES or announced > _MAX_ANNOUNCED:
        raise TooLarge("The checkout does not fit one record of the ledger.", {"limit": f"{_MAX_BYTES} bytes"})
    return item


def put(item: Item) -> None:
    """Keeps a checkout, unless it is there."""
    try:
        table.put_new(item)
    except table.ConditionFailed:
        return


def _pk(organization: str, source: str, checkout_id: str) -> str:
    return f"{organization}#checkout#{text_digest(source, checkout_id)[:32]}"
