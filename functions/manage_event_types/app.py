"""GET and POST /event-types: the organization's registered events."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.http import edge, requests
from tributary.api.lists import records
from tributary.api.siren.dialect import DIALECT
from tributary.api.siren.requests.custom_events import EventTypeBody
from tributary.api.siren.resources import EVENT_TYPES
from tributary.ledger.organization import event_types

app = edge.resolver(DIALECT)


@app.get("/siren/v1/event-types")
def list_event_types() -> Response[str]:
    return records.many(app, EVENT_TYPES, requests.require_admin(app))


@app.post("/siren/v1/event-types")
def register_event_type() -> Response[str]:
    caller = requests.require_admin(app)
    body = requests.body(app, EventTypeBody)
    item, created = event_types.register(caller.organization, body.slug, body.action, body.name)
    return records.one(app, EVENT_TYPES, item, status=201 if created else 200)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
