"""POST /event/sale/batch: records up to 500 sales, each as `POST /event/sale` would."""

from functools import partial
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.batches import rows
from tributary.api.http import edge, requests
from tributary.api.siren.dialect import DIALECT
from tributary.api.siren.requests.sales import SaleReport
from tributary.api.siren.sales import row, row_keys

app = edge.resolver(DIALECT)


@app.post("/siren/v1/event/sale/batch")
def import_sales() -> Response[str]:
    caller = requests.caller(app, "event:sale")
    return rows.answered(app, rows.Rows(SaleReport, partial(row, caller), row_keys))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
