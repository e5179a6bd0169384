"""POST /api/v1/orders/batch: stores up to 500 order updates, each as `POST /api/v1/orders` would."""

from functools import partial
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.batches import rows
from tributary.api.http import edge, requests
from tributary.api.sequenzy.dialect import DIALECT
from tributary.api.sequenzy.order_updates import push, row_keys
from tributary.api.sequenzy.requests.orders import OrderPush

app = edge.resolver(DIALECT)


@app.post("/api/v1/orders/batch")
def import_orders() -> Response[str]:
    caller = requests.caller(app, "event:sale")
    return rows.answered(app, rows.Rows(OrderPush, partial(push, caller), row_keys), 202, success=True)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
