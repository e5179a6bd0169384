"""Webhooks received: the connection of the URL, the signature of the raw body, the facts, and the log.

Shops that are told of an error send again or give up, so everything signed is answered 200: also what is not ours, and
what the ledger refuses, which the connection's log names.
"""

import base64
import time
from collections.abc import Callable, Mapping
from typing import Any

from tributary.api.hooks import recording
from tributary.api.hooks.outcome import ignored, refused
from tributary.domain import times
from tributary.domain.errors import Unsigned
from tributary.ledger.connections import connections, deliveries
from tributary.ledger.store.values import Item
from tributary.shops import vendors
from tributary.shops.adapter import Adapter, Delivery, Names, Unreadable
from tributary.telemetry import logger

_MAX_ID_DIGITS = 16


def receive(event: Mapping[str, Any], connection_id: str, token: str = "") -> None:
    """Record the webhook of an HTTP API event. Unsigned without a connection or a right signature."""
    connection = _known(connection_id)
    adapter, delivery = vendors.adapter(connection["listed"]["vendor"]), _delivery(event)
    if (greeting := adapter.greeting(delivery)) is not None:
        deliveries.note(connection, "ping", ignored(greeting), {}, times.now(), signed=False)
        return
    if not _is_signed(adapter, delivery, connection, token):
        connection = _known(connection_id, connections.find)  # its secret may be a newer one
        if not _is_signed(adapter, delivery, connection, token):
            late = bool(held := connections.secrets(connection)) and adapter.signed_late(delivery, held)
            outcome = deliveries.LATE if late else deliveries.UNSIGNED
            deliveries.note(connection, "unknown", outcome, {}, times.now(), signed=False)
            raise Unsigned
    record(connection, adapter, delivery)


def _known(text: str, read: Callable[[int], Item | None] = connections.kept) -> Item:
    digits = text.isascii() and text.isdigit() and len(text) <= _MAX_ID_DIGITS
    connection = read(int(text)) if digits else None
    if connection is None:
        raise Unsigned
    return connection


def _delivery(event: Mapping[str, Any]) -> Delivery:
    headers = {str(name).lower(): str(value) for name, value in (event.get("headers") or {}).items()}
    body = event.get("body") or ""
    raw = base64.b64decode(body) if event.get("isBase64Encoded") else body.encode("utf-8", "surrogatepass")
    return Delivery(headers, raw, int(time.time()))


def _is_signed(adapter: Adapter, delivery: Delivery, connection: Item, token: str) -> bool:
    held = connections.secrets(connection)
    if adapter.in_path:
        return connections.is_one_of(token, held)
    return bool(held) and adapter.signed(delivery, held)


def record(connection: Item, adapter: Adapter, delivery: Delivery) -> None:
    """Record what a delivery tells, and note it in the connection's log."""
    now = times.now()
    outcome, ids = _outcome(connection, adapter, delivery, now)
    if ids.get("orderId") is None and ids.get("refundId") is None:
        ids = _named(adapter, delivery)
    deliveries.note(connection, adapter.topic(delivery), outcome, ids, now)
    logger.info("webhook", extra={"connectionId": connection["listed"]["id"], "outcome": outcome})


def _named(adapter: Adapter, delivery: Delivery) -> Mapping[str, Any]:
    """The ids in a body that told no fact of an order."""
    try:
        named = adapter.named(delivery)
    except Unreadable:
        return {}
    return {"orderId": named.order, "refundId": named.refund}


def _outcome(connection: Item, adapter: Adapter, delivery: Delivery, now: str) -> tuple[str, Mapping[str, Any]]:
    listed = connection["listed"]
    if listed["status"] != connections.ACTIVE:
        return ignored("the connection is paused"), {}
    settings = listed["settings"]
    names = Names(tuple(settings["clickNames"]), tuple(settings["aliasNames"]))
    try:
        facts = adapter.read(delivery, names)
    except Unreadable as error:
        return refused(str(error)), {}
    return recording.record(connection["organization"], listed["source"], facts, now)
