"""GET /api/v1/orders/{orderId}, /jobs/{jobId}, /subscribers/{email}: the state of pushed orders and their customers."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.http import edge, requests
from tributary.api.sequenzy.dialect import DIALECT
from tributary.api.sequenzy.orders import job_read, order_read
from tributary.api.sequenzy.subscribers import subscriber

app = edge.resolver(DIALECT)


@app.get("/api/v1/orders/<order_id>")
def get_order(order_id: str) -> Response[str]:
    caller = requests.caller(app, "event:sale")
    return edge.answer({"success": True, "order": order_read(caller, order_id)})


@app.get("/api/v1/jobs/<job_id>")
def get_job(job_id: str) -> Response[str]:
    caller = requests.caller(app, "event:sale")
    return edge.answer({"success": True, "job": job_read(caller, job_id)})


@app.get("/api/v1/subscribers/<email>")
def get_subscriber(email: str) -> Response[str]:
    caller = requests.require_admin(app)
    return edge.answer({"success": True, "subscriber": subscriber(caller.organization, email)})


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
