"""GET and POST /event-types: the events that an organization has registered."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api import edge, requests, resources
from tributary.api.siren.custom import EventTypeBody
from tributary.api.siren.resources import EVENT_TYPES
from tributary.ledger import event_types

app = edge.resolver()


@app.get("/siren/v1/event-types")
def list_event_types() -> Response[str]:
    return resources.many(app, EVENT_TYPES, requests.manager(app))


@app.post("/siren/v1/event-types")
def register_event_type() -> Response[str]:
    caller = requests.manager(app)
    body = requests.body(app, EventTypeBody)
    item, created = event_types.register(caller.organization, body.slug, body.action, body.name)
    return resources.one(app, EVENT_TYPES, item, status=201 if created else 200)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
