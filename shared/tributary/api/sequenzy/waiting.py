"""Customers who wait for a product."""

from tributary.api.fields import RequestBody, TextOrNumber
from tributary.api.sequenzy.customers import CustomerReport
from tributary.api.sequenzy.fields import OptionalText, source_of
from tributary.domain import times
from tributary.domain.errors import NotFound
from tributary.ledger import back_in_stock, customers, products
from tributary.ledger.api_keys import Principal
from tributary.ledger.values import Item


class BackInStockBody(RequestBody):
    """Who waits for a product, or for one of its variants."""

    product_id: TextOrNumber
    variant_id: OptionalText = None
    customer: CustomerReport


def wait(caller: Principal, body: BackInStockBody) -> None:
    """Notes who waits, once. NotFound for a product or a variant that the catalogue does not have; then nothing is
    written."""
    product = products.existing(caller.organization, source_of(caller), body.product_id)
    now = times.now()
    if body.variant_id is not None:
        _known(product, body.variant_id)
    whose = (caller.organization, body.customer.identity, body.customer.profile)
    back_in_stock.wait(product, body.variant_id, customers.upsert(*whose, now, now=now), now)


def _known(product: Item, variant_id: str) -> None:
    if variant_id not in [variant["variantId"] for variant in product["variants"]]:
        raise NotFound("variantId: the product has no such variant.", {"variantId": variant_id[:64]})
