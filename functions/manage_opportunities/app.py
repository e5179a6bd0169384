"""GET /opportunities, /opportunities/{id}, /engagements, /engagements/{id}; POST /opportunities/{id}/invalidate."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.http import edge, requests
from tributary.api.lists import records
from tributary.api.siren.dialect import DIALECT
from tributary.api.siren.resources import ENGAGEMENTS, OPPORTUNITIES
from tributary.ledger.opportunities import opportunities

app = edge.resolver(DIALECT)
SCOPE = "ledger:conversions:read"
records.readable(app, "/siren/v1/opportunities", OPPORTUNITIES, requests.with_scope(SCOPE), opportunities.get)
records.readable(app, "/siren/v1/engagements", ENGAGEMENTS, requests.with_scope(SCOPE))


@app.post("/siren/v1/opportunities/<record_id>/invalidate")
def invalidate_opportunity(record_id: str) -> Response[str]:
    caller = requests.require_admin(app)
    item = opportunities.invalidate(caller.organization, requests.path_id(record_id))
    return records.one(app, OPPORTUNITIES, item)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
