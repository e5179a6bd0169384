"""Parameters of calls: ids in paths, queries of lists and records, headers of events."""

from collections.abc import Mapping
from typing import Any

from openapi.schema import ID
from tributary.api.batches import rows
from tributary.api.http import idempotency_key
from tributary.api.lists.query import MAX_OFFSET, MAX_SIZE
from tributary.api.lists.resource import Resource

Schema = dict[str, Any]

SLUG: Schema = {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,63}$"}
PATHS: dict[str, Schema] = {"id": ID, "slug": SLUG}


def in_path(name: str, known: Mapping[str, Schema] = PATHS) -> Schema:
    return {"name": name, "in": "path", "required": True, "schema": known[name]}


def in_query(name: str) -> Schema:
    return _query(name, {"type": "string"})


def of_list(resource: Resource) -> list[Schema]:
    """Paging, order, fields and filters."""
    order_by = ["id", "dateCreated", *resource.order_by]
    return [
        _query("number", {**_integer(1), "maximum": MAX_SIZE, "default": resource.default_size}),
        _query("offset", {**_integer(0), "maximum": MAX_OFFSET, "default": 0}),
        _query("page", _integer(1), "Instead of number and offset."),
        _query("perPage", {**_integer(1), "maximum": MAX_SIZE, "default": resource.default_size}, "With page."),
        _query("cursor", {"type": "string"}, "From the Link header of the page before."),
        _query("orderBy", {"type": "string", "enum": order_by, "default": "id"}),
        _query("order", {"type": "string", "pattern": "^([Aa][Ss][Cc]|[Dd][Ee][Ss][Cc])$", "default": resource.order}),
        _query("dateFrom", {"type": "string"}, "ISO 8601, inclusive."),
        _query("dateTo", {"type": "string"}, "ISO 8601, exclusive."),
        *of_record(resource),
        *(_query(name, {"type": "string"}, "A filter.") for name in resource.filters),
    ]


def of_record(resource: Resource) -> list[Schema]:
    known = ", ".join(resource.fields)
    return [
        _query("fields", {"type": "string"}, f"Exactly these fields, comma-separated: {known}."),
        _query("include", {"type": "string"}, "`extended` for all fields."),
    ]


def of_event(path: str) -> list[Schema]:
    prefer = _header("Prefer", "`return=representation` for an answer in JSON.")
    if path in ("/event/sale", "/event/refund"):
        return [prefer]
    return [prefer, _header("X-Siren-OID", "Continues this opportunity.")]


def of_rows() -> list[Schema]:
    schema = {"type": "string", "enum": ["true", "false"], "default": "true"}
    return [_query(rows.AUTOMATIONS, schema, "`false` of history: the events of its rows say so.")]


def of_repeats() -> Schema:
    """Empty keys are refused, yet gateways may drop them on the way, so the document does not mention it."""
    schema = {"type": "string", "maxLength": idempotency_key.MAX_LENGTH, "pattern": "^[ -~]*$"}
    about = "A POST that comes again with it within 24 hours gets the first answer, with `Idempotent-Replayed: true`."
    return {**_header(idempotency_key.HEADER, about), "schema": schema}


def _query(name: str, schema: Schema, description: str = "") -> Schema:
    parameter = {"name": name, "in": "query", "schema": schema}
    return parameter | ({"description": description} if description else {})


def _header(name: str, description: str) -> Schema:
    return {"name": name, "in": "header", "schema": {"type": "string"}, "description": description}


def _integer(least: int) -> Schema:
    return {"type": "integer", "minimum": least}
