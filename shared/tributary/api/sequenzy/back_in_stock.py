"""Back-in-stock requests."""

from tributary.api.sequenzy.requests.back_in_stock import BackInStockBody
from tributary.api.sequenzy.requests.fields import source_of
from tributary.domain import times
from tributary.domain.errors import NotFound
from tributary.ledger.catalogue import back_in_stock, products
from tributary.ledger.customers import customers
from tributary.ledger.organization.api_keys import Principal
from tributary.ledger.store.values import Item


def wait(caller: Principal, body: BackInStockBody) -> None:
    """Record a back-in-stock request once. NotFound for an unknown product or variant, before anything is written."""
    product = products.existing(caller.organization, source_of(caller), body.product_id)
    now = times.now()
    if body.variant_id is not None:
        _known(product, body.variant_id)
    whose = (caller.organization, body.customer.identity, body.customer.profile)
    back_in_stock.wait(product, body.variant_id, customers.upsert(*whose, now, now=now), now)


def _known(product: Item, variant_id: str) -> None:
    if variant_id not in [variant["variantId"] for variant in product["variants"]]:
        raise NotFound("variantId: the product has no such variant.", {"variantId": variant_id[:64]})
