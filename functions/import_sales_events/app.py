"""POST /v1/sales-events/batch: records up to 500 purchases and returns, each as `POST /v1/sales-events` would."""

from functools import partial
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.batches import rows
from tributary.api.http import edge, requests
from tributary.api.noticia.dialect import DIALECT
from tributary.api.noticia.requests.sales_events import SalesEventBody
from tributary.api.noticia.sales_events import push, row_keys, seller

app = edge.resolver(DIALECT)


@app.post("/v1/sales-events/batch")
def import_sales_events() -> Response[str]:
    caller = seller(requests.caller(app, "event:sale"))
    return rows.answered(app, rows.Rows(SalesEventBody, partial(push, caller), row_keys))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
