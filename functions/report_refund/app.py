"""POST /event/refund: marks a recorded sale refunded; what follows from that happens on the bus."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api import edge, requests
from tributary.api.siren.events import RefundReport, bound, refund_answer
from tributary.ledger import transactions

app = edge.resolver()


@app.post("/siren/v1/event/refund")
def report_refund() -> Response[str]:
    caller = requests.caller(app, "event:refund")
    report = requests.body(app, RefundReport)
    bound(caller, report.source)
    return refund_answer(app, transactions.refund(caller.organization, report.source, report.external_id))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
