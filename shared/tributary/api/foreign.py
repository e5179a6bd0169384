"""Sales, refunds and messages from other systems on the bus: a flat body with the `organization` it concerns."""

import re
from typing import Any

from tributary.api.hooks import partner_events
from tributary.api.http.requests import checked
from tributary.api.noticia.requests.messages import MessageReport
from tributary.api.siren.refunds import record_or_park
from tributary.api.siren.requests.refunds import RefundReport, RefundWithdrawalReport
from tributary.api.siren.requests.sale_changes import SaleChangeReport
from tributary.api.siren.requests.sales import SaleReport
from tributary.bus import Envelope, Refused
from tributary.domain import times
from tributary.ledger.opportunities import messages
from tributary.ledger.organization import event_sources
from tributary.ledger.refunds import parked, withdrawals
from tributary.ledger.sales import transactions
from tributary.telemetry import logger

#: Ids of the records made, for the log.
Received = dict[str, Any]
_NAME = re.compile(r"[a-z0-9-]{1,64}")


def receive(event: Envelope) -> None:
    """Record an event, sales and refunds exactly as over HTTP. Refused unless its source may speak for the
    organization."""
    if str(event.event.get("source")).startswith(partner_events.PREFIX):
        partner_events.receive(event)
        return
    organization = _organization(event)
    if event.detail_type not in _RECEIVERS:
        raise Refused(f"The detail-type must be one of {', '.join(_RECEIVERS)}.")
    received = _RECEIVERS[event.detail_type](organization, event)
    logger.info("received", extra={"organization": organization, "type": event.detail_type, **received})


def _sale(organization: str, event: Envelope) -> Received:
    now = times.now()
    report = checked(SaleReport, _at_its_time(event, "occurredAt"))
    return {"transactionId": transactions.record(organization, report.to_sale(now), now).transaction.id}


def _change(organization: str, event: Envelope) -> Received:
    now = times.now()
    report = checked(SaleChangeReport, _at_its_time(event, "changedAt"))
    return {"transactionId": parked.record_or_park_edit(organization, report.to_edit(now), now)}


def _refund(organization: str, event: Envelope) -> Received:
    return {"transactionId": record_or_park(organization, checked(RefundReport, dict(event.detail)))}


def _withdrawal(organization: str, event: Envelope) -> Received:
    report = checked(RefundWithdrawalReport, _at_its_time(event, "occurredAt"))
    return {"transactionId": withdrawals.record_or_park(organization, report.withdrawal)}


def _message(organization: str, event: Envelope) -> Received:
    report = checked(MessageReport, _at_its_time(event, "sentAt"))
    visited = messages.record(organization, report.to_message(times.now()))
    return {"opportunityId": visited.opportunity_id, "status": visited.status, "reason": visited.reason}


def _at_its_time(event: Envelope, moment: str) -> dict[str, Any]:
    """The event's detail; an absent or null moment defaults to the event's own time."""
    reported = event.detail.get(moment)
    return {**event.detail, moment: event.event.get("time") if reported is None else reported}


_RECEIVERS = {
    "SaleTriggered": _sale,
    "SaleChanged": _change,
    "RefundTriggered": _refund,
    "RefundWithdrawn": _withdrawal,
    "MessageSent": _message,
}


def _organization(event: Envelope) -> str:
    organization = event.detail.get("organization")
    if not isinstance(organization, str) or not _NAME.fullmatch(organization):
        raise Refused("organization is required: an event speaks for one organization, by its name.")
    account, source = str(event.event.get("account")), str(event.event.get("source"))
    binding = event_sources.binding(account, source, organization)
    if binding is None:
        raise Refused("The event's account and source are not bound to the organization it names.")
    only = binding.get("onlySource")
    if only is not None and event.detail.get("source", only) != only:
        raise Refused(f"The event's account and source are bound for the source {only} only.")
    return organization
