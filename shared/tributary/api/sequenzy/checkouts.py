"""Checkouts that customers began and may leave."""

import json
from typing import Annotated, Any

from pydantic import Field

from tributary.api.fields import Currency, LongText, PastMoment, RequestBody, TextOrNumber
from tributary.api.sequenzy.customers import CustomerReport
from tributary.api.sequenzy.fields import Cents, source_of
from tributary.api.sequenzy.orders import MAX_ITEMS, OrderItemReport
from tributary.api.sequenzy.properties import Properties
from tributary.domain import times
from tributary.ledger import checkouts, customers
from tributary.ledger.api_keys import Principal


class CheckoutBody(RequestBody):
    """A checkout, once per id; amounts in minor units of `currency`."""

    checkout_id: TextOrNumber
    customer: CustomerReport
    items: Annotated[list[OrderItemReport], Field(max_length=MAX_ITEMS)] = []
    total_cents: Cents | None = None
    currency: Currency | None = None
    started_at: PastMoment | None = None
    url: LongText | None = None
    properties: Properties = {}


def report(caller: Principal, body: CheckoutBody) -> None:
    """Keeps a checkout once. A repeat is one read and changes nothing, nor the customer."""
    now, source = times.now(), source_of(caller)
    if checkouts.get(caller.organization, source, body.checkout_id) is None:
        item = checkouts.checkout(caller.organization, _told(body, source, now), now)
        whose = (caller.organization, body.customer.identity, body.customer.profile)
        checkouts.put({**item, "customerId": customers.upsert(*whose, item["startedAt"], now=now)})


def _told(body: CheckoutBody, source: str, now: str) -> dict[str, Any]:
    """A clock ahead of ours must not outrank what is told of the customer later."""
    return {
        "source": source,
        "checkoutId": body.checkout_id,
        "startedAt": min(body.started_at or now, now),
        "items": [item.as_item() for item in body.items],
        "total": body.total_cents,
        "currency": body.currency,
        "url": body.url,
        "properties": json.dumps(body.properties),
    }
