"""POST /v1/sales-events/batch: records up to 500 purchases and returns, each as `POST /v1/sales-events` would."""

from functools import partial
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api import batches, edge, requests
from tributary.api.noticia.forms import DIALECT
from tributary.api.noticia.sales_events import SalesEventBody, push, row_keys, seller

app = edge.resolver(DIALECT)


@app.post("/v1/sales-events/batch")
def import_sales_events() -> Response[str]:
    caller = seller(requests.caller(app, "event:sale"))
    return batches.answered(app, batches.Rows(SalesEventBody, partial(push, caller), row_keys))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
