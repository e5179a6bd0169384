"""DynamoDB streams to Lambda with partial answers, retries, bisecting, record age and on-failure destination.

The emulator retries a failed batch whole, until it is too old, and takes a partial answer for a success. One batch of
a mapping is under way at a time, in a thread of its own, so that a relay that retries does not hold up the queues.
"""

import logging
import time
from typing import Any

from ministack.core.arn import ArnParseError, parse_arn
from ministack.core.responses import request_scope
from ministack.services import dynamodb, lambda_svc

from local.emulator.streams import failure_destination
from local.emulator.streams.stream_batches import Batch, after_failure, first_failure, policy_of

PAUSE, LONGEST_PAUSE = 0.2, 2.0

logger = logging.getLogger("ministack")
_pending: dict[str, list[Batch]] = {}


def apply() -> None:
    lambda_svc._poll_dynamodb_streams = _poll


def _poll() -> bool:
    """One pass over all mappings; whether any of them had something to do."""
    advanced = [_advance_in(*scope, mapping) for *scope, mapping in lambda_svc._iter_all_esms()]
    return any(advanced)


def _advance_in(account: str, region: str, mapping: dict[str, Any]) -> bool:
    with request_scope(account, region):
        return _advance(mapping)


def _advance(mapping: dict[str, Any]) -> bool:
    uuid, table = mapping["UUID"], _table(mapping)
    function, _ = lambda_svc._get_func_record_for_qualifier(mapping["FunctionName"], mapping.get("Qualifier"))
    if not table or not function or not mapping.get("Enabled", True) or lambda_svc._esm_inflight.get(uuid):
        return False
    batches = _pending.setdefault(uuid, [])
    if not batches:
        batches.extend(_read(mapping, table))
    if batches:
        lambda_svc._dispatch_esm_batch(uuid, _process, mapping, function, batches)
    return bool(batches)


def _table(mapping: dict[str, Any]) -> str | None:
    """The table whose present stream the mapping reads."""
    source = mapping.get("EventSourceArn", "")
    try:
        spec = parse_arn(source)
    except ArnParseError:
        return None
    stream = lambda_svc._dynamodb_stream_table_from_arn_spec(spec) if spec.service == "dynamodb" else None
    table = dynamodb._tables.get(stream[0]) if stream else None
    return stream[0] if stream and table and table.get("LatestStreamArn") == source else None


def _read(mapping: dict[str, Any], table: str) -> list[Batch]:
    positions, uuid = lambda_svc._dynamodb_stream_positions, mapping["UUID"]
    oldest, newest = dynamodb.stream_start_position(table), dynamodb.stream_end_position(table)
    start = positions.get(uuid, oldest if mapping.get("StartingPosition") == "TRIM_HORIZON" else newest)
    position = max(start, oldest)
    records = dynamodb.stream_records_since(table, position, mapping.get("BatchSize", 100))
    positions[uuid] = position + len(records)
    wanted = lambda_svc._apply_filter_criteria(records, mapping)
    return [Batch(wanted)] if wanted else []


def _process(mapping: dict[str, Any], function: dict[str, Any], batches: list[Batch]) -> None:
    """One invocation with the first batch. What is given up is at its destination before it is forgotten here."""
    batch, policy = batches[0], policy_of(mapping)
    result = lambda_svc._execute_function(function, {"Records": batch.records})
    failed_at = _failed_at(result, batch, partial_answers=policy.partial_answers)
    if failed_at is None:
        batches.pop(0)
        return
    logger.warning(
        "%s: a batch of %d failed at %d\n%s",
        mapping["FunctionName"],
        len(batch.records),
        failed_at,
        result.get("log", ""),
    )
    kept, discarded = after_failure(batch, failed_at, policy, time.time())
    for given_up in discarded:
        failure_destination.send(mapping, function, given_up)
    batches[0:1] = kept
    time.sleep(min(PAUSE * 2**batch.retries, LONGEST_PAUSE))


def _failed_at(result: dict[str, Any], batch: Batch, *, partial_answers: bool) -> int | None:
    if result.get("error"):
        return 0
    return first_failure(result.get("body"), batch.records) if partial_answers else None
