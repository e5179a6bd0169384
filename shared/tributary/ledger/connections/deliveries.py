"""Deliveries of a connection, for seven days: moment, topic, outcome and ids, never a body, a name or an e-mail.

Table of deliveries, partition `connection#<id>`, items `delivery#<moment>#<id>`. Unsigned ones of one outcome share
an item a minute, since anybody can send them; it has the moment of the latest.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tributary import settings
from tributary.domain import times
from tributary.domain.ids import cause_id, random_id
from tributary.ledger.connections import connections
from tributary.ledger.store import lists, table
from tributary.ledger.store.lists import Partitions
from tributary.ledger.store.values import Item, encode_item

KIND = "connection-delivery"
KEPT_DAYS = 7
UNSIGNED = "refused: signature"
#: A right signature, but of a moment too long ago: a clock that is wrong, or a copy sent again.
LATE = "refused: timestamp"
_INDEX = "moments"
_MINUTE = len("2026-01-01T00:00")


def note(connection: Item, topic: str, outcome: str, ids: Mapping[str, Any], now: str, signed: bool = True) -> None:
    """Note a delivery. One put."""
    number, organization = connection["listed"]["id"], connection["organization"]
    own = random_id() if signed else cause_id(organization, KIND, number, outcome, now[:_MINUTE])
    moment = now if signed else now[:_MINUTE] + ":00.000Z"
    shown = {"id": own, "connectionId": number, "topic": topic, "outcome": outcome, **ids, "dateCreated": now}
    item = {
        "pk": connections.key(number)[0],
        "sk": f"delivery#{lists.position(moment, own)}",
        "organization": organization,
        "listed": shown,
        "listPk": _list(organization, number),
        "listSk": lists.position(now, own),
        "expiresAt": int((times.parse(now) + timedelta(days=KEPT_DAYS)).timestamp()),
    }
    table.single("put_item", TableName=settings.deliveries_table_name(), Item=encode_item(item))


def of_connection(organization: str, connection_id: int) -> Partitions:
    """The list of a connection's deliveries."""
    return Partitions(_INDEX, "listPk", (_list(organization, connection_id),), settings.deliveries_table_name())


def _list(organization: str, connection_id: int) -> str:
    return f"{organization}#connection#{connection_id}"
