"""GET /customers; GET and DELETE /customers/{id}: a deletion erases personal data and leaves amounts."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.http import edge, requests
from tributary.api.lists import records
from tributary.api.siren.dialect import DIALECT
from tributary.api.siren.resources import CUSTOMERS
from tributary.ledger.catalogue import back_in_stock
from tributary.ledger.customers import customers

app = edge.resolver(DIALECT)
records.readable(app, "/siren/v1/customers", CUSTOMERS, requests.require_admin, customers.get)


@app.delete("/siren/v1/customers/<record_id>")
def erase_customer(record_id: str) -> Response[str]:
    caller = requests.require_admin(app)
    erased = customers.erase(caller.organization, requests.path_id(record_id))
    back_in_stock.forget(caller.organization, erased["listed"]["id"])
    return records.one(app, CUSTOMERS, erased)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
