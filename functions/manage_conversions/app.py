"""GET and POST /conversions; GET, PUT and DELETE /conversions/{id}; POST /conversions/bulk."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.http import edge, requests
from tributary.api.lists import records
from tributary.api.siren.dialect import DIALECT
from tributary.api.siren.owed import conversions
from tributary.api.siren.requests.conversions import ConversionBody, ConversionChange, ReviewBody
from tributary.api.siren.resources import CONVERSIONS
from tributary.ledger.earnings import reviews

app = edge.resolver(DIALECT)
SCOPE = "ledger:conversions:read"
records.readable(app, "/siren/v1/conversions", CONVERSIONS, requests.with_scope(SCOPE))


@app.post("/siren/v1/conversions")
def create_conversion() -> Response[str]:
    caller = requests.require_admin(app)
    return conversions.created(app, caller, requests.body(app, ConversionBody))


@app.post("/siren/v1/conversions/bulk")
def review_conversions() -> Response[str]:
    caller = requests.caller(app, "admin")
    review = requests.body(app, ReviewBody)
    done = reviews.review_all(caller.organization, review.action, review.ids, caller.source)
    return edge.answer(done.answer)


@app.put("/siren/v1/conversions/<record_id>")
def change_conversion(record_id: str) -> Response[str]:
    caller = requests.caller(app, "admin")
    conversion_id = requests.path_id(record_id)
    return conversions.changed(app, caller, conversion_id, requests.body(app, ConversionChange))


@app.delete("/siren/v1/conversions/<record_id>")
def delete_conversion(record_id: str) -> Response[str]:
    caller = requests.caller(app, "admin")
    return conversions.deleted(app, caller, requests.path_id(record_id))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
