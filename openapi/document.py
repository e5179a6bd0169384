"""The OpenAPI document: every route with its parameters, its body and its answers."""

import json
import re
from collections import defaultdict
from typing import Any

from openapi import answers, bodies, dialects, parameters, rows, shapes
from tributary.api.http.dialect import BASES
from tributary.api.http.inputs.taken import SHARED
from tributary.api.routes import Route, routes_of

Schema = dict[str, Any]

_ABOUT = "Sales in, obligations out, each cent explained. Numbers sent as text have the limits of numbers."
#: Every dialect answers below the WordPress stage; only Siren's clients call it there.
_PREFIXES = {"siren": ("", "/wp-json")}


def document(dialect: str = "siren") -> Schema:
    """The document of a dialect's routes, as plain JSON values."""
    routes, spoken = routes_of(dialect), dialects.spoken(dialect)
    paths: dict[str, Schema] = defaultdict(dict)
    for route in routes:
        paths[route.path][route.method.lower()] = _operation(route, spoken)
    read = {route.body for route in routes if route.body}
    changed = {route.body.rpartition(".")[2] for route in routes if route.body and route.method in ("PATCH", "PUT")}
    schemas = bodies.schemas(read, changed, dialect) | spoken.schemas
    schemas |= {name: bodies.referring(SHARED[name]) for name in bodies.shared_in([dict(paths), schemas])}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Tributary",
            "version": "1",
            "description": _ABOUT,
        },
        "servers": [
            {"url": f"https://{{host}}{prefix}{BASES[dialect]}", "variables": {"host": {"default": "localhost"}}}
            for prefix in _PREFIXES.get(dialect, ("",))
        ],
        "security": [{"apiKey": []}],
        "paths": dict(paths),
        "components": {
            "securitySchemes": {"apiKey": spoken.security},
            "schemas": dict(sorted(schemas.items())),
            "responses": spoken.responses,
        },
    }


def text(made: Schema) -> str:
    """The document as the file's text."""
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


def _operation(route: Route, spoken: dialects.Spoken) -> Schema:
    resource = shapes.RESOURCES.get(route.answer.removesuffix("[]"))
    is_list = route.answer.endswith("[]") and resource is not None
    takes = [parameters.in_path(name, spoken.paths) for name in re.findall(r"{(\w+)}", route.path)]
    takes += spoken.queries.get(f"{route.method} {route.path}", ())
    if resource and route.method == "GET":
        takes += parameters.of_list(resource[0]) if is_list else parameters.of_record(resource[0])
    if route.rows:
        takes += parameters.of_rows()
    elif route.answer in shapes.EVENTS:
        takes += parameters.of_event(route.path)
    if route.method == "POST" and not route.secret:
        takes.append(parameters.of_repeats())
    operation: Schema = {
        "operationId": _operation_id(route),
        "summary": route.summary,
        "description": f"Requires a key with the scope `{route.scope}`.",
        "tags": [route.path.split("/")[1]],
    }
    operation |= {"parameters": takes} if takes else {}
    operation |= {"requestBody": _body(route)} if route.body else {}
    return operation | {"responses": answers.of(route, is_list, spoken.invalid)}


def _operation_id(route: Route) -> str:
    """`getTransactionsId`: unique, since method and path are."""
    return route.method.lower() + "".join(word.capitalize() for word in re.findall(r"[a-z]+", route.path))


def _body(route: Route) -> Schema:
    """Optional without required members; then it may also be the `[]` that some languages send for `{}`."""
    name = route.body or ""
    required = any(field.is_required() for field in bodies.model(name, route.dialect).model_fields.values())
    schema: Schema = {"$ref": f"#/components/schemas/{name.rpartition('.')[2]}"}
    if route.rows:
        return rows.body(schema)
    taken = schema if required else {"anyOf": [schema, {"type": "array", "maxItems": 0}]}
    return {"required": required, "content": {"application/json": {"schema": taken}}}
