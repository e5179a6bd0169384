"""POST /v1/sales-events: records a purchase or a return once, by its external id."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.http import edge, requests
from tributary.api.noticia.dialect import DIALECT
from tributary.api.noticia.requests.sales_events import SalesEventBody
from tributary.api.noticia.sales_events import push, seller

app = edge.resolver(DIALECT)


@app.post("/v1/sales-events")
def push_sales_event() -> Response[str]:
    caller = seller(requests.caller(app, "event:sale"))
    return push(caller, requests.body(app, SalesEventBody)).response


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
