"""Answers of calls: success, and each refusal in the one error form."""

import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, get_args

from openapi import rows
from openapi.schema import listed, whole
from openapi.shapes import EVENTS
from tributary.api.http.dialect import BASES
from tributary.api.http.reserved import RESERVED
from tributary.api.routes import Route
from tributary.domain.errors import FailureType

Schema = dict[str, Any]

_CODES: dict[int, tuple[str, ...]] = {
    400: ("VALIDATION_FAILED",),
    401: ("unauthorized", "api_key_not_accepted"),
    403: ("missing_scope", "store_key_not_allowed"),
    404: ("not_found",),
    405: ("method_not_allowed",),
    409: ("conflict",),
    413: ("too_large",),
    415: ("unsupported_media_type",),
    422: ("VALIDATION_FAILED",),
    429: ("rate_limited",),
    500: ("internal_error",),
}
_BELOW = {400: "Failed checks, below `/wp-json`.", 422: "Failed checks, below `/siren/v1`."}
_WITHOUT_QUERY = (
    "Source[]", "Choice[]", "ReferralCode", "Attribution", "Explanation", "Settings", "PaymentFile[]", "Download",
    "PayoutSettings", "Payer", "EventName[]",
)  # fmt: skip
#: Media types of bank files.
_FILES = ("text/csv", "text/plain", "application/xml")
_FAILURE = whole(
    field={"type": "string"},
    message={"type": "string"},
    type={"type": "string", "enum": list(get_args(FailureType))},
    context={"type": "object"},
)


def refusals(route: Route, invalid: Sequence[int]) -> list[int]:
    """The statuses of a call's refusals."""
    statuses = {401, 403, 429, 500, *route.refusals}
    if "{id}" in route.path:
        statuses |= {404, 405} if _can_be_reserved(route) else {404}
    if route.body:
        statuses |= {*invalid, 413, 415}
    if route.method == "POST":
        statuses |= {*invalid} if route.secret else {*invalid, 409}
    if route.method == "GET" and route.answer not in _WITHOUT_QUERY:
        statuses |= {*invalid}
    return sorted(statuses)


def _can_be_reserved(route: Route) -> bool:
    """True if the path's `{id}` can be a word that another call has for itself, and not with this method."""
    path = re.compile(re.sub(r"{id}", "[^/]+", BASES[route.dialect] + route.path))
    return any(path.fullmatch(word) and route.method not in methods for word, methods in RESERVED.items())


def of(route: Route, is_list: bool, invalid: Sequence[int]) -> Schema:
    """All answers of a call, by status."""
    schema = _reference("schemas", route.answer.removesuffix("[]"))
    if route.rows:
        schema = _of_rows(route, schema)
    body = {"application/json": {"schema": listed(schema) if route.answer.endswith("[]") else schema}}
    if route.answer == "Download":
        body = {media_type: {"schema": schema} for media_type in _FILES}
    success: Schema = {"content": body}
    if route.rows:
        success["headers"] = _AGAIN
    elif route.answer in EVENTS:
        success["headers"] = _event_headers()
        success["description"] = "Recorded. The body is empty unless a representation is preferred."
    elif is_list:
        success["headers"] = _LIST_HEADERS
    elif route.answer == "Statement":
        success["headers"] = {"Link": _LIST_HEADERS["Link"]}
    if route.method == "POST" and route.answer in _DISCLOSED and not route.rows:
        success["headers"] = success.get("headers", {}) | _REPEATED
    if route.method == "POST" and not route.secret:
        success["headers"] = success.get("headers", {}) | _REPLAYED
    empty: Schema = {}
    done = {
        str(status): {"description": HTTPStatus(status).phrase, **(empty if status == 204 else success)}
        for status in route.statuses
    }
    return done | {str(status): _reference("responses", str(status)) for status in refusals(route, invalid)}


def responses() -> dict[str, Schema]:
    """One per status of a refusal."""
    return {str(status): _refusal(status) for status in _CODES}


def schemas() -> dict[str, Schema]:
    """The error form. `data` repeats `context`."""
    context = {"type": "object", "properties": {"failedValidations": listed(_reference("schemas", "Failure"))}}
    members = whole(message={"type": "string"}, code={"type": "string"}, context=context, data=context)
    return {"Failure": _FAILURE, "Error": whole(error=members)}


def _refusal(status: int) -> Schema:
    code = {"type": "object", "properties": {"code": {"enum": list(_CODES[status])}}}
    schema = {"allOf": [_reference("schemas", "Error"), {"type": "object", "properties": {"error": code}}]}
    answer: Schema = {
        "description": _BELOW.get(status, HTTPStatus(status).phrase),
        "content": {"application/json": {"schema": schema}},
    }
    headers = {401: {"WWW-Authenticate": _header("Bearer")}, 429: LATER}.get(status)
    return answer | ({"headers": headers} if headers else {})


def _event_headers() -> Schema:
    return {"X-Siren-OID": _header("The opportunity.")}


def _of_rows(route: Route, one: Schema) -> Schema:
    members: dict[str, Schema] = {"success": {"const": True}} if route.dialect == "sequenzy" else {}
    return rows.answer(one, _reference("schemas", "Error"), **members)


def _header(description: str) -> Schema:
    return {"schema": {"type": "string"}, "description": description}


LATER = {"Retry-After": _header("The same request is welcome after so many seconds.")}
_AGAIN = {"Retry-After": _header("Some rows were not done: send the batch again after so many seconds.")}
_REPLAYED = {"Idempotent-Replayed": _header("true: this is the answer that the first request got.")}
_LIST_HEADERS = {
    "Link": _header('The next page, as <…>; rel="next".'),
    "x-siren-estimated-count": _header("How many records there are."),
}


def _reference(kind: str, name: str) -> Schema:
    return {"$ref": f"#/components/{kind}/{name}"}


#: Answers that disclose a repeat.
_DISCLOSED = (
    "SaleAnswer", "ChangeAnswer", "RefundAnswer", "Queued", "Checkout", "SalesEvent", "AffiliateSale", "Conversion",
    "Metric",
)  # fmt: skip
_REPEATED: Schema = {
    "Idempotency-Hit": _header("true: this was recorded before."),
    "Idempotency-Differs": _header("Members that say something else than the first report."),
}
