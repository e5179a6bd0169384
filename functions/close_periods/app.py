"""Nightly: closes the periods of distributors that have ended, with a message per organization, then per
distributor."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary import bus, queues, settings
from tributary.domain import times
from tributary.ledger.distributions import closing, distributors
from tributary.telemetry import logger


def close_one_or_all(event: bus.Envelope) -> None:
    """Close the periods of the event's distributor. Without one, as from the schedule, send a message for each."""
    organization, distributor_id = event.detail.get("organization"), event.detail.get("distributorId")
    if organization is None:
        _send(event, [{"organization": name} for name in distributors.organizations()])
    elif distributor_id is None:
        due = [it for it in distributors.of_organization(str(organization)) if closing.due(it, times.now())]
        _send(event, [{"organization": organization, "distributorId": it["listed"]["id"]} for it in due])
    else:
        closed = closing.close_due(str(organization), int(str(distributor_id)))
        logger.info("closed", extra={"distributorId": distributor_id, "periods": closed})


def _send(event: bus.Envelope, details: Iterable[Mapping[str, Any]]) -> None:
    queues.send(settings.queue_url(), [json.dumps({**event.event, "detail": detail}) for detail in details])


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return bus.consume(event, context, close_one_or_all)
