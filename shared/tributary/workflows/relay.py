"""The relay: changes of the table become events on the bus, in order, until each is taken or too old.

A change that the bus did not take is reported by its sequence number and comes again, with all changes after it in the
shard; consumers accept repeats. A change that can never be announced becomes a dead letter, and the others pass.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from tributary import aws, settings
from tributary.bus import send_dead_letter
from tributary.domain import times, webhooks
from tributary.domain.audit import entry_of
from tributary.domain.events import SOURCE, Event, events_of
from tributary.domain.statistics import Movement, movement_of
from tributary.ledger.statistics import movements
from tributary.ledger.store import audit
from tributary.ledger.store.values import Item, decode_item
from tributary.ledger.webhooks import presence
from tributary.telemetry import log_failure, logger

#: Entries of one request; their bytes have the limit of a message.
_MAX_ENTRIES = 10
#: Error codes about the content of an entry. Others, a missing permission included, may pass with a retry.
_NEVER = frozenset({"InvalidArgument", "MalformedDetail", "RedactionFailure"})

Entry = dict[str, str]


@cache
def client() -> Any:
    """The process's EventBridge client."""
    return aws.client("events")


def publish(records: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Publish the events of a batch of stream records; return the first record to retry, if any.

    A shard resumes from the lowest sequence number reported. Unreadable and refused changes become dead letters once
    the shard has passed them, so not again with each retry."""
    readings = [_read(record) for record in records]
    kept = readings[: _keep(readings)]
    pending = [(place, event) for place, reading in enumerate(kept) for event in reading.events]
    causes = {place: _cause(reading.error) for place, reading in enumerate(kept) if reading.error}
    passed, refused = _publish(pending, len(kept))
    for place, cause in sorted((causes | refused).items()):
        if place < passed:
            send_dead_letter(_body(records[place]), "unannounceable", cause)
    announced = Counter(event.detail_type for place, event in pending if place < passed)
    logger.info("published", extra={"records": passed, "of": len(records), "announced": announced})
    if passed == len(records):
        return {"batchItemFailures": []}
    return {"batchItemFailures": [{"itemIdentifier": records[passed]["dynamodb"]["SequenceNumber"]}]}


@dataclass(frozen=True)
class _Reading:
    """The events of a change, its audit entry and what it moves, or the error that prevents announcing it."""

    events: Sequence[Event] = ()
    error: Exception | None = None
    audited: tuple[str, Mapping[str, Any], str] | None = None
    movement: Movement | None = None


def _read(record: Mapping[str, Any]) -> _Reading:
    try:
        images = record["dynamodb"]
        old, new = (decode_item(images[name]) if name in images else None for name in ("OldImage", "NewImage"))
        return _Reading(events_of(old, new), audited=_audited(old, new), movement=movement_of(old, new))
    except Exception as error:  # noqa: BLE001  # any error: the changes after it must pass
        log_failure("change cannot be announced", error)
        return _Reading(error=error)


def _audited(old: Item | None, new: Item | None) -> tuple[str, Mapping[str, Any], str] | None:
    """The organization, entry and moment of a change by hand."""
    entry = entry_of(old, new)
    return None if entry is None or new is None else (new["organization"], entry, new.get("changedAt") or times.now())


def _keep(readings: Sequence[_Reading]) -> int:
    """Keep the audit entries and movements in order; return the number of records before the first to retry."""
    for place, reading in enumerate(readings):
        try:
            if reading.audited:
                audit.record(*reading.audited)
            if reading.movement:
                movements.keep(reading.movement)
        except (BotoCoreError, ClientError, TimeoutError) as error:
            log_failure("the audit or a movement was not kept", error)
            return place
    return len(readings)


def _publish(pending: Sequence[tuple[int, Event]], records: int) -> tuple[int, dict[int, str]]:
    """Put events, each with the position of its record.

    Return the number of records passed before the first event to retry, and the codes of refused records."""
    refused: dict[int, str] = {}
    for batch in _batches(pending):
        failed = _put([entry for _, entry in batch])
        refused |= {batch[number][0]: code for number, code in failed.items() if code in _NEVER}
        if later := [number for number, code in failed.items() if code not in _NEVER]:
            logger.warning("events not taken", extra={"count": len(later)})
            return batch[min(later)][0], refused
    return records, refused


def _body(record: Mapping[str, Any]) -> str:
    """The record, or only its key if it is larger than a message."""
    body = aws.message_text(record, default=str)
    if aws.bytes_of(body) <= aws.MAX_MESSAGE_BYTES:
        return body
    where = {name: record["dynamodb"].get(name) for name in ("Keys", "SequenceNumber")}
    return aws.message_text({"eventName": record.get("eventName"), "dynamodb": where})


def _cause(error: Exception) -> str:
    """The error's type, with its text only if that cannot contain a client's data."""
    return f"{type(error).__name__}: {error}" if isinstance(error, (LookupError, ValueError)) else type(error).__name__


def _put(entries: Sequence[Entry]) -> dict[int, str]:
    """Put the entries of one request; return the positions of failed entries, with the bus's codes."""
    try:
        answer = client().put_events(Entries=entries)
    except (BotoCoreError, ClientError) as error:
        log_failure("the bus did not answer", error)
        return dict.fromkeys(range(len(entries)), "unanswered")
    return {place: code for place, result in enumerate(answer["Entries"]) if (code := result.get("ErrorCode"))}


def _batches(pending: Iterable[tuple[int, Event]]) -> Iterator[list[tuple[int, Entry]]]:
    """Requests in order, within the limits: the bus refuses a larger one whole, at every retry."""
    batch: list[tuple[int, Entry]] = []
    held = 0
    for place, event in pending:
        entry = _entry(event)
        size = sum(aws.bytes_of(entry[name]) for name in ("Source", "DetailType", "Detail"))
        if batch and (len(batch) == _MAX_ENTRIES or held + size > aws.MAX_MESSAGE_BYTES):
            yield batch
            batch, held = [], 0
        batch.append((place, entry))
        held += size
    if batch:
        yield batch


def _entry(event: Event) -> Entry:
    detail, metadata = event.detail, event.detail["metadata"]
    if event.detail_type in webhooks.EVENTS and presence.any_of(metadata["organization"]):
        detail = {**detail, "metadata": {**metadata, "webhooks": True}}
    return {
        "Source": SOURCE,
        "DetailType": event.detail_type,
        "Detail": aws.message_text(detail),
        "EventBusName": settings.bus_name(),
    }
