"""Sales and refunds that other systems put on the bus: the HTTP body, flat, plus the `organization` it speaks for."""

import re

from tributary.api.requests import checked
from tributary.api.siren.events import SaleReport
from tributary.api.siren.refunds import RefundReport, record_or_park
from tributary.bus import Envelope, Refused
from tributary.domain import times
from tributary.ledger import event_sources, transactions
from tributary.telemetry import logger

_NAME = re.compile(r"[a-z0-9-]{1,64}")


def receive(event: Envelope) -> None:
    """Records what the event says, exactly as if it had come over HTTP. Refused if its source may not speak for the
    organization."""
    organization = _organization(event)
    if event.detail_type == "SaleTriggered":
        now = times.now()
        report = checked(SaleReport, {"occurredAt": event.event.get("time"), **event.detail})
        transaction_id = transactions.record(organization, report.to_sale(now), now).transaction.id
    elif event.detail_type == "RefundTriggered":
        transaction_id = record_or_park(organization, checked(RefundReport, dict(event.detail)))
    else:
        raise Refused("The detail-type must be SaleTriggered or RefundTriggered.")
    logger.info("received", extra={"organization": organization, "transactionId": transaction_id})


def _organization(event: Envelope) -> str:
    organization = event.detail.get("organization")
    if not isinstance(organization, str) or not _NAME.fullmatch(organization):
        raise Refused("organization is required: an event speaks for one organization, by its name.")
    account, source = str(event.event.get("account")), str(event.event.get("source"))
    if not event_sources.may_speak_for(account, source, organization):
        raise Refused("The event's account and source are not bound to the organization it names.")
    return organization
