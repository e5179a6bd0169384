"""POST /api/v1/checkouts: stores a checkout once, which is then announced."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.http import edge, requests
from tributary.api.sequenzy.checkouts import answer, report
from tributary.api.sequenzy.dialect import DIALECT
from tributary.api.sequenzy.requests.checkouts import CheckoutBody

app = edge.resolver(DIALECT)


@app.post("/api/v1/checkouts")
def report_checkout() -> Response[str]:
    caller = requests.caller(app, "event:sale")
    checkout = requests.body(app, CheckoutBody)
    return answer(checkout, *report(caller, checkout))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
