"""`Idempotency-Key`: repeating a POST within a day returns the first answer and does not run it again.

Loaded only when the header is present. Powertools' utility does the work, in a table of its own."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)
from aws_lambda_powertools.utilities.idempotency.exceptions import (
    IdempotencyAlreadyInProgressError,
    IdempotencyInconsistentStateError,
    IdempotencyPersistenceLayerError,
    IdempotencyValidationError,
)

from tributary import settings
from tributary.api.http import requests
from tributary.api.http.resolver import Resolver
from tributary.domain.errors import Failure, RepeatDiffers, RepeatInProgress, ValidationFailed
from tributary.ledger.store import table
from tributary.telemetry import log_failure

HEADER = "Idempotency-Key"
REPLAYED = {"Idempotent-Replayed": "true"}
KEPT_SECONDS = 24 * 60 * 60
MAX_LENGTH = 255
#: Bytes; larger answers are not stored, since a DynamoDB item holds 400 KB.
MAX_KEPT = 300_000

Kept = dict[str, Any]
Handle = Callable[[Resolver], Response[str]]


class _NotKept(Exception):
    """The answer must not be stored; raised because the utility frees a key on an error."""


def answered_once(app: Resolver, handle: Handle) -> Response[str]:
    """The answer of the first request with this key. Refusals and failures free the key."""
    claim = _claim(app)
    made, refused = list[Response[str]](), list[Exception]()

    def run(claim: Kept) -> Kept:
        try:
            made.append(handle(app))
        except Exception as error:
            refused.append(error)
            raise
        return _kept(made[0])

    try:
        kept = _once(app, run)(claim=claim)
    except _NotKept:
        return made[0]
    except (IdempotencyAlreadyInProgressError, IdempotencyInconsistentStateError) as error:
        raise RepeatInProgress from error
    except IdempotencyValidationError as error:
        raise RepeatDiffers from error
    except IdempotencyPersistenceLayerError as error:
        return _unkept(error, made, refused)
    return made[0] if made else _replayed(kept)


def _once(app: Resolver, run: Callable[[Kept], Kept]) -> Callable[..., Kept]:
    """The handler wrapped by the utility, for this request's remaining time."""
    config = IdempotencyConfig(
        event_key_jmespath="key",
        payload_validation_jmespath="request",
        expires_after_seconds=KEPT_SECONDS,
        hash_function="sha256",
        lambda_context=app.lambda_context,
    )
    store = _store(table.client(), settings.idempotency_table_name())
    once: Callable[..., Kept] = idempotent_function(
        run, data_keyword_argument="claim", persistence_store=store, config=config, key_prefix="repeat"
    )
    return once


def _unkept(
    error: IdempotencyPersistenceLayerError, made: Sequence[Response[str]], refused: Sequence[Exception]
) -> Response[str]:
    """The answer after a failure of the keys' table: the completed answer or refusal if there is one, else the failure
    itself."""
    if not made and not refused:
        raise (error.__cause__ or error) from None
    log_failure("an answer could not be stored", error)
    if refused:
        raise refused[0] from error
    return made[0]


def _claim(app: Resolver) -> Kept:
    """A request's key, and the parts that a repeat must not change. The path stands for the route, since it names the
    record."""
    caller, event = requests.authenticated(app), app.current_event
    route = f"{event.http_method} {event.path}"
    key = [caller.organization, caller.key_id, route, _checked(app, event.headers[HEADER])]
    return {"key": key, "request": [event.raw_event.get("rawQueryString") or "", event.body or ""]}


def _checked(app: Resolver, header: str) -> str:
    if not app.keeps_answers:
        raise _refused("is not accepted here: the answer is not stored; a repeat is answered anew.", "UNKNOWN")
    if len(header) > MAX_LENGTH:
        raise _refused(f"must have at most {MAX_LENGTH} characters.", "LENGTH")
    if not header.strip() or not header.isascii() or not header.isprintable():
        raise _refused("must be printable ASCII.", "FORMAT")
    return header.strip()


def _refused(sentence: str, kind: Any) -> ValidationFailed:
    return ValidationFailed([Failure(HEADER, f"{HEADER} {sentence}", kind)])


def _kept(response: Response[str]) -> Kept:
    if not 200 <= response.status_code < 300 or len((response.body or "").encode()) > MAX_KEPT:
        raise _NotKept
    if "Retry-After" in response.headers:  # a batch with rows to send again
        raise _NotKept
    return {"status": response.status_code, "body": response.body, "headers": dict(response.headers)}


def _replayed(kept: Kept) -> Response[str]:
    return Response(kept["status"], body=kept["body"], headers={**kept["headers"], **REPLAYED})


@cache
def _store(client: Any, table_name: str) -> DynamoDBPersistenceLayer:
    """One per client, since the utility adds a hook to it."""
    return DynamoDBPersistenceLayer(table_name, boto3_client=client)
