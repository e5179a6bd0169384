"""The stored form of an order's items, the same in order updates and checkouts."""

from collections.abc import Mapping
from typing import Any

from tributary.domain import quantity
from tributary.domain.order import OrderItem
from tributary.ledger.store.values import Item


def item_of(item: OrderItem) -> Item:
    return {
        "productId": item.product_id,
        "title": item.title,
        "quantity": quantity.stored(item.quantity),
        "priceCents": None if item.price is None else quantity.stored(item.price),
        "attributes": dict(item.attributes),
    }


def of_item(item: Mapping[str, Any]) -> OrderItem:
    units, held = quantity.of_stored(item["quantity"]), item["priceCents"]
    price = None if held is None else quantity.of_stored(held)
    return OrderItem(item["productId"], item["title"], units, price, item["attributes"])
