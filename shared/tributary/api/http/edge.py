"""The HTTP edge of a function: its resolver, and answers to all errors."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import ClientError

from tributary.api.http.dialect import Dialect, InternalError, RateLimited, Refusal
from tributary.api.http.json_text import exact_json, json_text
from tributary.api.http.reserved import require_not_reserved
from tributary.api.http.resolver import Resolver
from tributary.domain.errors import NotFound, TributaryError
from tributary.ledger.store import table
from tributary.ledger.store.trace import tells_history, tracing
from tributary.telemetry import log_failure, logger

#: Seconds, about as long as our own retries took.
_RETRY_AFTER = 2


class Answered(NamedTuple):
    """An answer; `created` is true if the request made a new record."""

    response: Response[str]
    created: bool


def resolver(dialect: Dialect, keeps_answers: bool = True) -> Resolver:
    """A resolver that answers every error, foreseen or not, in the dialect's own form.

    Each POST takes `Idempotency-Key`, unless its answers must not be stored."""
    app = Resolver(dialect, keeps_answers)
    app.use([_unreserved, _once])
    app.not_found(lambda _: _refusal(app, NotFound("There is nothing at this path.", {"path": _path(app)})))
    app.exception_handler(TributaryError)(lambda error: _refusal(app, error))
    app.exception_handler(Exception)(lambda error: _refusal(app, unforeseen(error, _request_id(app))))
    return app


def resolve(app: Resolver, event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answers one request. Its writes carry the request id; one log line reports the outcome."""
    request_id = str(event.get("requestContext", {}).get("requestId", context.aws_request_id))
    logger.set_correlation_id(request_id)
    logger.remove_keys(["organization"])
    with tracing(request_id):
        answer = app.resolve(event, context)
    logger.info("answered", extra={"route": event.get("routeKey"), "status": answer["statusCode"]})
    return answer


def imports_history() -> None:
    """Mark the writes of this request, and all that follows from them, as an import of history."""
    tells_history()


def empty(headers: Mapping[str, str] | None = None) -> Response[str]:
    """200 without a body."""
    return Response(200, body="", headers=dict(headers or {}))


def no_content() -> Response[str]:
    """204, as for a record that is no longer there."""
    return Response(204, body="")


def answer(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response[str]:
    """A JSON body, bare: an object or a list, no wrapper."""
    return Response(status, "application/json", json_text(body), dict(headers or {}))


def exact_answer(body: Any) -> Response[str]:
    """A JSON body whose decimals keep every digit."""
    return Response(200, "application/json", exact_json(body))


def unforeseen(error: Exception, request_id: str) -> TributaryError:
    """The answer to an unexpected error, which is logged. Throttling and lost write races that outlast our retries
    become 429."""
    if isinstance(error, TimeoutError) or (isinstance(error, ClientError) and table.passes(error)):
        logger.warning("throttled", extra={"reason": type(error).__name__})
        return RateLimited(_RETRY_AFTER)
    log_failure("request failed", error, requestId=request_id)
    return InternalError(request_id)


def _unreserved(app: Resolver, handle: Callable[[Resolver], Response[str]]) -> Response[str]:
    require_not_reserved(app.current_event.http_method, app.current_event.path)
    return handle(app)


def _once(app: Resolver, handle: Callable[[Resolver], Response[str]]) -> Response[str]:
    """Run a POST with an Idempotency-Key once. Authentication comes before, authorization is the route's."""
    if app.current_event.http_method != "POST" or "idempotency-key" not in app.current_event.headers:
        return handle(app)
    from tributary.api.http import idempotency_key

    return idempotency_key.answered_once(app, handle)


def refusal(app: Resolver, error: TributaryError) -> Refusal:
    """The refusal of a request, or of a row of it, in the dialect's form and below its stage."""
    return app.dialect.refusal(error, _request_id(app), str(app.current_event.request_context.stage))


def _refusal(app: Resolver, error: TributaryError) -> Response[str]:
    status, body, headers = refusal(app, error)
    return Response(status, "application/json", body, dict(headers))


def _request_id(app: Resolver) -> str:
    return str(app.current_event.request_context.request_id)


def _path(app: Resolver) -> str:
    """As it was sent: `path` itself lacks the stage."""
    return str(app.current_event.raw_event["rawPath"])[:200]
