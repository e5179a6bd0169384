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
from tributary.domain.transaction import Transaction
from tributary.ledger.refunds import parked, refunds
from tributary.ledger.refunds.refund_items import WITHDRAWN, Reported, reported_of
from tributary.ledger.refunds.withdrawals import Withdrawn
from tributary.ledger.sales import closing, transaction_items, transactions


class Refunded(NamedTuple):
    """The sale as it is then, and the fields in which a repeat differs; None if it is none. `withdrawn` marks a refund
    that does not count."""

    transaction: Transaction
    differs: Sequence[str] | None
    withdrawn: bool = False


def record(organization: str, report: RefundReport) -> Refunded:
    """Record a refund. ValidationFailed for another currency than the sale's."""
    _require_currency(organization, report)
    if (part := report.part) is None:
        closed = closing.refund(organization, report.source, report.external_id, at=report.whole.at)
        return Refunded(closed.transaction, None if closed.now else (), closed.transaction.status == "complete")
    applied = refunds.record(organization, part)
    if applied.created:
        return Refunded(applied.transaction, None)
    differs = differing(_members(reported_of(applied.refund)), _members(part))
    return Refunded(applied.transaction, differs, applied.refund["listed"]["status"] == WITHDRAWN)


def _members(refund: Reported) -> dict[str, Any]:
    return {"amount": refund.demand.amount, "items": refund.demand.items, "reason": refund.reason}


def record_or_park(organization: str, report: RefundReport) -> int:
    """Record a refund, or park it until its sale arrives; return the sale's present or future id. ValidationFailed for
    another currency than the sale's."""
    _require_currency(organization, report)
    if part := report.part:
        return parked.record_or_park(organization, part)
    try:
        return closing.refund(organization, report.source, report.external_id, at=report.whole.at).transaction.id
    except NotFound:
        return parked.record_or_park(organization, report.whole)


def _require_currency(organization: str, report: RefundReport) -> None:
    """One read more, only for a report that names its currency."""
    if report.currency is None:
        return
    if item := transactions.find(organization, report.source, report.external_id):
        refund_currency.require_same(report.currency, transaction_items.of_item(item).sale.currency)


def refund_answer(app: APIGatewayHttpResolver, refunded: Refunded) -> Response[str]:
    """Empty, with the sale's opportunity; marks a repeat."""
    transaction = refunded.transaction
    if refunded.withdrawn:
        return _answer(app, transaction, "withdrawn", "The refund stands withdrawn.", refunded.differs)
    message = "The sale is refunded." if transaction.status != "complete" else "A part of the sale is refunded."
    return _answer(app, transaction, "refunded", message, refunded.differs)


def withdrawal_answer(app: APIGatewayHttpResolver, withdrawn: Withdrawn) -> Response[str]:
    """Empty, with the sale's opportunity; marks a repeat."""
    differs = None if withdrawn.created else ()
    return _answer(app, withdrawn.transaction, "withdrawn", "The refund is withdrawn.", differs)


def _answer(
    app: APIGatewayHttpResolver, transaction: Transaction, status: str, message: str, differs: Sequence[str] | None
) -> Response[str]:
    representation: dict[str, Any] = {
        "status": status,
        "transactionId": transaction.id,
        "opportunityId": transaction.sale.tracking_id,
        "refunded": transaction.refundable if transaction.status != "complete" else transaction.refunded,
        "message": message,
    }
    headers = opportunity_headers(transaction.sale.tracking_id)
    if differs is not None:
        headers |= repeats.headers(differs)
    return event_answer(app, representation, headers)
