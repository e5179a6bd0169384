"""Products as shops send them."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from tributary.api.http.bodies import RequestBody
from tributary.api.http.fields import (
    WHOLE,
    Amount,
    Currency,
    LongText,
    Minor,
    Moment,
    NameOrNumber,
    Text,
    TextOrNumber,
    without_blanks,
)
from tributary.api.http.inputs.taken import refuse, takes
from tributary.api.sequenzy.requests.attributes import Attributes
from tributary.domain.money import MAX_MINOR
from tributary.domain.quantity import MOST_IN_STOCK, PLACES, Stored, stored
from tributary.ledger.store.values import Item

MAX_PRODUCTS = MAX_VARIANTS = 100

_MAX_DAYS = 3650
_MAX_OPTIONS = 20
#: Characters; the whole product has a limit of its own.
_MAX_DESCRIPTION = 40_000


@takes(minimum=-MAX_MINOR, maximum=MAX_MINOR, description="Units; may have decimals, as of goods by weight.")
def _in_stock(value: Decimal) -> Decimal:
    most = MAX_MINOR if value == int(value) else MOST_IN_STOCK
    if value < -most:
        raise refuse("MIN", f"must be at least {-most}.", min=-most)
    if value > most:
        raise refuse("MAX", f"must be at most {most}.", max=most)
    if value != round(value, PLACES):
        raise refuse("FORMAT", f"must have at most {PLACES} decimals.")
    return value.normalize()


#: Below zero for shops that oversell.
Stock = Annotated[Amount, AfterValidator(_in_stock)]


def _kept(stock: Decimal | None) -> Stored | None:
    return None if stock is None else stored(stock)


@takes(uniqueItems=True)
def _each_once(variants: Sequence["VariantBody"]) -> Sequence["VariantBody"]:
    named = [variant.variant_id for variant in variants]
    for place, name in enumerate(named):
        if name in named[:place]:
            raise refuse("FORMAT", "repeats a variantId.", field=place)
    return variants


class OptionBody(RequestBody):
    """A choice that a variant stands for, such as its size."""

    name: Text
    value: Text


class VariantBody(RequestBody):
    """A whole variant: absent members are unknown. Without stock of its own it has its product's."""

    variant_id: NameOrNumber
    title: LongText | None = None
    sku: TextOrNumber | None = None
    image_url: LongText | None = None
    price_cents: Minor | None = None
    compare_at_price_cents: Minor | None = None
    currency: Currency | None = None
    options: Annotated[list[OptionBody], Field(max_length=_MAX_OPTIONS)] = []
    in_stock: bool | None = None
    inventory_quantity: Stock | None = None

    def kept(self) -> Item:
        return {
            "variantId": self.variant_id,
            "title": self.title,
            "sku": self.sku,
            "imageUrl": self.image_url,
            "priceCents": self.price_cents,
            "compareAtPriceCents": self.compare_at_price_cents,
            "currency": self.currency,
            "options": [option.model_dump() for option in self.options],
            "toldInStock": self.in_stock,
            "inventoryQuantity": _kept(self.inventory_quantity),
        }


class ReplenishmentBody(RequestBody):
    """The reminder to buy again: days after the order, for any variant or the same one."""

    days: Annotated[int, Field(ge=1, le=_MAX_DAYS), WHOLE]
    match: Literal["product", "variant"] = "product"


Tags = Annotated[list[Text], Field(max_length=100), BeforeValidator(without_blanks)]


class ProductBody(RequestBody):
    """A product, by its id. Absent members stay unchanged; null clears; lists and attributes are replaced whole."""

    product_id: NameOrNumber
    title: Text | None = None
    description: Annotated[str, Field(max_length=_MAX_DESCRIPTION)] | None = None
    url: LongText | None = None
    image_url: LongText | None = None
    price_cents: Minor | None = None
    compare_at_price_cents: Minor | None = None
    currency: Currency | None = None
    provider_created_at: Moment | None = None
    in_stock: bool | None = None
    inventory_quantity: Stock | None = None
    variants: Annotated[list[VariantBody], Field(max_length=MAX_VARIANTS), AfterValidator(_each_once)] | None = None
    tags: Tags | None = None
    categories: Tags | None = None
    attributes: Attributes | None = None
    replenishment: ReplenishmentBody | None = None

    @property
    def given(self) -> dict[str, Any]:
        """Reported members, null included."""
        said = self.model_dump(by_alias=True, include=self.model_fields_set - {"product_id", "variants"})
        if "variants" in self.model_fields_set:
            said["variants"] = None if self.variants is None else [variant.kept() for variant in self.variants]
        if "inventory_quantity" in self.model_fields_set:
            said["inventoryQuantity"] = _kept(self.inventory_quantity)
        return said


class ProductsBody(RequestBody):
    """Up to a hundred products. A duplicate is changed twice, in order."""

    products: Annotated[list[ProductBody], Field(min_length=1, max_length=MAX_PRODUCTS)]
