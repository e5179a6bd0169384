"""POST /api/v1/orders: keeps a notice of an order once; what follows from it is done by those who hear of it."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api import edge, requests
from tributary.api.sequenzy.forms import DIALECT
from tributary.api.sequenzy.orders import OrderPush
from tributary.api.sequenzy.pushing import push

app = edge.resolver(DIALECT)


@app.post("/api/v1/orders")
def push_order() -> Response[str]:
    caller = requests.caller(app, "event:sale")
    return push(caller, requests.body(app, OrderPush)).response


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
