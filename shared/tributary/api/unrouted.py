"""The answer to a request without a route, in the path's dialect: 404 for a path, 405 with `Allow` for a method."""

import re
from typing import Any

from tributary.api.http.dialect import BASES, MethodNotAllowed, of_path
from tributary.api.http.reserved import RESERVED
from tributary.api.http.route import Route
from tributary.api.routes import ROUTES
from tributary.domain.errors import NotFound, TributaryError


def allowed(path: str) -> list[str]:
    """The methods of a path below its stage; an empty list for an unknown path."""
    return RESERVED.get(path) or sorted({route.method for route in ROUTES if re.fullmatch(_pattern(route), path)})


def answer_unrouted(event: dict[str, Any]) -> dict[str, Any]:
    """The answer to an unrouted request. OPTIONS gets the methods and no CORS headers: keys do not belong in
    browsers."""
    path, method = _sent_path(event), event["requestContext"]["http"]["method"]
    methods = allowed(_below_stage(event))
    if not methods:
        return _refusal(event, NotFound("There is nothing at this path.", {"path": path[:200]}))
    answer = _refusal(event, MethodNotAllowed(method, methods))
    if method == "OPTIONS":
        return {"statusCode": 204, "headers": {"Allow": answer["headers"]["Allow"]}, "body": ""}
    return answer


def _sent_path(event: dict[str, Any]) -> str:
    return str(event.get("rawPath", "/"))


def _below_stage(event: dict[str, Any]) -> str:
    """The path as routes have it: `rawPath` begins with the name of any stage but `$default`."""
    stage, path = event["requestContext"].get("stage", "$default"), _sent_path(event)
    return path if stage == "$default" else path.removeprefix(f"/{stage}")


def _pattern(route: Route) -> str:
    """Siren's ids are numbers; other dialects' ids are any text."""
    path = BASES[route.dialect] + route.path
    if route.dialect == "siren":
        path = path.replace("{id}", "[0-9]+")
    return re.sub(r"\{\w+\}", "[^/]+", path)


def _refusal(event: dict[str, Any], error: TributaryError) -> dict[str, Any]:
    dialect = of_path(_below_stage(event))
    status, body, headers = dialect.refusal(error, str(event["requestContext"].get("requestId", "")))
    return {"statusCode": status, "headers": {"Content-Type": "application/json", **headers}, "body": body}
