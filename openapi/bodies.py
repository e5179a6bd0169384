"""Request bodies: JSON Schema of the pydantic models, with the schemas of their checks."""

import importlib
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from tributary.api.http import blanks, unread_members
from tributary.api.http.bodies import SnakeBody
from tributary.api.http.fields import SCHEMAS

Schema = dict[str, Any]


def model(name: str, dialect: str = "siren") -> type[BaseModel]:
    """The model named by a route: `requests.sales.SaleReport`."""
    module, _, member = name.rpartition(".")
    found = getattr(importlib.import_module(f"tributary.api.{dialect}.{module}"), member)
    assert issubclass(found, BaseModel)
    return found


def schemas(names: set[str], changes: set[str], dialect: str = "siren") -> dict[str, Schema]:
    """The models and their parts, by name. In `changes`, absent members stay unchanged, so defaults are left out."""
    found: dict[str, Schema] = {}
    may_be_blank: dict[str, frozenset[str]] = {}
    for name in sorted(names):
        schema = model(name, dialect).model_json_schema(ref_template=_PLACE, schema_generator=_Bodies)
        found |= schema.pop("$defs", {}) | {schema.pop("title"): schema}
        may_be_blank |= {kind.__name__: blanks.optional_texts(kind, kind.names) for kind in _all(model(name, dialect))}
    for name, schema in found.items():
        schema.pop("title", None)
        for member, part in schema.get("properties", {}).items():
            if name in changes or part.get("default", ...) in (None, "") or "$ref" in part:
                part.pop("default", None)
            if member not in schema.get("required", ()):
                schema["properties"][member] = _or_null(_or_blank(part) if member in may_be_blank[name] else part)
    return found


def _all(body: type[BaseModel]) -> Iterator[type[SnakeBody]]:
    """The body and those within it."""
    if issubclass(body, SnakeBody):
        yield body
    for field in body.model_fields.values():
        for inner in unread_members.models(field.annotation):
            yield from _all(inner)


def _or_blank(part: Schema) -> Schema:
    """Accept blank text, which counts as absent."""
    if "anyOf" in part:
        return {**part, "anyOf": [_or_blank(it) for it in part["anyOf"]]}
    kept = {name: value for name, value in part.items() if name not in ("minLength", "pattern")}
    pattern = part.get("pattern", r"\S")
    return kept if pattern == r"\S" else kept | {"pattern": rf"^\s*$|{pattern}"}


def _or_null(part: Schema) -> Schema:
    """Accept null for every optional member."""
    if "type" in part and "anyOf" not in part:
        kinds = [part["type"]] if isinstance(part["type"], str) else part["type"]
        names = {"enum": [*part["enum"], None]} if "enum" in part else {}
        return {**part, "type": list(dict.fromkeys([*kinds, "null"])), **names}
    if {"type": "null"} in part.get("anyOf", ()):
        return part
    about = {name: part[name] for name in ("default", "description") if name in part}
    return {"anyOf": [{name: value for name, value in part.items() if name not in about}, {"type": "null"}], **about}


_PLACE = "#/components/schemas/{model}"


class _Bodies(GenerateJsonSchema):
    """Takes a check's schema from SCHEMAS; a missing one is an error. Checks of a whole body have none."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def function_plain_schema(self, schema: core_schema.PlainValidatorFunctionSchema) -> JsonSchemaValue:
        return dict(_taken(schema))

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        return self._with(schema)

    def function_after_schema(self, schema: core_schema.AfterValidatorFunctionSchema) -> JsonSchemaValue:
        return self._with(schema)

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        return {}

    def _with(self, schema: Any) -> JsonSchemaValue:
        inner = self.generate_inner(schema["schema"])
        return inner if _is_whole(schema["schema"]) else inner | _taken(schema)


def _is_whole(schema: Any) -> bool:
    """True for a whole body, perhaps inside checks of it."""
    while schema["type"].startswith("function-"):
        schema = schema["schema"]
    return schema["type"] in ("model", "model-fields")


def _taken(schema: Any) -> Schema:
    check = schema["function"]["function"]
    if check not in SCHEMAS:
        raise LookupError(f"{check.__module__}.{check.__qualname__} does not say what it takes: see fields.takes")
    return SCHEMAS[check]
