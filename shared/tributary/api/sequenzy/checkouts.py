"""Checkouts that customers started and may abandon."""

import json
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.event_handler import Response

from tributary.api.http import edge, repeats
from tributary.api.http.json_text import json_text
from tributary.api.sequenzy.requests.checkouts import CheckoutBody
from tributary.api.sequenzy.requests.fields import left_out_members, source_of
from tributary.domain import times
from tributary.ledger.customers import customers
from tributary.ledger.customers.customers import Upserted
from tributary.ledger.orders import checkouts, order_items
from tributary.ledger.organization.api_keys import Principal


def report(caller: Principal, body: CheckoutBody) -> tuple[Upserted, list[str] | None]:
    """Store a checkout once. A repeat is one read and changes nothing, not even the customer. Returns the customer
    and the members in which a repeat differs; None if it is none."""
    now, source = times.now(), source_of(caller)
    reported = _reported(body, source, now)
    if first := checkouts.get(caller.organization, source, body.checkout_id):
        return Upserted(int(first["customerId"]), ()), _differences(first, reported, body)
    item = checkouts.checkout(caller.organization, reported, now)
    whose = (caller.organization, body.customer.identity, body.customer.profile)
    buyer = customers.upsert(*whose, item["startedAt"], now=now, bound_to=caller.source)
    checkouts.put({**item, "customerId": buyer.customer_id})
    return buyer, None


def answer(body: CheckoutBody, buyer: Upserted, differs: list[str] | None) -> Response[str]:
    queued = {"success": True, "queued": True, "checkoutId": body.checkout_id, "subscriberId": str(buyer.customer_id)}
    if differs is None:
        return edge.answer(queued | left_out_members(buyer.left_out), 202)
    return edge.answer(queued | repeats.members(differs), 202, repeats.headers(differs))


def _differences(first: Mapping[str, Any], again: Mapping[str, Any], body: CheckoutBody) -> list[str]:
    """Without the time of a repeat that names none."""
    names = {"items": "items", "total": "totalCents", "currency": "currency", "url": "checkoutUrl"}
    names |= {"startedAt": "startedAt"} if body.started_at else {}
    was, now = ({**it, "items": [order_items.of_item(row) for row in it["items"]]} for it in (first, again))
    differs = [shown for name, shown in names.items() if was[name] != now[name]]
    same = json.loads(first["properties"]) == json.loads(again["properties"])
    return differs if same else [*differs, "properties"]


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
