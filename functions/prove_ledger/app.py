"""Nightly: proves the ledger's money against its own records, page after page, for each organization."""

import json
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary import bus, queues, settings
from tributary.ledger.payouts import proofs
from tributary.telemetry import logger


def prove_all_or_go_on(event: bus.Envelope) -> None:
    """Begin a proof per organization; with an organization, prove its next page and send a message for the rest."""
    organization, proof_id = event.detail.get("organization"), event.detail.get("proofId")
    if organization is None:
        names = proofs.organizations()
        _send(event, [{"organization": name, "proofId": proofs.begin(name, event.id)} for name in names])
        logger.info("night", extra={"organizations": len(names)})
    elif proofs.go_on(str(organization), int(str(proof_id))):
        _send(event, [{"organization": organization, "proofId": proof_id}])
    elif proofs.disproved(str(organization), int(str(proof_id))):
        logger.error(proofs.SAID_SO, extra={"proofId": proof_id})


def _send(event: bus.Envelope, details: list[dict[str, Any]]) -> None:
    queues.send(settings.queue_url(), [json.dumps({**event.event, "detail": detail}) for detail in details])


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return bus.consume(event, context, prove_all_or_go_on)
