"""GET /opportunities, /opportunities/{id}, /engagements, /engagements/{id}; POST /opportunities/{id}/invalidate."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.http import edge, requests
from tributary.api.lists import records
from tributary.api.siren.dialect import DIALECT
from tributary.api.siren.resources import ENGAGEMENTS, OPPORTUNITIES
from tributary.ledger.opportunities import engagements, opportunities
from tributary.ledger.store import id_index

app = edge.resolver(DIALECT)
SCOPE = "ledger:conversions:read"


@app.get("/siren/v1/opportunities")
def list_opportunities() -> Response[str]:
    return records.many(app, OPPORTUNITIES, requests.caller(app, SCOPE))


@app.get("/siren/v1/opportunities/<record_id>")
def get_opportunity(record_id: str) -> Response[str]:
    caller = requests.caller(app, SCOPE)
    opportunity_id = requests.path_id(record_id)
    item = opportunities.get(caller.organization, opportunity_id)
    return records.one(app, OPPORTUNITIES, records.visible(item, caller, opportunity_id))


@app.post("/siren/v1/opportunities/<record_id>/invalidate")
def invalidate_opportunity(record_id: str) -> Response[str]:
    caller = requests.require_admin(app)
    item = opportunities.invalidate(caller.organization, requests.path_id(record_id))
    return records.one(app, OPPORTUNITIES, item)


@app.get("/siren/v1/engagements")
def list_engagements() -> Response[str]:
    return records.many(app, ENGAGEMENTS, requests.caller(app, SCOPE))


@app.get("/siren/v1/engagements/<record_id>")
def get_engagement(record_id: str) -> Response[str]:
    caller = requests.caller(app, SCOPE)
    engagement_id = requests.path_id(record_id)
    item = id_index.find(caller.organization, engagements.KIND, engagement_id)
    return records.one(app, ENGAGEMENTS, records.visible(item, caller, engagement_id))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
