"""Differences between a stored sales event and a repeat of it."""

import json
from decimal import Decimal
from typing import Any

from tributary.api.http.repeats import differing
from tributary.api.noticia.requests.sales_events import SalesEventBody
from tributary.domain.sales_event import SalesEvent
from tributary.ledger.orders.sales_events import Recorded


def differences(recorded: Recorded, event: SalesEvent, body: SalesEventBody) -> list[str]:
    listed = recorded.item["listed"]
    own = body.store_id == listed["storeId"]
    first = {
        "type": listed["type"],
        "occurred_at": listed["occurredAt"],
        "store_id": listed["storeId"] if own else listed["storeExternalId"],
        "currency": listed["currency"],
        "profile_id": listed["customerId"],
        "total_amount_cents": listed["total"],
        "total_discount_cents": listed["discount"],
        "total_tax_cents": listed["tax"],
        "source": listed["source"],
    }
    again = {
        "type": event.type,
        "occurred_at": event.occurred_at,
        "store_id": body.store_id,
        "currency": event.currency,
        "profile_id": recorded.buyer if body.profile_id is not None else None,
        "total_amount_cents": event.total,
        "total_discount_cents": event.discount,
        "total_tax_cents": event.tax,
        "source": event.source,
    }
    return differing(first | _beyond(recorded.item["text"]), again | _beyond(event.text))


def _beyond(text: str) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(text, parse_float=Decimal)
    return dict.fromkeys(("line_items", "payments", "loyalty", "metadata")) | said
