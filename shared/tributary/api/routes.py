"""Every route of the API, for the answer to what has none: 404 for a path, 405 with `Allow` for a method."""

import re
from typing import Any

from tributary.api.forms import BASE, WORDPRESS, error_body

#: Method, path below the base, and the function that answers. A contract test holds it against the template and the
#: handlers.
ROUTES = (
    ("POST", "/event/sale", "report_sale"),
    ("POST", "/event/refund", "report_refund"),
    ("POST", "/event/site-visited", "report_visit"),
    ("POST", "/event/coupon-applied", "report_visit"),
    ("POST", "/event/{slug}", "report_event"),
    ("GET", "/event-types", "manage_event_types"),
    ("POST", "/event-types", "manage_event_types"),
    ("GET", "/transactions", "query_transactions"),
    ("GET", "/transactions/sources", "query_transactions"),
    ("GET", "/transactions/{id}", "query_transactions"),
    ("GET", "/transactions/{id}/attribution", "query_transactions"),
    ("GET", "/opportunities", "manage_opportunities"),
    ("GET", "/opportunities/{id}", "manage_opportunities"),
    ("POST", "/opportunities/{id}/invalidate", "manage_opportunities"),
    ("GET", "/engagements", "manage_opportunities"),
    ("GET", "/engagements/{id}", "manage_opportunities"),
    ("GET", "/conversions", "manage_conversions"),
    ("POST", "/conversions/bulk", "manage_conversions"),
    ("GET", "/conversions/{id}", "manage_conversions"),
    ("GET", "/obligations", "query_obligations"),
    ("GET", "/obligations/{id}", "query_obligations"),
    ("GET", "/programs", "manage_programs"),
    ("POST", "/programs", "manage_programs"),
    ("GET", "/programs/status-types", "manage_programs"),
    ("GET", "/programs/incentive-types", "manage_programs"),
    ("GET", "/programs/currency-types", "manage_programs"),
    ("GET", "/programs/{id}", "manage_programs"),
    ("PUT", "/programs/{id}", "manage_programs"),
    ("GET", "/program-groups", "manage_program_groups"),
    ("POST", "/program-groups", "manage_program_groups"),
    ("GET", "/program-groups/{id}", "manage_program_groups"),
    ("PUT", "/program-groups/{id}", "manage_program_groups"),
    ("GET", "/collaborators", "manage_collaborators"),
    ("POST", "/collaborators", "manage_collaborators"),
    ("GET", "/collaborators/status-types", "manage_collaborators"),
    ("GET", "/collaborators/generate-referral-code", "manage_collaborators"),
    ("POST", "/collaborators/generate-referral-code", "manage_collaborators"),
    ("GET", "/collaborators/{id}", "manage_collaborators"),
    ("PUT", "/collaborators/{id}", "manage_collaborators"),
    ("GET", "/event-sources", "manage_event_sources"),
    ("POST", "/event-sources", "manage_event_sources"),
    ("GET", "/api-keys", "manage_api_keys"),
    ("POST", "/api-keys", "manage_api_keys"),
    ("DELETE", "/api-keys/{id}", "manage_api_keys"),
)


def allowed(path: str) -> list[str]:
    """The methods of a path, with or without the WordPress prefix; an empty list if there is no such path."""
    below = path.removeprefix(WORDPRESS)
    return sorted({method for method, route, _ in ROUTES if re.fullmatch(_pattern(route), below)})


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
    return re.escape(BASE) + route.replace("{id}", r"\d+").replace("{slug}", "[^/]+")


def _answer(status: int, body: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
    return {"statusCode": status, "headers": {"Content-Type": "application/json", **(headers or {})}, "body": body}
