"""GET /conversions, /conversions/{id}; POST /conversions/bulk: approve, reject, markPending."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.http import edge, requests
from tributary.api.lists import records
from tributary.api.siren.dialect import DIALECT
from tributary.api.siren.requests.conversions import ReviewBody
from tributary.api.siren.resources import CONVERSIONS
from tributary.ledger.earnings import conversions

app = edge.resolver(DIALECT)
SCOPE = "ledger:conversions:read"
records.readable(app, "/siren/v1/conversions", CONVERSIONS, requests.with_scope(SCOPE))


@app.post("/siren/v1/conversions/bulk")
def review_conversions() -> Response[str]:
    caller = requests.caller(app, "admin")
    review = requests.body(app, ReviewBody)
    done = conversions.review(caller.organization, review.action, review.ids, caller.source)
    return edge.answer(done.answer)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
