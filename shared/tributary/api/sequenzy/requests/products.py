"""Products as shops send them."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from tributary.api.http.fields import Currency, LongText, RequestBody, Text, TextOrNumber, refuse, takes
from tributary.api.sequenzy.requests.attributes import Attributes
from tributary.api.sequenzy.requests.fields import Cents, OptionalText
from tributary.domain.money import MAX_MINOR
from tributary.ledger.store.values import Item

MAX_PRODUCTS = MAX_VARIANTS = 100

_MAX_DAYS = 3650


#: Shops that sell more than they have count below zero.
Quantity = Annotated[int, Field(ge=-MAX_MINOR, le=MAX_MINOR)]


@takes(uniqueItems=True)
def _each_once(variants: Sequence["VariantBody"]) -> Sequence["VariantBody"]:
    named = [variant.variant_id for variant in variants]
    for place, name in enumerate(named):
        if name in named[:place]:
            raise refuse("FORMAT", "has a variantId that stands before it.", field=place)
    return variants


class VariantBody(RequestBody):
    """A variant, whole: what is left out is not known. Without stock of its own it is as its product is."""

    variant_id: TextOrNumber
    title: LongText | None = None
    sku: OptionalText = None
    price_cents: Cents | None = None
    in_stock: bool | None = None
    inventory_quantity: Quantity | None = None

    def kept(self) -> Item:
        return {
            "variantId": self.variant_id,
            "title": self.title,
            "sku": self.sku,
            "priceCents": self.price_cents,
            "toldInStock": self.in_stock,
            "inventoryQuantity": self.inventory_quantity,
        }


class ReplenishmentBody(RequestBody):
    """When whoever bought the product is reminded: so many days after the order, for any variant or for the same."""

    days: Annotated[int, Field(ge=1, le=_MAX_DAYS)]
    match: Literal["product", "variant"] = "product"


Tags = Annotated[list[Text], Field(max_length=100)]


class ProductBody(RequestBody):
    """A product, by its id. What is left out stays as it is; null clears; lists and attributes are replaced whole."""

    product_id: TextOrNumber
    title: Text | None = None
    url: LongText | None = None
    image_url: LongText | None = None
    price_cents: Cents | None = None
    currency: Currency | None = None
    in_stock: bool | None = None
    inventory_quantity: Quantity | None = None
    variants: Annotated[list[VariantBody], Field(max_length=MAX_VARIANTS), AfterValidator(_each_once)] | None = None
    tags: Tags | None = None
    categories: Tags | None = None
    attributes: Attributes | None = None
    replenishment: ReplenishmentBody | None = None

    @property
    def given(self) -> dict[str, Any]:
        """What was said, null too."""
        said = self.model_dump(by_alias=True, include=self.model_fields_set - {"product_id", "variants"})
        if "variants" in self.model_fields_set:
            said["variants"] = None if self.variants is None else [variant.kept() for variant in self.variants]
        return said


class ProductsBody(RequestBody):
    """Up to a hundred products. One that stands twice is changed twice, in their order."""

    products: Annotated[list[ProductBody], Field(min_length=1, max_length=MAX_PRODUCTS)]
