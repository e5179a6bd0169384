"""GET and POST /program-groups; GET, PUT, PATCH and DELETE /program-groups/{id}; POST /program-groups/bulk."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.http import edge, requests
from tributary.api.lists import records
from tributary.api.siren.dialect import DIALECT
from tributary.api.siren.requests.programs import ProgramGroupBody, ProgramGroupChange, ProgramGroupsBulkBody
from tributary.api.siren.resources import PROGRAM_GROUPS
from tributary.domain.ids import random_id
from tributary.ledger.programs import bulk_changes, program_groups

app = edge.resolver(DIALECT)
records.readable(app, "/siren/v1/program-groups", PROGRAM_GROUPS, requests.require_admin, program_groups.get)


@app.post("/siren/v1/program-groups")
def create_program_group() -> Response[str]:
    caller = requests.require_admin(app)
    settings = requests.body(app, ProgramGroupBody).settings(whole=True)
    item = program_groups.create(caller.organization, random_id(), settings)
    return records.one(app, PROGRAM_GROUPS, item, status=201)


@app.post("/siren/v1/program-groups/bulk")
def delete_program_groups() -> Response[str]:
    caller = requests.require_admin(app)
    asked = requests.body(app, ProgramGroupsBulkBody)
    return edge.answer(bulk_changes.delete_groups(caller.organization, asked.ids).answer)


@app.patch("/siren/v1/program-groups/<record_id>")
@app.put("/siren/v1/program-groups/<record_id>")
def change_program_group(record_id: str) -> Response[str]:
    caller = requests.require_admin(app)
    group_id = requests.path_id(record_id)
    change = requests.body(app, ProgramGroupChange)
    stored = records.visible(program_groups.get(caller.organization, group_id), caller, group_id)
    return records.one(app, PROGRAM_GROUPS, program_groups.change(stored, change.settings(whole=False)))


@app.delete("/siren/v1/program-groups/<record_id>")
def delete_program_group(record_id: str) -> Response[str]:
    caller = requests.require_admin(app)
    group_id = requests.path_id(record_id)
    program_groups.delete(records.visible(program_groups.get(caller.organization, group_id), caller, group_id))
    return edge.no_content()


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
