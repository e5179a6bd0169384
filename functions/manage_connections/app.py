"""GET, POST /connections; GET, PATCH, DELETE of one; rotations, deliveries, lists to reconcile with."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.hooks import order_lists
from tributary.api.http import edge, requests
from tributary.api.lists import records
from tributary.api.siren.dialect import DIALECT
from tributary.api.siren.hooks import connections as answers
from tributary.api.siren.requests.hooks.connections import ConnectionBody, ConnectionChange, OrderListBody
from tributary.api.siren.resources import CONNECTION_DELIVERIES, CONNECTIONS
from tributary.domain import times
from tributary.ledger.connections import connections, deliveries

app = edge.resolver(DIALECT, keeps_answers=False)
records.readable(app, "/siren/v1/connections", CONNECTIONS, requests.require_admin, connections.get)


@app.post("/siren/v1/connections")
def create_connection() -> Response[str]:
    caller, body = requests.require_admin(app), requests.body(app, ConnectionBody)
    return answers.created(app, caller.organization, body)


@app.patch("/siren/v1/connections/<record_id>")
def change_connection(record_id: str) -> Response[str]:
    caller, body = requests.require_admin(app), requests.body(app, ConnectionChange)
    item = connections.existing(caller.organization, requests.path_id(record_id))
    changed = connections.change(item, body.given(item["listed"]), body.secret)
    return records.one(app, CONNECTIONS, changed)


@app.delete("/siren/v1/connections/<record_id>")
def delete_connection(record_id: str) -> Response[str]:
    caller = requests.require_admin(app)
    item = connections.existing(caller.organization, requests.path_id(record_id))
    return records.one(app, CONNECTIONS, connections.remove(item))


@app.post("/siren/v1/connections/<record_id>/rotate")
def rotate_connection(record_id: str) -> Response[str]:
    caller = requests.require_admin(app)
    return answers.rotated(connections.existing(caller.organization, requests.path_id(record_id)))


@app.get("/siren/v1/connections/<record_id>/deliveries")
def list_connection_deliveries(record_id: str) -> Response[str]:
    caller, number = requests.require_admin(app), requests.path_id(record_id)
    connections.existing(caller.organization, number)
    within = deliveries.of_connection(caller.organization, number)
    return records.many(app, CONNECTION_DELIVERIES, caller, within)


@app.post("/siren/v1/connections/<record_id>/reconcile")
def reconcile_connection(record_id: str) -> Response[str]:
    caller, body = requests.require_admin(app), requests.body(app, OrderListBody)
    item = connections.existing(caller.organization, requests.path_id(record_id))
    return edge.answer(order_lists.reconcile(item, body.columns.model_dump(), body, times.now()))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
