"""Edits of sales reported by shops: recording and responses."""

from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from tributary.api.http import repeats, requests
from tributary.api.siren.requests.sale_changes import SaleChangeReport
from tributary.api.siren.responses import event_answer, opportunity_headers
from tributary.domain import times
from tributary.ledger.organization.api_keys import Principal
from tributary.ledger.sales import changes
from tributary.ledger.sales.changes import Edited


def change(caller: Principal, report: SaleChangeReport) -> Edited:
    """Record an edit of a sale once. StoreKeyNotAllowed for a source other than the key's."""
    requests.require_source(caller, report.source)
    now = times.now()
    return changes.record(caller.organization, report.to_edit(now), now)


def change_answer(app: APIGatewayHttpResolver, edited: Edited) -> Response[str]:
    """Empty, with the sale's opportunity; marks a repeat."""
    transaction = edited.transaction
    opportunity_id = transaction.sale.tracking_id
    headers = opportunity_headers(opportunity_id) | ({} if edited.created else repeats.headers(()))
    representation: dict[str, Any] = {
        "status": "changed" if edited.created else "duplicate",
        "transactionId": transaction.id,
        "opportunityId": opportunity_id,
        "message": "The edit was recorded." if edited.created else "The edit had been recorded before.",
    }
    return event_answer(app, representation, headers)
