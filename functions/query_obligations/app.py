"""GET /obligations, /obligations/{id}, /obligations/{id}/explanation."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.http import edge, requests
from tributary.api.lists import records
from tributary.api.siren.dialect import DIALECT
from tributary.api.siren.resources import OBLIGATIONS
from tributary.ledger.earnings import awards, explanations
from tributary.ledger.store import id_index

app = edge.resolver(DIALECT)
SCOPE = "ledger:obligations:read"
records.readable(app, "/siren/v1/obligations", OBLIGATIONS, requests.with_scope(SCOPE))


@app.get("/siren/v1/obligations/<record_id>/explanation")
def explain(record_id: str) -> Response[str]:
    caller = requests.caller(app, SCOPE)
    obligation_id = requests.path_id(record_id)
    item = records.visible(id_index.find(caller.organization, awards.OBLIGATION, obligation_id), caller, obligation_id)
    return edge.answer(explanations.of_obligation(item))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
