"""GET /v1/sales-events, newest first; GET /v1/sales-events/{id}, by its own id or its external id."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.http import edge, requests
from tributary.api.noticia import pages
from tributary.api.noticia.dialect import DIALECT
from tributary.api.noticia.responses import sales_event_response, whole_sales_event_text
from tributary.api.noticia.sales_events import seller
from tributary.domain.errors import NotFound
from tributary.ledger.customers import customers
from tributary.ledger.orders import sales_events
from tributary.ledger.store.lists import of_kind, of_parent

app = edge.resolver(DIALECT)


@app.get("/v1/sales-events")
def list_sales_events() -> Response[str]:
    organization = seller(requests.caller(app, "event:sale")).organization
    filters = pages.read(app, "type", "store_id", "profile_id")
    partitions = of_kind(organization, sales_events.KIND)
    if "profile_id" in filters:
        customer_id = customers.id_of(organization, filters["profile_id"]) or 0
        partitions = of_parent(organization, sales_events.KIND, customer_id)

    def accept(listed: pages.Listed) -> bool:
        stores = (listed["storeId"], listed["storeExternalId"])
        return filters.get("type", listed["type"]) == listed["type"] and filters.get("store_id", stores[0]) in stores

    return pages.many(app, organization, partitions, sales_event_response, filters, accept)


@app.get("/v1/sales-events/<record_id>")
def get_sales_event(record_id: str) -> Response[str]:
    caller = seller(requests.caller(app, "event:sale"))
    item = sales_events.find(caller.organization, record_id)
    if item is None:
        raise NotFound("There is no such sales event.", {"id": record_id[:64]})
    return Response(200, "application/json", whole_sales_event_text(item))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
