"""GET /payouts, /payouts/{id}, /proofs, /proofs/{id}, /collaborators/{id}/statement; POST /payouts/bulk: markPaid,
markUnpaid; /payouts/export, /payouts/results, /fulfillments/{id}/results."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.http import edge, requests
from tributary.api.lists import records
from tributary.api.siren.dialect import DIALECT
from tributary.api.siren.owed import payouts, statements
from tributary.api.siren.requests.owed.payouts import ExportBody, PayoutsBody, ReportBody, ResultsBody
from tributary.api.siren.resources import PAYOUTS, PROOFS
from tributary.ledger.payouts import proofs

app = edge.resolver(DIALECT)
SCOPE = "ledger:payouts:read"
records.readable(app, "/siren/v1/payouts", PAYOUTS, requests.of_the_whole(SCOPE))
records.readable(app, "/siren/v1/proofs", PROOFS, requests.of_the_whole(SCOPE), proofs.get)


@app.get("/siren/v1/collaborators/<record_id>/statement")
def get_statement(record_id: str) -> Response[str]:
    caller = requests.of_the_whole(SCOPE)(app)
    return statements.statement(app, caller.organization, requests.path_id(record_id))


@app.post("/siren/v1/payouts/bulk")
def mark_payouts() -> Response[str]:
    caller, asked = requests.require_admin(app), requests.body(app, PayoutsBody)
    return edge.answer(payouts.mark(caller.organization, asked.action, asked.ids, asked.reference).answer)


@app.post("/siren/v1/payouts/export")
def export_payouts() -> Response[str]:
    caller, asked = requests.require_admin(app), requests.body(app, ExportBody)
    return edge.answer(payouts.export(caller.organization, asked.ids, asked.mark_as_paid))


@app.post("/siren/v1/payouts/results")
def record_results() -> Response[str]:
    caller, asked = requests.require_admin(app), requests.body(app, ResultsBody)
    asked.require_one_per_payout()
    return edge.answer(payouts.results(caller.organization, asked.rows).answer)


@app.post("/siren/v1/fulfillments/<record_id>/results")
def record_report(record_id: str) -> Response[str]:
    caller, body = requests.require_admin(app), requests.body(app, ReportBody)
    return edge.answer(payouts.report(caller.organization, requests.path_id(record_id), body))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
