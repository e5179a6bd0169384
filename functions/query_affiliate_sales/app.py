"""GET /api/public/v1/affiliate_sales, and /{id}: affiliate sales, their totals, and the changes of one."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.growi import pages, sales
from tributary.api.growi.dialect import DIALECT
from tributary.api.growi.requests.queries import AffiliateSalesQuery
from tributary.api.growi.responses import affiliate_sale_response, amendments_response
from tributary.api.growi.sales import SOURCE
from tributary.api.http import edge, requests
from tributary.api.lists.query import bracketed
from tributary.domain import times
from tributary.ledger.sales import amendments

app = edge.resolver(DIALECT)


@app.get("/api/public/v1/affiliate_sales")
def list_affiliate_sales() -> Response[str]:
    caller = requests.caller(app, "ledger:transactions:read")
    requests.require_source(caller, SOURCE)
    given = app.current_event.query_string_parameters or {}
    filled = {name: value for name, value in given.items() if value}
    query = requests.checked(AffiliateSalesQuery, filled, bracketed(given))
    return edge.exact_answer(pages.page(caller.organization, query, times.now()))


@app.get("/api/public/v1/affiliate_sales/<record_id>")
def get_affiliate_sale(record_id: str) -> Response[str]:
    caller = requests.caller(app, "ledger:transactions:read")
    requests.require_source(caller, SOURCE)
    number = requests.path_id(record_id)
    sale = sales.sale(caller.organization, number)
    history = amendments.history(caller.organization, number)
    response = affiliate_sale_response(sale.transaction, sale.awards, times.now())
    return edge.answer({"data": response, "changes": amendments_response(sale.transaction, history)})


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
