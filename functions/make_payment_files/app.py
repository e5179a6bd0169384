"""POST and GET /fulfillments/{id}/files; GET /fulfillments/{id}/files/{name}."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.http import edge, requests
from tributary.api.siren.dialect import DIALECT
from tributary.api.siren.owed import payout_methods
from tributary.api.siren.requests.owed.payout_methods import PaymentFilesBody

app = edge.resolver(DIALECT)


@app.post("/siren/v1/fulfillments/<record_id>/files")
def make_files(record_id: str) -> Response[str]:
    caller, body = requests.require_admin(app), requests.body(app, PaymentFilesBody)
    made = payout_methods.make_files(caller.organization, requests.path_id(record_id), body.execution_date)
    return edge.answer(made, 201)


@app.get("/siren/v1/fulfillments/<record_id>/files")
def list_files(record_id: str) -> Response[str]:
    caller = requests.require_admin(app)
    return edge.answer(payout_methods.files(caller.organization, requests.path_id(record_id)))


@app.get("/siren/v1/fulfillments/<record_id>/files/<name>")
def download_file(record_id: str, name: str) -> Response[str]:
    caller = requests.require_admin(app)
    return payout_methods.download(caller.organization, requests.path_id(record_id), name)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
