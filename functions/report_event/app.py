"""POST /event/{slug}: an event of the organization's own."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api import edge, requests
from tributary.api.siren import custom

app = edge.resolver()


@app.post("/siren/v1/event/<slug>")
def report_event(slug: str) -> Response[str]:
    caller = requests.caller(app, f"event:{slug}")
    return custom.receive(app, caller, custom.registered(caller, slug))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
