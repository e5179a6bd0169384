"""POST /api/public/v1/affiliate_sales and /tracking_events: records sales with their earnings, and visits."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.growi import creation, tracking
from tributary.api.growi.dialect import DIALECT
from tributary.api.growi.requests.affiliate_sales import AffiliateSaleBody, missing
from tributary.api.growi.requests.tracking_events import TrackingEvent, paid
from tributary.api.growi.responses import created_response
from tributary.api.growi.sales import SOURCE
from tributary.api.http import edge, requests
from tributary.domain import times
from tributary.ledger.earnings import affiliate_sales

app = edge.resolver(DIALECT)


@app.post("/api/public/v1/affiliate_sales")
def create_affiliate_sale() -> Response[str]:
    caller = requests.caller(app, "event:sale")
    requests.require_source(caller, SOURCE)
    report, now = requests.body(app, AffiliateSaleBody, missing), times.now()
    created = creation.create(caller.organization, report, now, caller.source)
    sale = affiliate_sales.of_report(created.transaction)
    return created_response(sale, created.differs, now)


@app.post("/api/public/v1/tracking_events")
def create_tracking_event() -> Response[str]:
    caller = requests.caller(app, "event:site-visited")
    requests.require_source(caller, SOURCE)
    event = requests.body(app, TrackingEvent, paid)
    return edge.answer(tracking.track(caller.organization, event), 201)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
