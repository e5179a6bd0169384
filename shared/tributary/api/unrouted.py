"""The answer to what has no route: 404 for a path, 405 with `Allow` for a method, in the path's dialect."""

import re
from typing import Any

from tributary.api.http.dialect import BASES, MethodNotAllowed, of_path
from tributary.api.http.json_text import WORDPRESS
from tributary.api.http.route import Route
from tributary.api.routes import ROUTES
from tributary.domain.errors import NotFound, TributaryError


def allowed(path: str) -> list[str]:
    """The methods of a path, with or without the WordPress prefix; an empty list if there is no such path."""
    below = path.removeprefix(WORDPRESS) if path.startswith(WORDPRESS + BASES["siren"]) else path
    return sorted({route.method for route in ROUTES if re.fullmatch(_pattern(route), below)})


def answer_unrouted(event: dict[str, Any]) -> dict[str, Any]:
    """The answer to a request that no route took. OPTIONS is told the methods and nothing else: keys do not belong in
    browsers."""
    path, method = event.get("rawPath", "/"), event["requestContext"]["http"]["method"]
    methods = allowed(path)
    if not methods:
        return _refusal(event, NotFound("There is nothing at this path.", {"path": path[:200]}))
    answer = _refusal(event, MethodNotAllowed(method, methods))
    if method == "OPTIONS":
        return {"statusCode": 204, "headers": {"Allow": answer["headers"]["Allow"]}, "body": ""}
    return answer


def _pattern(route: Route) -> str:
    """Siren's ids are numbers; those of the others are what they may be."""
    path = BASES[route.dialect] + route.path
    if route.dialect == "siren":
        path = path.replace("{id}", "[0-9]+")
    return re.sub(r"\{\w+\}", "[^/]+", path)


def _refusal(event: dict[str, Any], error: TributaryError) -> dict[str, Any]:
    dialect = of_path(event.get("rawPath", "/"))
    status, body, headers = dialect.refusal(error, str(event["requestContext"].get("requestId", "")))
    return {"statusCode": status, "headers": {"Content-Type": "application/json", **headers}, "body": body}
