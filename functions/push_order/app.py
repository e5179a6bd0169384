"""POST /api/v1/orders: stores an order update once; consumers of its event apply the effects."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.http import edge, requests
from tributary.api.sequenzy.dialect import DIALECT
from tributary.api.sequenzy.order_updates import push
from tributary.api.sequenzy.requests.orders import OrderPush

app = edge.resolver(DIALECT)


@app.post("/api/v1/orders")
def push_order() -> Response[str]:
    caller = requests.caller(app, "event:sale")
    return push(caller, requests.body(app, OrderPush)).response


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
