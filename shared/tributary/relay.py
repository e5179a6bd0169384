"""The relay: changes of the table become events on the bus, in order, until each is taken or too old.

What the bus did not take is reported by its sequence number and comes again, with all that follows it in the shard;
consumers take repeats. A change that can never be announced goes to a queue of its own with its cause, and the others
pass.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from tributary import settings
from tributary.bus import set_aside
from tributary.domain.events import SOURCE, Event, events_of
from tributary.ledger.values import decode_item
from tributary.telemetry import log_failure, logger

_MAX_ENTRIES = 10


@cache
def client() -> Any:
    """The process's EventBridge client."""
    import boto3

    return boto3.client("events")


def publish(records: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Publishes the events of a batch of stream records; answers the first record that has to come again, if there is
    one.

    A failure names the earliest record, since a shard goes on from the lowest sequence number that is reported."""
    pending = [(record["dynamodb"]["SequenceNumber"], event) for record in records for event in _events(record)]
    published = 0
    for batch in _batches(pending):
        failed = _put([event for _, event in batch])
        if failed:
            first = min(failed)
            logger.warning("events not taken", extra={"count": len(failed), "published": published + first})
            return {"batchItemFailures": [{"itemIdentifier": batch[first][0]}]}
        published += len(batch)
    logger.info("published", extra={"records": len(records), "events": published})
    return {"batchItemFailures": []}


def _events(record: Mapping[str, Any]) -> list[Event]:
    """The events of one change; none, and the change set aside, if it cannot be read."""
    try:
        images = record["dynamodb"]
        old, new = (decode_item(images[name]) if name in images else None for name in ("OldImage", "NewImage"))
        return events_of(old, new)
    except Exception as error:  # noqa: BLE001  # whatever it is, the changes behind it must pass
        log_failure("change cannot be announced", error)
        set_aside(settings.poison_queue_url(), json.dumps(record, default=str), "unannounceable", _cause(error))
        return []


def _cause(error: Exception) -> str:
    """Only what cannot hold a client's words."""
    return f"{type(error).__name__}: {error}" if isinstance(error, (LookupError, ValueError)) else type(error).__name__


def _put(events: Sequence[Event]) -> list[int]:
    """Puts up to ten events; answers the places of those that the bus did not take."""
    entries = [
        {
            "Source": SOURCE,
            "DetailType": event.detail_type,
            "Detail": json.dumps(event.detail, separators=(",", ":")),
            "EventBusName": settings.bus_name(),
        }
        for event in events
    ]
    try:
        answer = client().put_events(Entries=entries)
    except (BotoCoreError, ClientError) as error:
        log_failure("the bus did not answer", error)
        return list(range(len(entries)))
    return [place for place, result in enumerate(answer["Entries"]) if result.get("ErrorCode")]


def _batches(pending: Iterable[tuple[str, Event]]) -> Iterator[list[tuple[str, Event]]]:
    rest = iter(pending)
    while batch := list(islice(rest, _MAX_ENTRIES)):
        yield batch
