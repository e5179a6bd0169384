"""Records as Noticia's clients read them."""

from collections.abc import Mapping
from typing import Any

from tributary.api.http.json_text import json_text
from tributary.domain import customer, rfm
from tributary.ledger.store.values import Item


def store_response(listed: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": listed["id"],
        "external_id": listed["externalId"],
        "name": listed["name"],
        "address": listed["address"],
        "created_at": listed["dateCreated"],
        "updated_at": listed["dateModified"],
    }


def profile_response(item: Item, scored: Item | None) -> dict[str, Any]:
    """A customer, with scores by the latest bounds."""
    listed = item["listed"]
    return {
        "id": customer.spelled(listed["id"]),
        "external_id": listed["externalId"],
        "status": listed["status"],
        "first_name": listed["firstName"],
        "last_name": listed["lastName"],
        "name": listed["name"],
        "email": listed["email"],
        "phone": listed["phone"],
        "totals": [_totals(row) for row in listed["totals"]],
        "rfm": rfm.scores_of(listed, scored["bounds"]) if scored else [],
        "rfm_set_at": scored["setAt"] if scored else None,
        "created_at": listed["dateCreated"],
        "updated_at": listed["dateModified"],
    }


def _totals(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "currency": row["currency"],
        "purchases_count": row["ordersCount"],
        "purchased_cents": row["totalSpent"],
        "returned_cents": row["refundedTotal"],
        "net_cents": row["netSpent"],
        "average_purchase_cents": row["aov"],
    }


def sales_event_response(listed: Item) -> dict[str, Any]:
    """An event as lists show it. The buyer appears by Tributary's own id only, so an erasure leaves no other."""
    profile = listed["customerId"]
    return {
        "id": listed["id"],
        "external_id": listed["externalId"],
        "type": listed["type"],
        "occurred_at": listed["occurredAt"],
        "store_id": listed["storeId"],
        "store_external_id": listed["storeExternalId"],
        "profile_id": None if profile is None else customer.spelled(profile),
        "currency": listed["currency"],
        "total_amount_cents": listed["total"],
        "total_discount_cents": listed["discount"],
        "total_tax_cents": listed["tax"],
        "source": listed["source"],
        "created_at": listed["dateCreated"],
    }


def whole_sales_event_text(item: Item) -> str:
    """JSON text of the stored event: its row, and all other reported members unchanged."""
    return f"{json_text(sales_event_response(item['listed']))[:-1]},{item['text'][1:]}"
