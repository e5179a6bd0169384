"""POST /event/sale-changed: records an edit of a sale; effects follow on the bus."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.http import edge, requests
from tributary.api.siren.dialect import DIALECT
from tributary.api.siren.requests.sale_changes import SaleChangeReport
from tributary.api.siren.sale_changes import change, change_answer

app = edge.resolver(DIALECT)


@app.post("/siren/v1/event/sale-changed")
def change_sale() -> Response[str]:
    caller = requests.caller(app, "event:sale")
    return change_answer(app, change(caller, requests.body(app, SaleChangeReport)))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
