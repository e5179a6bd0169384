"""A stream mapping's handling of a failed batch, as Lambda documents it. Imports nothing of the emulator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Record = dict[str, Any]

RETRIES_EXHAUSTED = "RetryAttemptsExhausted"
TOO_OLD = "RecordAgeExceeded"
NO_LIMIT = -1


@dataclass(frozen=True)
class Batch:
    records: list[Record]
    retries: int = 0


@dataclass(frozen=True)
class Discarded:
    batch: Batch
    condition: str


@dataclass(frozen=True)
class Policy:
    """A mapping's settings; -1 is "no limit", Lambda's default."""

    retries: int = NO_LIMIT
    age_seconds: int = NO_LIMIT
    bisect: bool = False
    partial_answers: bool = False


def policy_of(mapping: Mapping[str, Any]) -> Policy:
    return Policy(
        retries=int(mapping.get("MaximumRetryAttempts", NO_LIMIT)),
        age_seconds=int(mapping.get("MaximumRecordAgeInSeconds", NO_LIMIT)),
        bisect=bool(mapping.get("BisectBatchOnFunctionError")),
        partial_answers="ReportBatchItemFailures" in mapping.get("FunctionResponseTypes", []),
    )


def first_failure(answer: object, records: Sequence[Record]) -> int | None:
    """The lowest reported sequence number, to continue from. An answer that names no record of the batch fails all of
    it."""
    if not answer:
        return None
    if not isinstance(answer, dict):
        return 0
    failures = answer.get("batchItemFailures") or []
    positions = {_sequence_number(record): position for position, record in enumerate(records)}
    try:
        return min((positions[failure["itemIdentifier"]] for failure in failures), default=None)
    except (KeyError, TypeError):
        return 0


def after_failure(batch: Batch, failed_at: int, policy: Policy, now: float) -> tuple[list[Batch], list[Discarded]]:
    """The batch to try next, and the discarded records."""
    old, young = _split_by_age(batch.records[failed_at:], policy.age_seconds, now)
    discarded = [Discarded(Batch(old, batch.retries), TOO_OLD)] if old else []
    if not young:
        return [], discarded
    nexts = _retries(young, batch.retries, progress=bool(failed_at or old), bisect=policy.bisect)
    kept = [item for item in nexts if policy.retries == NO_LIMIT or item.retries <= policy.retries]
    discarded += [Discarded(item, RETRIES_EXHAUSTED) for item in nexts if item not in kept]
    return kept, discarded


def _retries(records: list[Record], retries: int, *, progress: bool, bisect: bool) -> list[Batch]:
    """Neither progress nor splitting uses up a retry, so a bad record is alone before it is given up."""
    if progress:
        return [Batch(records, retries)]
    if bisect and len(records) > 1:
        middle = len(records) // 2
        return [Batch(records[:middle], retries), Batch(records[middle:], retries)]
    return [Batch(records, retries + 1)]


def _split_by_age(records: list[Record], age_seconds: int, now: float) -> tuple[list[Record], list[Record]]:
    if age_seconds == NO_LIMIT:
        return [], records
    old = [record for record in records if now - created_at(record) > age_seconds]
    return old, records[len(old) :]


def created_at(record: Record) -> float:
    return float(record["dynamodb"]["ApproximateCreationDateTime"])


def _sequence_number(record: Record) -> str:
    return str(record["dynamodb"]["SequenceNumber"])
