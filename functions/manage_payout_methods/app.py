"""GET and PUT /collaborators/{id}/payout-settings, /payer."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.http import edge, requests
from tributary.api.siren.dialect import DIALECT
from tributary.api.siren.owed import payout_methods
from tributary.api.siren.requests.owed.payout_methods import PayerBody, PayoutSettingsBody
from tributary.ledger.payouts import methods

app = edge.resolver(DIALECT)


@app.get("/siren/v1/collaborators/<record_id>/payout-settings")
def get_payout_settings(record_id: str) -> Response[str]:
    caller = requests.require_admin(app)
    return edge.answer(payout_methods.shown(caller.organization, requests.path_id(record_id)))


@app.put("/siren/v1/collaborators/<record_id>/payout-settings")
def change_payout_settings(record_id: str) -> Response[str]:
    caller, body = requests.require_admin(app), requests.body(app, PayoutSettingsBody)
    return edge.answer(payout_methods.change(caller.organization, requests.path_id(record_id), body))


@app.get("/siren/v1/payer")
def get_payer() -> Response[str]:
    return edge.answer(methods.shown_payer(requests.require_admin(app).organization))


@app.put("/siren/v1/payer")
def change_payer() -> Response[str]:
    caller, body = requests.require_admin(app), requests.body(app, PayerBody)
    return edge.answer(methods.set_payer(caller.organization, body.checked())["shown"])


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
