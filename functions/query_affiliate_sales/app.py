"""GET /api/public/v1/affiliate_sales: sales that their callers said who brought, and what they sum up to."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api import edge, requests
from tributary.api.growi import listing
from tributary.api.growi.creating import SOURCE
from tributary.api.growi.forms import DIALECT
from tributary.api.growi.queries import AffiliateSalesQuery
from tributary.domain import times

app = edge.resolver(DIALECT)


@app.get("/api/public/v1/affiliate_sales")
def list_affiliate_sales() -> Response[str]:
    caller = requests.caller(app, "ledger:transactions:read")
    requests.bound(caller, SOURCE)
    given = app.current_event.query_string_parameters or {}
    query = requests.checked(AffiliateSalesQuery, {name: value for name, value in given.items() if value})
    return edge.answer(listing.page(caller.organization, query, times.now()))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
