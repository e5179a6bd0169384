"""POST /event/site-visited, /event/coupon-applied: records a referral as engagements of the visitor's opportunity."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.http import edge, requests
from tributary.api.siren.dialect import DIALECT
from tributary.api.siren.requests.visits import CouponReport, VisitReport
from tributary.api.siren.visits import visit_answer
from tributary.ledger.opportunities import visits

app = edge.resolver(DIALECT)


@app.post("/siren/v1/event/site-visited")
def report_visit() -> Response[str]:
    return _report("event:site-visited", VisitReport)


@app.post("/siren/v1/event/coupon-applied")
def report_coupon() -> Response[str]:
    return _report("event:coupon-applied", CouponReport)


def _report(scope: str, body: type[VisitReport] | type[CouponReport]) -> Response[str]:
    caller = requests.caller(app, scope)
    visit = requests.body(app, body).to_visit(requests.header_id(app, "x-siren-oid"))
    return visit_answer(app, visits.record(caller.organization, visit))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
