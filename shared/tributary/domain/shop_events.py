"""Events of shops' orders and catalogues, in the vocabulary of e-commerce systems."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from tributary.domain import quantity
from tributary.domain.announced import Announced, Item, of_history
from tributary.domain.product import part

_PROVIDER = "api"
_ORDERED = {
    "placed": "ecommerce.order_placed",
    "cancelled": "ecommerce.order_cancelled",
    "fulfilled": "ecommerce.order_fulfilled",
    "refunded": "ecommerce.order_refunded",
}


def order_notice(old: Item | None, new: Item) -> Announced:
    """Announce an order update. The organization's own properties never replace ours."""
    if old is not None:
        return
    reported = {name: new[name] for name in ("orderId", "orderNumber", "orderedAt", "status", "currency")}
    ids = {name: new[name] for name in ("jobId", "source", "customerId")}
    if new["status"] == "refunded":
        ids |= {"refundId": new["refundId"], "refundAmountCents": new["refundAmount"]}
    own = {"provider": _PROVIDER, **reported, "totalCents": new["total"], "lineItems": _line_items(new["items"]), **ids}
    theirs = {name: value for name, value in json.loads(new["properties"]).items() if name != "automations"}
    yield _ORDERED[new["status"]], 1, theirs | own | of_history(new)


def _line_items(items: Iterable[Item]) -> list[dict[str, Any]]:
    return [
        {
            "provider": _PROVIDER,
            "providerProductId": item["productId"],
            "providerVariantId": item["attributes"].get("variantId"),
            "title": item["title"],
            "quantity": quantity.as_number(item["quantity"]),
            "priceCents": None if item["priceCents"] is None else quantity.as_number(item["priceCents"]),
        }
        for item in items
    ]


def reminder(old: Item | None, new: Item) -> Announced:
    """Announce a reminder once it is due; a newer order's reminder is another version."""
    if new["status"] == "due" and (old is None or old["status"] != "due"):
        named = ("customerId", "source", "productId", "variantId", "orderId", "orderedAt", "dueAt")
        yield (
            "ecommerce.replenishment_due",
            new["version"],
            {"provider": _PROVIDER, **{name: new[name] for name in named}},
        )


def product(old: Item | None, new: Item) -> Announced:
    """Announce parts back in stock; a consumer notifies waiting customers, since there may be many."""
    if new.get("deleted"):
        return
    before = old["restocked"] if old else {}
    back = {name for name, count in new["restocked"].items() if count != before.get(name)}
    if back:
        named = (None, *(variant["variantId"] for variant in new["variants"]))
        yield "ProductRestocked", new["version"], _restocked(new, [name for name in named if part(name) in back])


def restock_walk(old: Item | None, new: Item) -> Announced:
    """Announce the rest of a restock with more waiting customers than one invocation handles."""
    yield "ProductRestocked", new["version"], _restocked(new, new["variants"])


def _restocked(item: Item, variants: Sequence[str | None]) -> dict[str, Any]:
    """Data of a restock; a null variant id means the whole product."""
    product = {"product": item["pk"].rpartition("#")[2], "source": item["source"], "productId": item["productId"]}
    return {**product, "variants": variants}


def back_in_stock(old: Item | None, new: Item) -> Announced:
    if old is None:
        named = ("productId", "variantId", "title", "url", "priceCents", "currency", "source", "customerId", "askedAt")
        yield "ecommerce.back_in_stock", 1, {"provider": _PROVIDER, **{name: new[name] for name in named}}


def checkout(old: Item | None, new: Item) -> Announced:
    """Announce a checkout. The organization's own properties never replace ours."""
    if old is None:
        reported = {name: new[name] for name in ("checkoutId", "startedAt", "currency", "url", "source", "customerId")}
        own = {"provider": _PROVIDER, **reported, "totalCents": new["total"], "lineItems": _line_items(new["items"])}
        yield "ecommerce.checkout_started", 1, json.loads(new["properties"]) | own
