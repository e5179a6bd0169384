"""GET and POST /api-keys; DELETE /api-keys/{id} revokes; GET /audit."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.http import edge, requests
from tributary.api.lists import records
from tributary.api.siren.dialect import DIALECT
from tributary.api.siren.requests.access import WITHOUT_SCOPES, ApiKeyBody
from tributary.api.siren.resources import API_KEYS, AUDIT
from tributary.ledger.organization import api_keys

app = edge.resolver(DIALECT, keeps_answers=False)


@app.get("/siren/v1/api-keys")
def list_api_keys() -> Response[str]:
    return records.many(app, API_KEYS, requests.require_admin_key(app))


@app.get("/siren/v1/audit")
def list_audit() -> Response[str]:
    return records.many(app, AUDIT, requests.require_admin(app))


@app.post("/siren/v1/api-keys")
def create_api_key() -> Response[str]:
    caller = requests.require_admin_key(app)
    body = requests.body(app, ApiKeyBody)
    created = api_keys.create(caller.organization, body.label, body.scopes, body.expires_at, body.source)
    named = "scopes" in body.model_fields_set
    return edge.answer(created if named else created | {"message": WITHOUT_SCOPES}, 201)


@app.delete("/siren/v1/api-keys/<record_id>")
def revoke_api_key(record_id: str) -> Response[str]:
    caller = requests.require_admin_key(app)
    return edge.answer(api_keys.revoke(caller.organization, requests.path_id(record_id)))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
