"""A product as a shop tells of it: what is told stays until it is told otherwise, and what is in stock follows from it.

What nobody has told of is in stock: shops that keep no stock sell what they list.
"""

from collections.abc import Mapping
from typing import Any

from tributary.domain.ids import text_digest

Product = Mapping[str, Any]

_SHOWN = ("title", "url", "imageUrl", "priceCents", "currency", "inventoryQuantity", "replenishment")
_MANY: dict[str, type] = {"variants": list, "tags": list, "categories": list, "attributes": dict}
#: What a call may say of a product, besides which one it is. `inStock` is kept as `toldInStock` beside what follows.
TOLD = (*_SHOWN, *_MANY, "inStock")

_DIGITS = 32


def product_digest(source: str, product_id: str) -> str:
    """What names a product within its organization, in keys and events."""
    return text_digest(source, product_id)[:_DIGITS]


def part(variant_id: str | None) -> str:
    """What names a variant in keys, or the product as a whole if none is named: variants' names are free text."""
    return "whole" if variant_id is None else text_digest(variant_id)[:_DIGITS]


def told(before: Product | None, given: Mapping[str, Any]) -> dict[str, Any]:
    """The product after a call: what is left out stays, None clears, lists and attributes are replaced whole."""
    held = before or {}
    kept = {name: given.get(name, held.get(name)) for name in _SHOWN}
    many = {name: given.get(name, held.get(name)) or empty() for name, empty in _MANY.items()}
    own = _own_stock(held, given, kept["inventoryQuantity"])
    variants = [{**variant, "inStock": _variant_stock(variant, own)} for variant in many["variants"]]
    followed = any(variant["inStock"] for variant in variants) if variants else True
    return {
        **kept,
        **many,
        "variants": variants,
        "toldInStock": own,
        "inStock": followed if own is None else own,
    }


def restocked(before: Product | None, after: Product) -> list[str]:
    """The parts that went from out of stock to in stock. A variant that was not there, and a product
    that was taken away, were out of stock; a product seen for the first time comes back from nowhere."""
    if before is None:
        return []
    had, has = _stock(before), _stock(after)
    return sorted(name for name, there in has.items() if there and not had.get(name, False))


def _own_stock(held: Product, given: Mapping[str, Any], quantity: int | None) -> bool | None:
    """What was told last of the product itself: a flag holds over a quantity of the same call. None if nothing holds
    any more."""
    if given.get("inStock") is not None:
        return bool(given["inStock"])
    if "inStock" in given or "inventoryQuantity" in given:
        return None if quantity is None else quantity > 0
    return held.get("toldInStock")


def _variant_stock(variant: Mapping[str, Any], of_product: bool | None) -> bool:
    """Its own flag, else its own quantity, else what was told of the product itself."""
    if variant["toldInStock"] is not None:
        return bool(variant["toldInStock"])
    if variant["inventoryQuantity"] is not None:
        return bool(variant["inventoryQuantity"] > 0)
    return of_product is not False


def _stock(product: Product) -> dict[str, bool]:
    if product.get("deleted"):
        return {}
    return {part(None): product["inStock"]} | {part(it["variantId"]): it["inStock"] for it in product["variants"]}
