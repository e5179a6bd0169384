"""Webhooks of shops that come over EventBridge, from a partner event source."""

import time
from collections.abc import Mapping
from typing import Any

from tributary.api.hooks.receiving import record
from tributary.api.http.json_text import exact_json
from tributary.bus import Envelope, Refused
from tributary.ledger.connections import connections
from tributary.shops import vendors
from tributary.shops.adapter import Delivery

#: The beginning of the source of every such event.
PREFIX = "aws.partner/"


def receive(event: Envelope) -> None:
    """Record an event of a shop's partner event source. Refused unless a connection names that source.

    The AWS account behind the source is the authority: such events are not signed."""
    source = str(event.event.get("source"))
    connection = connections.of_event_source(source)
    if connection is None:
        raise Refused("No connection names this partner event source.")
    adapter = vendors.adapter(connection["listed"]["vendor"])
    record(connection, adapter, _of_detail(event.detail))


def _of_detail(detail: Mapping[str, Any]) -> Delivery:
    """The delivery in an event's detail: the body itself, or Shopify's payload beside its headers."""
    payload, metadata = detail.get("payload"), detail.get("metadata")
    if isinstance(payload, Mapping) and isinstance(metadata, Mapping):
        headers = {str(name).lower(): str(value) for name, value in metadata.items()}
        return Delivery(headers, exact_json(payload).encode(), int(time.time()))
    return Delivery({}, exact_json(detail).encode(), int(time.time()))
