"""What is announced of shops' orders and catalogues, in the words of shops' systems."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tributary.domain.history import marked
from tributary.domain.product import part

Item = Mapping[str, Any]
Announced = Iterator[tuple[str, int, Mapping[str, Any]]]

_PROVIDER = "api"
_ORDERED = {
    "placed": "ecommerce.order_placed",
    "cancelled": "ecommerce.order_cancelled",
    "fulfilled": "ecommerce.order_fulfilled",
    "refunded": "ecommerce.order_refunded",
}


def order_notice(old: Item | None, new: Item) -> Announced:
    """In the words of shops' systems. The organization's own properties stand beside ours and never in their place."""
    if old is not None:
        return
    told = {name: new[name] for name in ("orderId", "orderNumber", "orderedAt", "status", "currency")}
    ids = {name: new[name] for name in ("jobId", "source", "customerId")}
    if new["status"] == "refunded":
        ids |= {"refundId": new["refundId"], "refundAmountCents": new["refundAmount"]}
    own = {"provider": _PROVIDER, **told, "totalCents": new["total"], "lineItems": _line_items(new["items"]), **ids}
    theirs = {name: value for name, value in json.loads(new["properties"]).items() if name != "automations"}
    yield _ORDERED[new["status"]], 1, theirs | own | marked(new)


def _line_items(items: Iterable[Item]) -> list[dict[str, Any]]:
    return [
        {
            "provider": _PROVIDER,
            "providerProductId": item["productId"],
            "providerVariantId": item["attributes"].get("variantId"),
            "title": item["title"],
            "quantity": item["quantity"],
            "priceCents": item["priceCents"],
        }
        for item in items
    ]


def product(old: Item | None, new: Item) -> Announced:
    """What came back in stock; who waits is told by a consumer, since there may be many."""
    if new.get("deleted"):
        return
    before = old["restocked"] if old else {}
    back = {name for name, count in new["restocked"].items() if count != before.get(name)}
    if back:
        named = (None, *(variant["variantId"] for variant in new["variants"]))
        yield "ProductRestocked", new["version"], _restocked(new, [name for name in named if part(name) in back])


def restock_walk(old: Item | None, new: Item) -> Announced:
    """There were more who wait than one consumer's turn."""
    yield "ProductRestocked", new["version"], _restocked(new, new["variants"])


def _restocked(item: Item, variants: Sequence[str | None]) -> dict[str, Any]:
    """A variant's id is null where the product as a whole is meant."""
    told = {"product": item["pk"].rpartition("#")[2], "source": item["source"], "productId": item["productId"]}
    return {**told, "variants": variants}


def back_in_stock(old: Item | None, new: Item) -> Announced:
    if old is None:
        named = ("productId", "variantId", "title", "url", "priceCents", "currency", "source", "customerId", "askedAt")
        yield "ecommerce.back_in_stock", 1, {"provider": _PROVIDER, **{name: new[name] for name in named}}


def checkout(old: Item | None, new: Item) -> Announced:
    """As with orders: the organization's own properties never stand in the place of ours."""
    if old is None:
        told = {name: new[name] for name in ("checkoutId", "startedAt", "currency", "url", "source", "customerId")}
        own = {"provider": _PROVIDER, **told, "totalCents": new["total"], "lineItems": _line_items(new["items"])}
        yield "ecommerce.checkout_started", 1, json.loads(new["properties"]) | own
