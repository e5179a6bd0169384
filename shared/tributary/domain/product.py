"""A product as reported by its shop: reported values stay until changed, and its stock follows from them.

Unreported stock counts as in stock: shops without inventory sell everything they list.
"""

from collections.abc import Mapping
from typing import Any

from tributary.domain.ids import text_digest
from tributary.domain.quantity import Stored, of_stored

Product = Mapping[str, Any]

_SHOWN = (
    "title",
    "description",
    "url",
    "imageUrl",
    "priceCents",
    "compareAtPriceCents",
    "currency",
    "inventoryQuantity",
    "providerCreatedAt",
    "replenishment",
)
_MANY: dict[str, type] = {"variants": list, "tags": list, "categories": list, "attributes": dict}
#: Fields a call may report of a product. `inStock` is stored as `toldInStock`, next to the derived stock.
REPORTED = (*_SHOWN, *_MANY, "inStock")

_DIGITS = 32


def product_digest(source: str, product_id: str) -> str:
    """A product's identity within its organization, in keys and events."""
    return text_digest(source, product_id)[:_DIGITS]


def part(variant_id: str | None) -> str:
    """A key part for a variant, whose name is free text, or for the whole product if None."""
    return "whole" if variant_id is None else text_digest(variant_id)[:_DIGITS]


def updated(before: Product | None, given: Mapping[str, Any]) -> dict[str, Any]:
    """The product after a call: omitted fields stay, None clears, lists and attributes are replaced whole."""
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


def price(product: Product) -> int | None:
    """The reported price, else the lowest of its variants; None if none was reported."""
    if product["priceCents"] is not None:
        return int(product["priceCents"])
    return min((it["priceCents"] for it in product["variants"] if it["priceCents"] is not None), default=None)


def restocked(before: Product | None, after: Product) -> list[str]:
    """Parts that went from out of stock to in stock; none of a product seen for the first time.

    A new variant was out of stock before, and so was a deleted product."""
    if before is None:
        return []
    had, has = _stock(before), _stock(after)
    return sorted(name for name, there in has.items() if there and not had.get(name, False))


def _own_stock(held: Product, given: Mapping[str, Any], quantity: Stored | None) -> bool | None:
    """The stock last reported for the product itself: a flag outweighs a quantity of the same call. None if cleared."""
    if given.get("inStock") is not None:
        return bool(given["inStock"])
    if "inStock" in given or "inventoryQuantity" in given:
        return None if quantity is None else of_stored(quantity) > 0
    return held.get("toldInStock")


def _variant_stock(variant: Mapping[str, Any], of_product: bool | None) -> bool:
    """The variant's own flag, else its quantity, else the stock reported for the product."""
    if variant["toldInStock"] is not None:
        return bool(variant["toldInStock"])
    if variant["inventoryQuantity"] is not None:
        return of_stored(variant["inventoryQuantity"]) > 0
    return of_product is not False


def _stock(product: Product) -> dict[str, bool]:
    if product.get("deleted"):
        return {}
    return {part(None): product["inStock"]} | {part(it["variantId"]): it["inStock"] for it in product["variants"]}
