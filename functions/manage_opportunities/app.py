"""GET /opportunities, /opportunities/{id}, /engagements, /engagements/{id}; POST /opportunities/{id}/invalidate."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api import edge, requests, resources
from tributary.api.siren.resources import ENGAGEMENTS, OPPORTUNITIES
from tributary.ledger import engagements, labels, opportunities

app = edge.resolver()
SCOPE = "ledger:conversions:read"


@app.get("/siren/v1/opportunities")
def list_opportunities() -> Response[str]:
    return resources.many(app, OPPORTUNITIES, requests.caller(app, SCOPE))


@app.get("/siren/v1/opportunities/<record_id>")
def get_opportunity(record_id: str) -> Response[str]:
    caller = requests.caller(app, SCOPE)
    opportunity_id = requests.path_id(record_id)
    item = opportunities.get(caller.organization, opportunity_id)
    return resources.one(app, OPPORTUNITIES, resources.visible(item, caller, opportunity_id))


@app.post("/siren/v1/opportunities/<record_id>/invalidate")
def invalidate_opportunity(record_id: str) -> Response[str]:
    caller = requests.manager(app)
    item = opportunities.invalidate(caller.organization, requests.path_id(record_id))
    return resources.one(app, OPPORTUNITIES, item)


@app.get("/siren/v1/engagements")
def list_engagements() -> Response[str]:
    return resources.many(app, ENGAGEMENTS, requests.caller(app, SCOPE))


@app.get("/siren/v1/engagements/<record_id>")
def get_engagement(record_id: str) -> Response[str]:
    caller = requests.caller(app, SCOPE)
    engagement_id = requests.path_id(record_id)
    item = labels.find(caller.organization, engagements.KIND, engagement_id)
    return resources.one(app, ENGAGEMENTS, resources.visible(item, caller, engagement_id))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
