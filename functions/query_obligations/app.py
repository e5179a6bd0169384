"""GET /obligations, /obligations/{id}: what is owed to whom."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api import edge, requests, resources
from tributary.api.siren.resources import OBLIGATIONS
from tributary.ledger import awards, labels

app = edge.resolver()
SCOPE = "ledger:obligations:read"


@app.get("/siren/v1/obligations")
def list_obligations() -> Response[str]:
    return resources.many(app, OBLIGATIONS, requests.caller(app, SCOPE))


@app.get("/siren/v1/obligations/<record_id>")
def get_obligation(record_id: str) -> Response[str]:
    caller = requests.caller(app, SCOPE)
    obligation_id = requests.path_id(record_id)
    item = labels.find(caller.organization, awards.OBLIGATION, obligation_id)
    return resources.one(app, OBLIGATIONS, resources.visible(item, caller, obligation_id))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
