"""Parameters of calls: ids in paths, queries of lists and records, headers of events."""

from collections.abc import Mapping
from typing import Any

from openapi import bodies
from openapi.schema import ID
from tributary.api.batches import rows
from tributary.api.http import idempotency_key
from tributary.api.http.bodies import SnakeBody
from tributary.api.http.inputs import blanks, patterns
from tributary.api.http.inputs.taken import SHARED, or_blank
from tributary.api.lists import query
from tributary.api.lists.resource import Resource
from tributary.api.siren.owed import statements
from tributary.api.siren.owed.statistics import MOST
from tributary.domain.statistics import DAY, SPANS

Schema = dict[str, Any]

SLUG: Schema = {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,63}$"}
DELIVERY: Schema = {"type": "string", "pattern": "^evt_[0-9a-f]{32}$"}
PATHS: dict[str, Schema] = {"id": ID, "slug": SLUG, "name": {"type": "string"}, "deliveryId": DELIVERY}


def _text(pattern: str) -> Schema:
    return {"type": "string", "pattern": f"^({pattern})$"}


CURSOR = _text(f"({query.CURSOR.pattern})?")
SHARED["DateOfQuery"] = _text(f"({query.DATE.pattern})?")
_DATE: Schema = {"$ref": "#/components/schemas/DateOfQuery"}


def in_path(name: str, known: Mapping[str, Schema] = PATHS) -> Schema:
    return {"name": name, "in": "path", "required": True, "schema": known[name]}


def in_query(**schemas: Schema) -> list[Schema]:
    """Optional parameters of a query."""
    return [_query(name, schema) for name, schema in schemas.items()]


def of_model(model: type[SnakeBody]) -> list[Schema]:
    """The parameters of a query that is read as a model, without the empty ones."""
    whole, blank = bodies.whole(model), blanks.optional_texts(model, model.names)
    found = []
    for name, schema in whole["properties"].items():
        schema = _without_null(schema)
        if name in whole.get("required", ()):
            found.append({**_query(name, schema), "required": True})
        else:
            found.append(_query(name, or_blank(schema) if name in blank else or_empty(schema)))
    return found


def _without_null(schema: Schema) -> Schema:
    """A member's schema for a query, which has no null."""
    taken = [it for it in schema.get("anyOf", ()) if it != {"type": "null"}]
    own = {name: value for name, value in schema.items() if (name, value) != ("default", None)}
    return {**own, **taken[0]} if len(taken) == 1 and own.pop("anyOf") else own


def size(default: int, most: int) -> Schema:
    """The number of rows of a page."""
    return {**_integer(1, most), "default": default}


def or_empty(schema: Schema) -> Schema:
    """The schema with empty text, which counts as absent."""
    about = {name: schema[name] for name in ("default", "description") if name in schema}
    return {"anyOf": [{name: value for name, value in schema.items() if name not in about}, {"const": ""}], **about}


def _integer(least: int, most: int) -> Schema:
    return {"type": "integer", "minimum": least, "maximum": most}


def of_list(resource: Resource) -> list[Schema]:
    """Paging, order, fields and filters."""
    return [
        _query("number", size(resource.default_size, query.MAX_SIZE)),
        _query("offset", {**_integer(0, query.MAX_OFFSET), "default": 0}),
        _query("page", {"type": "integer", "minimum": 1}, "Instead of number and offset."),
        _query("perPage", size(resource.default_size, query.MAX_SIZE), "With page."),
        _query("cursor", CURSOR, "From the Link header of the page before."),
        _query("orderBy", {"type": "string", "enum": query.columns(resource), "default": "id"}),
        _query("order", {**_text(patterns.any_case(query.ORDERS)), "default": resource.order}),
        _query("dateFrom", _DATE, "ISO 8601, inclusive."),
        _query("dateTo", _DATE, "ISO 8601, exclusive."),
        *of_record(resource),
        *(_query(name, {"type": "string"}, "A filter.") for name in resource.filters),
    ]


def of_record(resource: Resource) -> list[Schema]:
    known = ", ".join(resource.fields)
    return [
        _query("fields", _text(patterns.listed(resource.fields)), f"Exactly these fields, comma-separated: {known}."),
        _query("include", {"type": "string"}, "`extended` for all fields."),
    ]


def of_statement() -> list[Schema]:
    """The period and the page of a statement."""
    return [
        _query("from", _DATE, "ISO 8601, inclusive."),
        _query("to", _DATE, "ISO 8601, exclusive."),
        _query("number", size(statements.DEFAULT_SIZE, query.MAX_SIZE)),
        _query("cursor", CURSOR, "From the Link header of the page before."),
    ]


def of_statistics() -> list[Schema]:
    """The spans of statistics."""
    by = or_empty({"type": "string", "enum": [*SPANS], "default": DAY})
    most = ", ".join(f"{count} {span}s" for span, count in MOST.items())
    return [
        _query("from", _DATE, f"ISO 8601; the span that it is in is the first. At most {most}."),
        _query("to", _DATE, "ISO 8601, exclusive; the span that it ends is the last. Now by default."),
        _query("by", by, "The length of a row."),
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
