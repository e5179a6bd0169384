"""POST /v1/sales-events: records a purchase or a return once, by its external id."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api import edge, requests
from tributary.api.noticia.forms import DIALECT
from tributary.api.noticia.sales_events import SalesEventBody, seller, whole
from tributary.domain import times
from tributary.ledger import sales_events

app = edge.resolver(DIALECT)


@app.post("/v1/sales-events")
def push_sales_event() -> Response[str]:
    caller = seller(requests.caller(app, "event:sale"))
    body, now = requests.body(app, SalesEventBody), times.now()
    event = body.to_event(caller.organization, now)
    recorded = sales_events.record(caller.organization, event, body.store_id, body.profile_id, now)
    return Response(201 if recorded.created else 200, "application/json", whole(recorded.item))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
