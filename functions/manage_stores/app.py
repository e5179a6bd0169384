"""POST /v1/stores creates or changes a store by its external id; GET /v1/stores; GET /v1/stores/{id}."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.http import edge, requests
from tributary.api.noticia import pages
from tributary.api.noticia.dialect import DIALECT
from tributary.api.noticia.requests.stores import StoreBody
from tributary.api.noticia.responses import store_response
from tributary.domain.errors import NotFound
from tributary.ledger.orders import stores
from tributary.ledger.store.lists import of_kind

app = edge.resolver(DIALECT)


@app.post("/v1/stores")
def put_store() -> Response[str]:
    caller = requests.require_admin(app)
    body = requests.body(app, StoreBody)
    item, created = stores.upsert(caller.organization, body.external_id, body.given)
    return edge.answer(store_response(item["listed"]), 201 if created else 200)


@app.get("/v1/stores")
def list_stores() -> Response[str]:
    organization = requests.require_admin(app).organization
    return pages.many(app, organization, of_kind(organization, stores.KIND), store_response, {})


@app.get("/v1/stores/<record_id>")
def get_store(record_id: str) -> Response[str]:
    item = stores.get(requests.require_admin(app).organization, record_id)
    if item is None:
        raise NotFound("There is no such store.", {"id": record_id[:64]})
    return edge.answer(store_response(item["listed"]))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
