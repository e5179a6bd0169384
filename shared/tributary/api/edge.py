"""The HTTP edge of a function: its resolver, with the answers to whatever goes wrong."""

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.forms import WORDPRESS, error_body, json_text
from tributary.api.requests import UnsupportedMediaType
from tributary.domain import errors
from tributary.domain.errors import NotFound, TributaryError
from tributary.ledger.trace import tracing
from tributary.telemetry import log_failure, logger

_STATUS: dict[type[TributaryError], int] = {
    errors.ValidationFailed: 400,
    errors.Unauthorized: 401,
    errors.ApiKeyNotAccepted: 401,
    errors.MissingScope: 403,
    errors.StoreKeyNotAllowed: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.TooLarge: 413,
    UnsupportedMediaType: 415,
}


def resolver() -> APIGatewayHttpResolver:
    """A resolver whose every answer, also to an error nobody foresaw, has the API's own form."""
    app = APIGatewayHttpResolver(strip_prefixes=[WORDPRESS])
    app.not_found(lambda _: refusal(NotFound("There is nothing at this path.", {"path": app.current_event.path[:200]})))
    app.exception_handler(TributaryError)(refusal)
    app.exception_handler(Exception)(lambda error: _internal(app, error))
    return app


def resolve(app: APIGatewayHttpResolver, event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answers one request; whatever it writes carries the request's id, and one line says what came of it."""
    request_id = str(event.get("requestContext", {}).get("requestId", context.aws_request_id))
    logger.set_correlation_id(request_id)
    logger.remove_keys(["organization"])
    with tracing(request_id):
        answer = app.resolve(event, context)
    logger.info("answered", extra={"route": event.get("routeKey"), "status": answer["statusCode"]})
    return answer


def empty(headers: Mapping[str, str] | None = None) -> Response[str]:
    """200 without a body."""
    return Response(200, body="", headers=dict(headers or {}))


def answer(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response[str]:
    """A JSON body, bare: an object or a list, no wrapper."""
    return Response(status, "application/json", json_text(body), dict(headers or {}))


def refusal(error: TributaryError) -> Response[str]:
    """The answer to a request that is refused."""
    status = next(status for kind, status in _STATUS.items() if isinstance(error, kind))
    body = error_body(error.message, error.code, error.context)
    return Response(status, "application/json", body, {"WWW-Authenticate": "Bearer"} if status == 401 else {})


def _internal(app: APIGatewayHttpResolver, error: Exception) -> Response[str]:
    request_id = app.current_event.request_context.request_id
    log_failure("request failed", error, requestId=request_id)
    body = error_body("Something went wrong on our side.", "internal_error", {"requestId": request_id})
    return Response(500, "application/json", body)
