"""PATCH /api/public/v1/affiliate_sales/{id}: changes a sale and, at once, its earnings."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.growi import changes
from tributary.api.growi.dialect import DIALECT
from tributary.api.growi.requests.affiliate_sales import AffiliateSaleChange
from tributary.api.growi.responses import affiliate_sale_response
from tributary.api.growi.sales import SOURCE
from tributary.api.http import edge, requests
from tributary.domain import times

app = edge.resolver(DIALECT)


@app.patch("/api/public/v1/affiliate_sales/<record_id>")
def change_affiliate_sale(record_id: str) -> Response[str]:
    caller = requests.caller(app, "admin")
    requests.require_source(caller, SOURCE)
    asked, now = requests.body(app, AffiliateSaleChange), times.now()
    sale = changes.change(caller.organization, requests.path_id(record_id), asked, now)
    return edge.answer({"data": affiliate_sale_response(sale.transaction, sale.awards, now)})


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
