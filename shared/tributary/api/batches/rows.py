"""Many rows in one request, as a JSON array or a JSON document per line. Each row is a body of the single call and gets
the single call's status, body and headers.

Rows do not affect one another. Our failures and unprocessed rows are marked for retry; a batch may be repeated as a
whole or in part."""

import time
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import partial
from typing import Any, Generic, NamedTuple, TypeVar

from aws_lambda_powertools.event_handler import Response

from tributary import settings
from tributary.api.batches import results, thread_pool
from tributary.api.batches.results import Outcome
from tributary.api.http import requests
from tributary.api.http.bodies import SnakeBody
from tributary.api.http.dialect import Unavailable, UnsupportedMediaType
from tributary.api.http.edge import Answered, imports_history, unforeseen
from tributary.api.http.resolver import Resolver
from tributary.domain.errors import Failure, TributaryError, ValidationFailed

MAX_ROWS = 500
NDJSON = "application/x-ndjson"
AUTOMATIONS = "automations"
#: Seconds before the function times out: a throttled row takes a few, the answer less than one.
_NOT_BEGUN_SECONDS, _ANSWERED_SECONDS = 5.0, 1.5

Body = TypeVar("Body", bound=SnakeBody)


class Rows(NamedTuple, Generic[Body]):
    """A dialect's rows: the single call's model, the handling of one row, and the keys that two rows processed in order
    share."""

    model: type[Body]
    one: Callable[[Body, bool], Answered]
    keys: Callable[[Body], Iterable[Hashable]]


class _Batch(NamedTuple):
    """Documents, with a refusal for each line that is none. Automations skip the rows unless `automations` is true."""

    rows: Sequence[Any]
    automations: bool


def answered(app: Resolver, rows: Rows[Body], status: int = 200, **members: Any) -> Response[str]:
    """The results of a batch's rows, in order, with `members` and counts. ValidationFailed for no rows, for more than
    MAX_ROWS, for a body other than a list, or an invalid `automations`."""
    batch, request_id = _read(app), app.current_event.request_context.request_id
    if not batch.automations:
        imports_history()
    read = [_checked(rows.model, row) for row in batch.rows]
    tasks = [partial(_attempt, rows.one, row, batch.automations, request_id) for row in read]
    groups = thread_pool.chains([() if isinstance(row, TributaryError) else rows.keys(row) for row in read])
    done = thread_pool.done(tasks, groups, settings.import_threads(), _until(app))
    late = [row if isinstance(row, TributaryError) else Unavailable() for row in read]
    return results.answer(app, [done.get(place, late[place]) for place in range(len(read))], status, members)


def _read(app: Resolver) -> _Batch:
    """Report all failures of the batch as a whole at once."""
    failures = list[Failure]()
    given = (app.current_event.query_string_parameters or {}).get(AUTOMATIONS, "true")
    if given not in ("true", "false"):
        failures.append(Failure(AUTOMATIONS, f"{AUTOMATIONS} must be true or false.", "ENUM"))
    try:
        rows = _documents(app)
    except ValidationFailed as refusal:
        raise ValidationFailed([*refusal.failures, *failures]) from refusal
    if failures:
        raise ValidationFailed(failures)
    return _Batch(rows, given == "true")


def _documents(app: Resolver) -> Sequence[Any]:
    media_type = requests.media_type(app)
    if media_type == NDJSON:
        return [_line(line) for line in _counted([line for line in requests.text(app).split("\n") if line.strip()])]
    if not requests.is_json(media_type):
        sentence = f"The body must be sent as application/json or {NDJSON}."
        raise UnsupportedMediaType(sentence, {"contentType": media_type[:100]})
    text = requests.text(app)
    found = requests.parsed(text) if text.strip() else []
    if not isinstance(found, list):
        raise ValidationFailed([Failure("body", "body must be a list.", "TYPE")])
    return [{} if row == [] else row for row in _counted(found)]


def _line(line: str) -> Any:
    try:
        return requests.document(line)
    except ValidationFailed as refusal:
        return refusal


def _counted(rows: Sequence[Any]) -> Sequence[Any]:
    if not rows:
        raise ValidationFailed([Failure("body", "body must have at least 1 row.", "LENGTH", {"min": 1})])
    if len(rows) > MAX_ROWS:
        sentence = f"body must have at most {MAX_ROWS} rows."
        raise ValidationFailed([Failure("body", sentence, "LENGTH", {"max": MAX_ROWS})])
    return rows


def _checked(model: type[Body], row: Any) -> Body | TributaryError:
    if isinstance(row, TributaryError):
        return row
    try:
        return requests.checked(model, row)
    except ValidationFailed as refusal:
        return refusal


def _until(app: Resolver) -> thread_pool.Until:
    over = time.monotonic() + app.lambda_context.get_remaining_time_in_millis() / 1000
    return thread_pool.Until(over - _NOT_BEGUN_SECONDS, over - _ANSWERED_SECONDS)


def _attempt(
    one: Callable[[Body, bool], Answered], row: Body | TributaryError, automations: bool, request_id: str
) -> Outcome:
    """The outcome of a row, errors included, so that the other rows continue."""
    if isinstance(row, TributaryError):
        return row
    try:
        return one(row, automations)
    except TributaryError as refusal:
        return refusal
    except Exception as error:  # noqa: BLE001  # reported in the row's result
        return unforeseen(error, request_id)
