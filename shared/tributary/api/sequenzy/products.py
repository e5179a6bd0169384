"""Products of a shop's catalogue."""

from tributary.api.sequenzy.requests.fields import source_of
from tributary.api.sequenzy.requests.products import ProductsBody
from tributary.ledger.catalogue import products
from tributary.ledger.organization.api_keys import Principal


def upsert(caller: Principal, body: ProductsBody) -> dict[str, int]:
    """Store the products; counts of all, created, updated and unchanged ones."""
    given = [(product.product_id, product.given) for product in body.products]
    done = products.upsert_many(caller.organization, source_of(caller), given)
    return {"upserted": len(done)} | {name: done.count(name) for name in ("created", "updated", "unchanged")}
