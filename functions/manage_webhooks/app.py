"""GET and POST /webhooks; GET, PATCH and DELETE /webhooks/{id}; test sends, rotations, deliveries and replays."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.http import edge, requests
from tributary.api.lists import records
from tributary.api.siren.dialect import DIALECT
from tributary.api.siren.requests.hooks.webhooks import ReplayBody, RotationBody, WebhookBody, WebhookChange
from tributary.api.siren.resources import WEBHOOK_DELIVERIES, WEBHOOKS
from tributary.domain import webhooks
from tributary.ledger.webhooks import deliveries, subscriptions
from tributary.outbound import signing
from tributary.workflows.webhooks import replays

MANAGE = "webhook-subscriptions:manage"
app = edge.resolver(DIALECT, keeps_answers=False)
reader = requests.of_the_whole("webhook-subscriptions:read", MANAGE)
manager = requests.manager_of_the_whole(MANAGE)


@app.get("/siren/v1/webhooks/events")
def list_event_names() -> Response[str]:
    reader(app)
    return edge.answer([webhooks.ALL, *webhooks.NAMES])


records.readable(app, "/siren/v1/webhooks", WEBHOOKS, reader, subscriptions.get)


@app.post("/siren/v1/webhooks")
def create_webhook() -> Response[str]:
    caller, body = manager(app), requests.body(app, WebhookBody)
    secret = signing.new_secret()
    item = subscriptions.create(caller.organization, body.target_url, body.events, body.description, secret)
    return edge.answer({**item["listed"], "signingSecret": secret}, 201)


@app.patch("/siren/v1/webhooks/<record_id>")
def change_webhook(record_id: str) -> Response[str]:
    caller, body = manager(app), requests.body(app, WebhookChange)
    item = subscriptions.existing(caller.organization, requests.path_id(record_id))
    return records.one(app, WEBHOOKS, subscriptions.change(item, body.given))


@app.delete("/siren/v1/webhooks/<record_id>")
def delete_webhook(record_id: str) -> Response[str]:
    caller = manager(app)
    return records.one(app, WEBHOOKS, subscriptions.remove(caller.organization, requests.path_id(record_id)))


@app.post("/siren/v1/webhooks/<record_id>/rotate")
def rotate_secret(record_id: str) -> Response[str]:
    caller, body = manager(app), requests.body(app, RotationBody)
    item = subscriptions.existing(caller.organization, requests.path_id(record_id))
    secret = signing.new_secret()
    return edge.answer({**subscriptions.rotate(item, secret, body.force)["listed"], "signingSecret": secret})


@app.post("/siren/v1/webhooks/<record_id>/test")
def send_test(record_id: str) -> Response[str]:
    caller = manager(app)
    return edge.answer(replays.test(subscriptions.existing(caller.organization, requests.path_id(record_id))))


@app.get("/siren/v1/webhooks/<record_id>/deliveries")
def list_deliveries(record_id: str) -> Response[str]:
    caller, number = reader(app), requests.path_id(record_id)
    subscriptions.existing(caller.organization, number)
    within = deliveries.of_webhook(caller.organization, number)
    return records.many(app, WEBHOOK_DELIVERIES, caller, within)


@app.post("/siren/v1/webhooks/<record_id>/deliveries/<delivery_id>/replay")
def replay_delivery(record_id: str, delivery_id: str) -> Response[str]:
    caller = manager(app)
    item = replays.one(caller.organization, requests.path_id(record_id), delivery_id)
    return records.one(app, WEBHOOK_DELIVERIES, item)


@app.post("/siren/v1/webhooks/<record_id>/replay")
def replay_span(record_id: str) -> Response[str]:
    caller, body = manager(app), requests.body(app, ReplayBody)
    return edge.answer(replays.of_span(caller.organization, requests.path_id(record_id), body.to_span()))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
