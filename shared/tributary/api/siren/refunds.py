"""Refunds reported by shops: recording and responses."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from tributary.api.http import repeats
from tributary.api.http.repeats import differing
from tributary.api.siren.requests.refunds import RefundReport
from tributary.api.siren.responses import event_answer, opportunity_headers
from tributary.domain import refund_currency
from tributary.domain.errors import NotFound
from tributary.domain.refund import RefundRequest
from tributary.domain.transaction import Transaction
from tributary.ledger.refunds import parked_refunds, refund_items, refunds
from tributary.ledger.refunds.refund_items import Reported, reported_of
from tributary.ledger.sales import closing, transaction_items, transactions


class Refunded(NamedTuple):
    """The sale as it is then, and the fields in which a repeat differs; None if it is none."""

    transaction: Transaction
    differs: Sequence[str] | None


def record(organization: str, report: RefundReport) -> Refunded:
    """Record a refund. ValidationFailed for another currency than the sale's."""
    _require_currency(organization, report)
    if (part := report.part) is None:
        closed = closing.refund(organization, report.source, report.external_id)
        return Refunded(closed.transaction, None if closed.now else ())
    applied = refunds.record(organization, part)
    if applied.created:
        return Refunded(applied.transaction, None)
    return Refunded(applied.transaction, differing(_members(reported_of(applied.refund)), _members(part)))


def _members(refund: Reported) -> dict[str, Any]:
    return {"amount": refund.demand.amount, "items": refund.demand.items, "reason": refund.reason}


def record_or_park(organization: str, report: RefundReport) -> int:
    """Record a refund, or park it until its sale arrives; return the sale's present or future id. ValidationFailed for
    another currency than the sale's."""
    _require_currency(organization, report)
    if part := report.part:
        return parked_refunds.record_or_park(organization, part)
    try:
        return closing.refund(organization, report.source, report.external_id).transaction.id
    except NotFound:
        named = (report.source, report.external_id, refund_items.WHOLE)
        whole = Reported(*named, RefundRequest(), report.reason, report.currency)
        return parked_refunds.record_or_park(organization, whole)


def _require_currency(organization: str, report: RefundReport) -> None:
    """One read more, only for a report that names its currency."""
    if report.currency is None:
        return
    if item := transactions.find(organization, report.source, report.external_id):
        refund_currency.require_same(report.currency, transaction_items.of_item(item).sale.currency)


def refund_answer(app: APIGatewayHttpResolver, refunded: Refunded) -> Response[str]:
    """Empty, with the sale's opportunity; marks a repeat."""
    transaction = refunded.transaction
    representation: dict[str, Any] = {
        "status": "refunded",
        "transactionId": transaction.id,
        "opportunityId": transaction.sale.tracking_id,
        "refunded": transaction.refundable if transaction.status != "complete" else transaction.refunded,
        "message": "The sale is refunded." if transaction.status != "complete" else "A part of the sale is refunded.",
    }
    headers = opportunity_headers(transaction.sale.tracking_id)
    if refunded.differs is not None:
        headers |= repeats.headers(refunded.differs)
    return event_answer(app, representation, headers)
