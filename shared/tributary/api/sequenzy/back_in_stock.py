"""Back-in-stock requests."""

from tributary.api.sequenzy.requests.back_in_stock import BackInStockBody
from tributary.api.sequenzy.requests.fields import source_of
from tributary.domain import times
from tributary.domain.errors import NotFound
from tributary.ledger.catalogue import back_in_stock, products
from tributary.ledger.customers import customers
from tributary.ledger.customers.customers import Upserted
from tributary.ledger.organization.api_keys import Principal
from tributary.ledger.store.values import Item


def wait(caller: Principal, body: BackInStockBody) -> Upserted:
    """Record a back-in-stock request once; return the customer. NotFound for an unknown product or variant, before
    anything is written."""
    product = products.existing(caller.organization, source_of(caller), body.product_id)
    now = times.now()
    variant_id = _known(product, body.variant_id)
    whose = (caller.organization, body.customer.identity, body.customer.profile)
    buyer = customers.upsert(*whose, now, now=now, bound_to=caller.source)
    back_in_stock.wait(product, variant_id, buyer.customer_id, now)
    return buyer


def _known(product: Item, variant_id: str | None) -> str | None:
    """The variant, or None for the whole product. A product without variants is its own only variant, since shop
    systems name it so."""
    if variant_id is None or (variant_id == product["productId"] and not product["variants"]):
        return None
    if variant_id not in [variant["variantId"] for variant in product["variants"]]:
        raise NotFound("variantId: the product has no such variant.", {"variantId": variant_id[:64]})
    return variant_id
