"""Checkouts that customers started and may abandon."""

from typing import Any

from tributary.api.http.json_text import json_text
from tributary.api.sequenzy.requests.checkouts import CheckoutBody
from tributary.api.sequenzy.requests.fields import source_of
from tributary.domain import times
from tributary.ledger.customers import customers
from tributary.ledger.orders import checkouts, order_items
from tributary.ledger.organization.api_keys import Principal


def report(caller: Principal, body: CheckoutBody) -> None:
    """Store a checkout once. A repeat is one read and changes nothing, not even the customer."""
    now, source = times.now(), source_of(caller)
    if checkouts.get(caller.organization, source, body.checkout_id) is None:
        item = checkouts.checkout(caller.organization, _reported(body, source, now), now)
        whose = (caller.organization, body.customer.identity, body.customer.profile)
        checkouts.put({**item, "customerId": customers.upsert(*whose, item["startedAt"], now=now)})


def _reported(body: CheckoutBody, source: str, now: str) -> dict[str, Any]:
    """A clock ahead of ours must not outrank later news of the customer."""
    return {
        "source": source,
        "checkoutId": body.checkout_id,
        "startedAt": min(body.started_at or now, now),
        "items": [order_items.item_of(item.as_item()) for item in body.items],
        "total": body.total_cents,
        "currency": body.currency,
        "url": body.checkout_url or body.url or None,
        "properties": json_text(body.properties),
    }
