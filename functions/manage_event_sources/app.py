"""GET and POST /event-sources, DELETE /event-sources/{id}: foreign sources that may speak for the organization."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.http import edge, requests
from tributary.api.lists import records
from tributary.api.siren.dialect import DIALECT
from tributary.api.siren.requests.access import EventSourceBody
from tributary.api.siren.resources import EVENT_SOURCES
from tributary.ledger.organization import event_sources

app = edge.resolver(DIALECT)


@app.get("/siren/v1/event-sources")
def list_event_sources() -> Response[str]:
    return records.many(app, EVENT_SOURCES, requests.require_admin(app))


@app.post("/siren/v1/event-sources")
def create_event_source() -> Response[str]:
    caller = requests.require_admin(app)
    body = requests.body(app, EventSourceBody)
    item, created = event_sources.bind(caller.organization, body.account, body.source, body.only_source)
    return records.one(app, EVENT_SOURCES, item, status=201 if created else 200)


@app.delete("/siren/v1/event-sources/<record_id>")
def unbind_event_source(record_id: str) -> Response[str]:
    caller = requests.require_admin(app)
    return records.one(app, EVENT_SOURCES, event_sources.unbind(caller.organization, requests.path_id(record_id)))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
