"""SaleTriggered, LeadTriggered and the Conversion events: reconciles obligations with their conversions.

A conversion's event leads to its own obligation; a sale's or lead's event to all, which heals a lost conversion
event."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary import bus
from tributary.ledger.earnings import obligations
from tributary.ledger.earnings.awards import Cause
from tributary.telemetry import logger


def issue(event: bus.Envelope) -> None:
    subject = "lead" if event.data.get("transactionId") is None else "transaction"
    subject_id = event.integer(f"{subject}Id")
    written = obligations.reconcile(event.organization, subject, subject_id, _cause(event, subject, subject_id))
    logger.info("obligations", extra={"written": written, f"{subject}Id": subject_id})


def _cause(event: bus.Envelope, subject: str, subject_id: int) -> Cause | None:
    if not event.detail_type.startswith("Conversion"):
        return None
    program_id, collaborator_id = event.integer("programId"), event.integer("collaboratorId")
    return Cause(subject, subject_id, event.text("type"), program_id, collaborator_id)


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return bus.consume(event, context, issue)
