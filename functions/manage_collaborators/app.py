"""GET and POST /collaborators; GET, PUT, PATCH and DELETE /collaborators/{id}; POST /collaborators/bulk; status-types
and generate-referral-code."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.http import edge, requests
from tributary.api.lists import records
from tributary.api.siren.dialect import DIALECT
from tributary.api.siren.registries import registry
from tributary.api.siren.requests.collaborators import CollaboratorBody, CollaboratorChange, CollaboratorsBulkBody
from tributary.api.siren.resources import COLLABORATORS
from tributary.domain.ids import random_id
from tributary.ledger.programs import bulk_changes, collaborators

app = edge.resolver(DIALECT)
records.readable(app, "/siren/v1/collaborators", COLLABORATORS, requests.require_admin, collaborators.get)


@app.post("/siren/v1/collaborators")
def create_collaborator() -> Response[str]:
    caller = requests.require_admin(app)
    body = requests.body(app, CollaboratorBody)
    body.require_programs(caller.organization)
    profile, codes, code = body.profile(whole=True), body.codes(), body.referral_code
    item = collaborators.create(caller.organization, random_id(), profile, codes, referral_code=code)
    return records.one(app, COLLABORATORS, item, status=201)


@app.post("/siren/v1/collaborators/bulk")
def change_collaborators() -> Response[str]:
    caller = requests.require_admin(app)
    asked = requests.body(app, CollaboratorsBulkBody)
    return edge.answer(bulk_changes.COLLABORATORS.each(caller.organization, asked.action, asked.ids).answer)


@app.get("/siren/v1/collaborators/status-types")
def status_types() -> Response[str]:
    requests.caller(app, "admin")
    return edge.answer(registry(collaborators.STATUSES))


@app.get("/siren/v1/collaborators/generate-referral-code")
def propose_referral_code() -> Response[str]:
    caller = requests.caller(app, "admin")
    return edge.answer({"code": collaborators.free_referral_code(caller.organization)})


@app.post("/siren/v1/collaborators/generate-referral-code")
def generate_referral_code() -> Response[str]:
    return propose_referral_code()


@app.patch("/siren/v1/collaborators/<record_id>")
@app.put("/siren/v1/collaborators/<record_id>")
def change_collaborator(record_id: str) -> Response[str]:
    caller = requests.require_admin(app)
    collaborator_id = requests.path_id(record_id)
    body = requests.body(app, CollaboratorChange)
    stored = records.visible(collaborators.get(caller.organization, collaborator_id), caller, collaborator_id)
    body.require_programs(caller.organization, stored["listed"]["programs"])
    profile, codes, code = body.profile(whole=False), body.codes(), body.referral_code
    return records.one(app, COLLABORATORS, collaborators.change(stored, profile, codes, referral_code=code))


@app.delete("/siren/v1/collaborators/<record_id>")
def delete_collaborator(record_id: str) -> Response[str]:
    caller = requests.require_admin(app)
    collaborator_id = requests.path_id(record_id)
    stored = records.visible(collaborators.get(caller.organization, collaborator_id), caller, collaborator_id)
    return records.deleted(app, COLLABORATORS, bulk_changes.COLLABORATORS.delete(stored))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
