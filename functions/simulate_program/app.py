"""POST /programs/{id}/simulate: plays other settings of a program over past sales; writes nothing."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.http import edge, requests
from tributary.api.lists import records
from tributary.api.siren.comparisons.simulation import simulate
from tributary.api.siren.dialect import DIALECT
from tributary.api.siren.requests.programs import SimulationBody
from tributary.ledger.programs import programs

app = edge.resolver(DIALECT, keeps_answers=False)
authorized = requests.of_the_whole("ledger:transactions:read")


@app.post("/siren/v1/programs/<record_id>/simulate")
def simulate_program(record_id: str) -> Response[str]:
    caller, program_id = authorized(app), requests.path_id(record_id)
    asked = requests.body(app, SimulationBody)
    return edge.answer(
        simulate(records.visible(programs.get(caller.organization, program_id), caller, program_id), asked)
    )


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
