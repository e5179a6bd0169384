"""Products of a shop's catalogue."""

from typing import Any

from tributary.api.sequenzy.requests.fields import source_of
from tributary.api.sequenzy.requests.products import ProductsBody
from tributary.api.sequenzy.responses import product_response
from tributary.ledger.catalogue import products
from tributary.ledger.organization.api_keys import Principal


def upsert(caller: Principal, body: ProductsBody) -> dict[str, Any]:
    """Store the products; counts of all, created, updated and unchanged ones, and each product as it is now."""
    given = [(product.product_id, product.given) for product in body.products]
    done = products.upsert_many(caller.organization, source_of(caller), given)
    outcomes = [outcome for outcome, _ in done]
    counts = {name: outcomes.count(name) for name in ("created", "updated", "unchanged")}
    latest = {item["productId"]: item for _, item in done}
    return {"upserted": len(done), **counts, "products": [product_response(item) for item in latest.values()]}
