"""POST /event/sale: records a sale once, by its source and external id."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.http import edge, requests
from tributary.api.siren.dialect import DIALECT
from tributary.api.siren.requests.sales import SaleReport
from tributary.api.siren.sales import record, sale_answer

app = edge.resolver(DIALECT)


@app.post("/siren/v1/event/sale")
def report_sale() -> Response[str]:
    caller = requests.caller(app, "event:sale")
    return sale_answer(app, record(caller, requests.body(app, SaleReport)))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
