"""POST /api/v1/back-in-stock: records a request to be notified of a restock."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.http import edge, requests
from tributary.api.sequenzy.back_in_stock import wait
from tributary.api.sequenzy.dialect import DIALECT
from tributary.api.sequenzy.requests.back_in_stock import BackInStockBody
from tributary.api.sequenzy.requests.fields import left_out_members

app = edge.resolver(DIALECT)


@app.post("/api/v1/back-in-stock")
def await_product() -> Response[str]:
    caller = requests.caller(app, "event:sale")
    body = requests.body(app, BackInStockBody)
    buyer = wait(caller, body)
    asked = {"subscriberId": str(buyer.customer_id), "productId": body.product_id, "variantId": body.variant_id}
    return edge.answer({"success": True, "queued": True, **asked, **left_out_members(buyer.left_out)}, 202)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
