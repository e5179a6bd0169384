"""POST /obligations, /obligations/bulk; PUT and DELETE /obligations/{id}."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.http import edge, requests
from tributary.api.lists import records
from tributary.api.siren.dialect import DIALECT
from tributary.api.siren.owed import obligations
from tributary.api.siren.requests.owed.obligations import ObligationBody, ObligationChange, ObligationsBody
from tributary.api.siren.resources import OBLIGATIONS
from tributary.ledger.earnings import obligations_by_hand

app = edge.resolver(DIALECT)


@app.post("/siren/v1/obligations")
def create_obligation() -> Response[str]:
    caller, body = requests.require_admin(app), requests.body(app, ObligationBody)
    return records.one(app, OBLIGATIONS, obligations.create(caller.organization, body), 201)


@app.post("/siren/v1/obligations/bulk")
def act_on_obligations() -> Response[str]:
    caller = requests.caller(app, "admin")
    asked = requests.body(app, ObligationsBody)
    done = obligations_by_hand.act_on_all(caller.organization, asked.action, asked.ids, caller.source)
    return edge.answer(done.answer)


@app.put("/siren/v1/obligations/<record_id>")
def change_obligation(record_id: str) -> Response[str]:
    caller, body = requests.require_admin(app), requests.body(app, ObligationChange)
    return records.one(app, OBLIGATIONS, obligations.change(caller.organization, requests.path_id(record_id), body))


@app.delete("/siren/v1/obligations/<record_id>")
def delete_obligation(record_id: str) -> Response[str]:
    caller = requests.require_admin(app)
    item = obligations.delete(caller.organization, requests.path_id(record_id))
    return edge.no_content() if item is None else records.one(app, OBLIGATIONS, item)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
