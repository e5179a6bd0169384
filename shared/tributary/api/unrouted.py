"""The answer to what has no route: 404 for a path, 405 with `Allow` for a method."""

import re
from typing import Any

from tributary.api.forms import BASE, WORDPRESS, error_body
from tributary.api.routes import ROUTES


def allowed(path: str) -> list[str]:
    """The methods of a path, with or without the WordPress prefix; an empty list if there is no such path."""
    below = path.removeprefix(WORDPRESS)
    return sorted({route.method for route in ROUTES if re.fullmatch(_pattern(route.path), below)})


def answer_unrouted(event: dict[str, Any]) -> dict[str, Any]:
    """The answer to a request that no route took. OPTIONS is told the methods and nothing else: keys do not belong in
    browsers."""
    path, method = event.get("rawPath", "/"), event["requestContext"]["http"]["method"]
    methods = allowed(path)
    if not methods:
        return _answer(404, error_body("There is nothing at this path.", "not_found", {"path": path[:200]}))
    allow = {"Allow": ", ".join([*methods, "OPTIONS"])}
    if method == "OPTIONS":
        return {"statusCode": 204, "headers": allow, "body": ""}
    refusal = error_body(f"{method} is not allowed here.", "method_not_allowed", {"allow": methods})
    return _answer(405, refusal, allow)


def _pattern(route: str) -> str:
    return re.escape(BASE) + route.replace("{id}", "[0-9]+").replace("{slug}", "[^/]+")


def _answer(status: int, body: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
    return {"statusCode": status, "headers": {"Content-Type": "application/json", **(headers or {})}, "body": body}
