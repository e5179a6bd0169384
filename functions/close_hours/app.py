"""Hourly: closes the hour that ended and the one a day before, with a message per organization and hour."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary import bus, queues, settings
from tributary.domain import times
from tributary.ledger.organization import api_keys
from tributary.ledger.statistics import closing
from tributary.telemetry import logger


def close_one_or_all(event: bus.Envelope) -> None:
    """Close the event's hour, or a part of it. Without an hour, send a message for each: of the organization's past
    that is asked for, or as from the schedule, of every organization's that are due."""
    organization, hour = event.detail.get("organization"), event.detail.get("hour")
    if organization is None:
        hours = closing.due(str(event.event.get("time") or times.now()))
        names = [it["organization"] for it in api_keys.organizations()]
        _send(event, [{"organization": name, "hour": due} for name in names for due in hours])
        logger.info("hour", extra={"organizations": len(names)})
    elif hour is None:
        end = str(event.detail["to"])
        past, left = closing.again(str(event.detail["from"]), end)
        _send(event, [{"organization": organization, "hour": name} for name in past])
        _send(event, [{"organization": organization, "from": left, "to": end}] if left else [])
    elif left := closing.close(str(organization), str(hour), event.detail.get("soFar")):
        _send(event, [{"organization": organization, "hour": hour, "soFar": left}])


def _send(event: bus.Envelope, details: Iterable[Mapping[str, Any]]) -> None:
    queues.send(settings.queue_url(), [json.dumps({**event.event, "detail": detail}) for detail in details])


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return bus.consume(event, context, close_one_or_all)
