"""Sales reported by shops: recording and responses."""

from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from tributary.api.http import edge, repeats, requests
from tributary.api.http.edge import Answered
from tributary.api.siren.requests.sales import SaleReport
from tributary.api.siren.responses import event_answer, opportunity_headers
from tributary.domain import times
from tributary.ledger.organization.api_keys import Principal
from tributary.ledger.sales import transactions
from tributary.ledger.sales.transactions import Recorded


def record(caller: Principal, report: SaleReport, automations: bool = True) -> Recorded:
    """Record a sale once. StoreKeyNotAllowed for a source other than the key's."""
    requests.require_source(caller, report.source)
    now = times.now()
    return transactions.record(caller.organization, report.to_sale(now, automations), now)


def row(caller: Principal, report: SaleReport, automations: bool) -> Answered:
    """A batch row's answer: the full representation."""
    recorded = record(caller, report, automations)
    representation, headers = _representation(recorded)
    return Answered(edge.answer(representation, headers=headers), recorded.created)


def row_keys(report: SaleReport) -> list[tuple[str, ...]]:
    return [(report.source, report.external_id)]


def sale_answer(app: APIGatewayHttpResolver, recorded: Recorded) -> Response[str]:
    return event_answer(app, *_representation(recorded))


def _representation(recorded: Recorded) -> tuple[dict[str, Any], dict[str, str]]:
    """The representation, and headers with the first report's opportunity. A repeat is marked, with its differing
    fields."""
    opportunity_id = recorded.transaction.sale.tracking_id
    headers = opportunity_headers(opportunity_id)
    if not recorded.created:
        headers |= repeats.headers(recorded.differs)
    representation: dict[str, Any] = {
        "status": "created" if recorded.created else "duplicate",
        "created": recorded.created,
        "transactionId": recorded.transaction.id,
        "opportunityId": opportunity_id,
        "conversions": [],
        "message": "The sale was recorded." if recorded.created else "The sale had been recorded before.",
    }
    return representation, headers
