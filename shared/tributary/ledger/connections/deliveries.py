"""Deliveries of a connection, for seven days: moment, topic, outcome and ids, never a body, a name or an e-mail.

Items `delivery#<moment>#<id>` in the connection's partition. Unsigned ones share an item a minute, since anybody can
send them.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tributary.domain import times
from tributary.domain.ids import cause_id, random_id
from tributary.ledger.connections import connections
from tributary.ledger.store import table
from tributary.ledger.store.lists import Partitions, of_parent, parent_attributes, position
from tributary.ledger.store.records import item_header
from tributary.ledger.store.values import Item

KIND = "connection-delivery"
KEPT_DAYS = 7
UNSIGNED = "refused: signature"
_MINUTE = len("2026-01-01T00:00")


def note(connection: Item, topic: str, outcome: str, ids: Mapping[str, Any], now: str) -> None:
    """Note a delivery. One put."""
    number, organization = connection["listed"]["id"], connection["organization"]
    own = cause_id(organization, KIND, number, now[:_MINUTE]) if outcome == UNSIGNED else random_id()
    moment = now[:_MINUTE] + ":00.000Z" if outcome == UNSIGNED else now
    place = (connections.key(number)[0], f"delivery#{position(moment, own)}")
    shown = {"id": own, "connectionId": number, "topic": topic, "outcome": outcome, **ids, "dateCreated": moment}
    item = {
        **item_header(KIND, organization, place, now),
        "listed": shown,
        "listSk": position(moment, own),
        **parent_attributes(organization, KIND, number),
        "expiration": int((times.parse(now) + timedelta(days=KEPT_DAYS)).timestamp()),
    }
    table.put(item, "")


def of_connection(organization: str, connection_id: int) -> Partitions:
    """The list of a connection's deliveries."""
    return of_parent(organization, KIND, connection_id)
