"""GET and POST /distributors; GET, PUT, PATCH, DELETE of one; POST /distributors/credit-metric; GET /distributions,
/distributions/{id}."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.http import edge, requests
from tributary.api.lists import records
from tributary.api.siren.dialect import DIALECT
from tributary.api.siren.owed import distributors
from tributary.api.siren.requests.owed.distributors import DistributorBody, DistributorChange, MetricBody
from tributary.api.siren.resources import DISTRIBUTIONS, DISTRIBUTORS
from tributary.ledger.distributions import distributions
from tributary.ledger.distributions.distributors import get

app = edge.resolver(DIALECT)
SCOPE = "ledger:obligations:read"
records.readable(app, "/siren/v1/distributors", DISTRIBUTORS, requests.require_admin, get)
records.readable(app, "/siren/v1/distributions", DISTRIBUTIONS, requests.of_the_whole(SCOPE), distributions.get)


@app.post("/siren/v1/distributors")
def create_distributor() -> Response[str]:
    caller, body = requests.require_admin(app), requests.body(app, DistributorBody)
    return records.one(app, DISTRIBUTORS, distributors.create(caller.organization, body), 201)


@app.put("/siren/v1/distributors/<record_id>")
@app.patch("/siren/v1/distributors/<record_id>")
def change_distributor(record_id: str) -> Response[str]:
    caller, number = requests.require_admin(app), requests.path_id(record_id)
    body = requests.body(app, DistributorChange)
    return records.one(app, DISTRIBUTORS, distributors.change(caller.organization, number, body))


@app.delete("/siren/v1/distributors/<record_id>")
def delete_distributor(record_id: str) -> Response[str]:
    caller = requests.require_admin(app)
    item = distributors.delete(caller.organization, requests.path_id(record_id))
    return edge.no_content() if item is None else records.one(app, DISTRIBUTORS, item)


@app.post("/siren/v1/distributors/credit-metric")
def credit_metric() -> Response[str]:
    caller, body = requests.require_admin(app), requests.body(app, MetricBody)
    return distributors.credit(caller.organization, body)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
