"""POST /event/{slug}: records an organization's own event, as an engagement or a lead."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.http import edge, requests
from tributary.api.siren import custom_events
from tributary.api.siren.dialect import DIALECT
from tributary.api.siren.requests.custom_events import LeadReport
from tributary.api.siren.requests.visits import VisitReport
from tributary.api.siren.visits import visit_answer
from tributary.ledger.earnings import leads
from tributary.ledger.opportunities import visits

app = edge.resolver(DIALECT)


@app.post("/siren/v1/event/<slug>")
def report_event(slug: str) -> Response[str]:
    organization = requests.caller(app, f"event:{slug}").organization
    opportunity_id = requests.header_id(app, "x-siren-oid")
    if custom_events.registered(organization, slug) == "engagement":
        visit = requests.body(app, VisitReport).to_visit(opportunity_id, trigger=slug)
        return visit_answer(app, visits.record(organization, visit))
    report = requests.body(app, LeadReport)
    lead = leads.record(organization, slug, report.tracking_id or opportunity_id, report.external_id)
    return custom_events.lead_answer(app, lead)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
