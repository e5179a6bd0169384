"""GET /fulfillments, /fulfillments/{id}; POST /fulfillments/preview, /generate, /bulk; PUT, DELETE of one."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.http import edge, requests
from tributary.api.lists import records
from tributary.api.siren.dialect import DIALECT
from tributary.api.siren.owed import payouts
from tributary.api.siren.requests.owed.payouts import FulfillmentChange, FulfillmentsBody, GenerateBody, PreviewBody
from tributary.api.siren.resources import FULFILLMENTS
from tributary.domain import bulk, times
from tributary.ledger.payouts import fulfillment_items, fulfillment_moves

app = edge.resolver(DIALECT)
SCOPE = "ledger:payouts:read"
records.readable(app, "/siren/v1/fulfillments", FULFILLMENTS, requests.of_the_whole(SCOPE), fulfillment_items.get)


@app.post("/siren/v1/fulfillments/preview")
def preview() -> Response[str]:
    caller, asked = requests.require_admin(app), requests.body(app, PreviewBody)
    return edge.answer(payouts.preview(caller.organization, asked, times.now()))


@app.post("/siren/v1/fulfillments/generate")
def generate() -> Response[str]:
    caller, asked = requests.require_admin(app), requests.body(app, GenerateBody)
    item = payouts.generate(caller.organization, asked, times.now(), payouts.time_left(app))
    return records.one(app, FULFILLMENTS, item, 201)


@app.post("/siren/v1/fulfillments/bulk")
def move_fulfillments() -> Response[str]:
    caller, asked = requests.require_admin(app), requests.body(app, FulfillmentsBody)
    done = bulk.each(asked.ids, lambda number: fulfillment_moves.move(caller.organization, asked.action, number))
    return edge.answer(done.answer)


@app.put("/siren/v1/fulfillments/<record_id>")
def change_fulfillment(record_id: str) -> Response[str]:
    caller, asked = requests.require_admin(app), requests.body(app, FulfillmentChange)
    item = payouts.change(caller.organization, requests.path_id(record_id), asked.status)
    return records.one(app, FULFILLMENTS, item)


@app.delete("/siren/v1/fulfillments/<record_id>")
def delete_fulfillment(record_id: str) -> Response[str]:
    caller = requests.require_admin(app)
    item = payouts.delete(caller.organization, requests.path_id(record_id))
    return edge.no_content() if item is None else records.one(app, FULFILLMENTS, item)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
