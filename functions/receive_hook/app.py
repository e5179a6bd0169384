"""POST /hooks/{connectionId}, /hooks/{connectionId}/{token}: records what a shop's webhook tells."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.hooks.receiving import receive
from tributary.api.http import edge
from tributary.api.siren.dialect import DIALECT

app = edge.resolver(DIALECT, keeps_answers=False)


@app.post("/hooks/<connection_id>")
def receive_hook(connection_id: str) -> Response[str]:
    receive(app.current_event.raw_event, connection_id)
    return edge.empty()


@app.post("/hooks/<connection_id>/<token>")
def receive_hook_at_secret_url(connection_id: str, token: str) -> Response[str]:
    receive(app.current_event.raw_event, connection_id, token)
    return edge.empty()


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
