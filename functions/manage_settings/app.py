"""GET and PUT /settings: settings of the whole organization."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.http import edge, requests
from tributary.api.siren.dialect import DIALECT
from tributary.api.siren.requests.settings import SettingsBody
from tributary.ledger.organization import organization_settings

app = edge.resolver(DIALECT)


@app.get("/siren/v1/settings")
def get_settings() -> Response[str]:
    return edge.answer(organization_settings.get(requests.require_admin(app).organization))


@app.put("/siren/v1/settings")
def change_settings() -> Response[str]:
    caller = requests.require_admin(app)
    body = requests.body(app, SettingsBody)
    return edge.answer(organization_settings.change(caller.organization, body.given))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
