"""POST /api/v1/products stores products; GET lists them; GET and DELETE /api/v1/products/{productId} act on one."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.http import edge, requests
from tributary.api.sequenzy import product_pages
from tributary.api.sequenzy.dialect import DIALECT
from tributary.api.sequenzy.products import upsert
from tributary.api.sequenzy.requests.fields import source_of
from tributary.api.sequenzy.requests.products import ProductsBody
from tributary.api.sequenzy.responses import product_response
from tributary.ledger.catalogue import products

app = edge.resolver(DIALECT)


@app.post("/api/v1/products")
def put_products() -> Response[str]:
    caller = requests.caller(app, "admin")
    body = requests.body(app, ProductsBody)
    return edge.answer({"success": True, **upsert(caller, body)})


@app.get("/api/v1/products")
def list_products() -> Response[str]:
    caller = requests.caller(app, "admin")
    parameters = app.current_event.query_string_parameters or {}
    return edge.answer({"success": True, **product_pages.page(caller, parameters)})


@app.get("/api/v1/products/<product_id>")
def get_product(product_id: str) -> Response[str]:
    caller = requests.caller(app, "admin")
    found = products.existing(caller.organization, source_of(caller), product_id)
    return edge.answer({"success": True, "product": product_response(found)})


@app.delete("/api/v1/products/<product_id>")
def delete_product(product_id: str) -> Response[str]:
    caller = requests.caller(app, "admin")
    if not products.delete(caller.organization, source_of(caller), product_id):
        raise products.unknown(product_id)
    return edge.answer({"success": True, "deleted": True, "productId": product_id})


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
