"""GET and POST /programs; GET, PUT, PATCH and DELETE /programs/{id}; POST /programs/bulk; GET /programs/status-types,
incentive-types, currency-types."""

from collections.abc import Iterable
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.http import edge, requests
from tributary.api.lists import records
from tributary.api.siren.dialect import DIALECT
from tributary.api.siren.registries import registry
from tributary.api.siren.requests.programs import ProgramBody, ProgramChange, ProgramsBulkBody
from tributary.api.siren.resources import PROGRAMS
from tributary.domain import program
from tributary.domain.ids import random_id
from tributary.domain.incentives import INCENTIVES
from tributary.domain.money import CURRENCIES
from tributary.ledger.programs import bulk_changes, programs

app = edge.resolver(DIALECT)
records.readable(app, "/siren/v1/programs", PROGRAMS, requests.require_admin, programs.get)


@app.post("/siren/v1/programs")
def create_program() -> Response[str]:
    caller = requests.require_admin(app)
    settings = requests.body(app, ProgramBody).settings()
    return records.one(app, PROGRAMS, programs.create(caller.organization, random_id(), settings), status=201)


@app.get("/siren/v1/programs/status-types")
def status_types() -> Response[str]:
    return _registry(program.STATUSES)


@app.get("/siren/v1/programs/incentive-types")
def incentive_types() -> Response[str]:
    return _registry(INCENTIVES)


@app.get("/siren/v1/programs/currency-types")
def currency_types() -> Response[str]:
    return _registry(sorted(CURRENCIES))


def _registry(ids: Iterable[str]) -> Response[str]:
    requests.caller(app, "admin")
    return edge.answer(registry(ids))


@app.post("/siren/v1/programs/bulk")
def change_programs() -> Response[str]:
    caller = requests.require_admin(app)
    asked = requests.body(app, ProgramsBulkBody)
    return edge.answer(bulk_changes.PROGRAMS.each(caller.organization, asked.action, asked.ids).answer)


@app.patch("/siren/v1/programs/<record_id>")
@app.put("/siren/v1/programs/<record_id>")
def change_program(record_id: str) -> Response[str]:
    caller = requests.require_admin(app)
    program_id = requests.path_id(record_id)
    change = requests.body(app, ProgramChange)
    stored = records.visible(programs.get(caller.organization, program_id), caller, program_id)
    return records.one(app, PROGRAMS, programs.change(stored, change.settings(stored["listed"])))


@app.delete("/siren/v1/programs/<record_id>")
def delete_program(record_id: str) -> Response[str]:
    caller = requests.require_admin(app)
    program_id = requests.path_id(record_id)
    stored = records.visible(programs.get(caller.organization, program_id), caller, program_id)
    return records.deleted(app, PROGRAMS, bulk_changes.PROGRAMS.delete(stored))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
