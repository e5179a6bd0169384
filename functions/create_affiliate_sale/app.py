"""POST /api/public/v1/affiliate_sales: records a sale that its caller says who brought, and decides what that earns."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api import edge, requests
from tributary.api.growi import creating
from tributary.api.growi.answers import shown
from tributary.api.growi.bodies import AffiliateSaleBody, missing
from tributary.api.growi.forms import DIALECT
from tributary.domain import times
from tributary.ledger import affiliate_sales

app = edge.resolver(DIALECT)


@app.post("/api/public/v1/affiliate_sales")
def create_affiliate_sale() -> Response[str]:
    caller = requests.caller(app, "event:sale")
    requests.bound(caller, creating.SOURCE)
    report, now = requests.body(app, AffiliateSaleBody, missing), times.now()
    transaction = creating.create(caller.organization, report, now)
    sale = affiliate_sales.of_report(transaction)
    return edge.answer({"data": shown(transaction, sale.awards, now)}, 201)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
