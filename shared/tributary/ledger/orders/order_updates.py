"""What shops have told of an order: partition `<organization>#order#<digest>`, one item per notice, `notice#<status>`
or `notice#refunded-<digest of the refund's id>`.

The item is the job and what is announced, made by one put whose key must be free: whatever is repeated counts once. It
names the customer by id; e-mails stay where customers are.
"""

import json
from collections.abc import Mapping
from typing import Any

from tributary.domain import order
from tributary.domain.errors import TooLarge
from tributary.domain.events import events_of
from tributary.ledger.refunds import refunds
from tributary.ledger.sales import transactions
from tributary.ledger.store import table
from tributary.ledger.store.records import item_header
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item, size

KIND = "order-notice"
#: A placed order becomes a sale with up to two lines for each of its items, which has to fit one item of the table.
_MAX_BYTES = 180_000
#: EventBridge takes entries of 256 KB.
_MAX_ANNOUNCED = 240_000


def key(organization: str, job_id: str) -> Key | None:
    """Where a job lies; None of a text that is no job's id."""
    if (found := order.read_job_id(job_id)) is None:
        return None
    return _pk(organization, found[0]), f"notice#{found[1]}"


def get(organization: str, job_id: str) -> Item | None:
    """The notice of a job, strongly consistent."""
    place = key(organization, job_id)
    return table.get(*place) if place else None


def of_order(organization: str, source: str, order_id: str) -> list[Item]:
    """What was told of an order, in the order in which it came."""
    updates = table.query(_pk(organization, order.order_digest(source, order_id)), "notice#")
    return sorted(updates, key=lambda update: (update["changedAt"], update["sk"]))


def new_item(organization: str, job_id: str, told: Mapping[str, Any], now: str) -> Item:
    """What is kept of a notice, but for whose order it is. TooLarge if the sale or the event that it leads to could
    not be written."""
    pk, sk = key(organization, job_id) or ("", "")
    whose = item_header(KIND, organization, (pk, sk), now)
    item = {**whose, "jobId": job_id, "customerId": 0, **told}
    announced = max(len(json.dumps(event.detail)) for event in events_of(None, item))
    if size(item) > _MAX_BYTES or announced > _MAX_ANNOUNCED:
        raise TooLarge("The order does not fit one record of the ledger.", {"limit": f"{_MAX_BYTES} bytes"})
    return item


def put(item: Item) -> bool:
    """Keeps a notice, unless it is there; whether it was not."""
    try:
        table.put_new(item)
    except table.ConditionFailed:
        return False
    return True


def in_the_ledger(organization: str, source: str, order_id: str) -> tuple[Item | None, dict[str, Item]]:
    """The order's transaction, be it deleted, None if it has not come; and its refunds by their keys, also those that
    wait for it."""
    transaction_id, item = transactions.place(organization, source, order_id)
    return item, {held["sk"]: held for held in refunds.of_transaction(organization, transaction_id)}


def _pk(organization: str, digest: str) -> str:
    return f"{organization}#order#{digest}"
