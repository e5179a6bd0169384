"""Request bodies: JSON Schema of the pydantic models, with the schemas of their checks."""

import importlib
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from tributary.api.http import unread_members
from tributary.api.http.bodies import SnakeBody
from tributary.api.http.fields import MAX_MEMBERS
from tributary.api.http.inputs import blanks
from tributary.api.http.inputs.taken import NAMED, SCHEMAS, SHARED, or_blank

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
    never_null: dict[str, Mapping[str, str]] = {}
    for name in sorted(names):
        schema = model(name, dialect).model_json_schema(ref_template=_PLACE, schema_generator=_Bodies)
        found |= schema.pop("$defs", {}) | {schema.pop("title"): schema}
        never_null |= {kind.__name__: kind.never_null({}) for kind in _all(model(name, dialect))}
        may_be_blank |= {kind.__name__: blanks.optional_texts(kind, kind.names) for kind in _all(model(name, dialect))}
    for name, schema in found.items():
        schema.pop("title", None)
        for member, part in schema.get("properties", {}).items():
            if name in changes or part.get("default", ...) in (None, "") or "$ref" in part:
                part.pop("default", None)
            if member not in schema.get("required", ()):
                taken = or_blank(part) if member in may_be_blank[name] else part
                schema["properties"][member] = _not_null(taken) if member in never_null[name] else _or_null(taken)
    return {name: referring(schema) for name, schema in found.items()}


def whole(body: type[BaseModel]) -> Schema:
    """A model's schema by itself."""
    return dict(referring(body.model_json_schema(ref_template=_PLACE, schema_generator=_Bodies)))


def inlined(part: Any) -> Any:
    """The part with the shared schemas in place of references."""
    if isinstance(part, list):
        return [inlined(inner) for inner in part]
    if not isinstance(part, dict):
        return part
    inner = {name: inlined(value) for name, value in part.items()}
    shared = SHARED.get(str(part.get("$ref", "")).rpartition("/")[2])
    return inner if shared is None else {**shared, **{name: value for name, value in inner.items() if name != "$ref"}}


def shared_in(part: Any) -> Iterator[str]:
    """The names of the shared schemas that a part refers to."""
    if isinstance(part, dict):
        name = str(part.get("$ref", "")).rpartition("/")[2]
        yield from [name] if name in SHARED else []
        part = list(part.values())
    for inner in part if isinstance(part, list) else ():
        yield from shared_in(inner)


def referring(part: Any) -> Any:
    """The part with references to the shared schemas that it names."""
    if isinstance(part, list):
        return [referring(inner) for inner in part]
    if not isinstance(part, dict):
        return part
    inner = {name: referring(value) for name, value in part.items() if name != NAMED}
    return {"$ref": _PLACE.format(model=part[NAMED]), **inner} if NAMED in part else inner


def _all(body: type[BaseModel]) -> Iterator[type[SnakeBody]]:
    """The body and those within it."""
    if issubclass(body, SnakeBody):
        yield body
    for field in body.model_fields.values():
        for inner in unread_members.models(field.annotation):
            yield from _all(inner)


def _not_null(part: Schema) -> Schema:
    """Leave out the null that pydantic notes of an optional member."""
    others = [it for it in part.get("anyOf", ()) if it != {"type": "null"}]
    about = {name: value for name, value in part.items() if name != "anyOf"}
    return {**others[0], **about} if len(others) == 1 else part


def _or_null(part: Schema) -> Schema:
    """Accept null for every optional member."""
    if "type" in part and "anyOf" not in part:
        kinds = [part["type"]] if isinstance(part["type"], str) else part["type"]
        names = {"enum": [*part["enum"], None]} if "enum" in part else {}
        return {**part, "type": list(dict.fromkeys([*kinds, "null"])), **names}
    if "anyOf" in part:
        null = {"type": "null"}
        return {**part, "anyOf": part["anyOf"] + ([] if null in part["anyOf"] else [null])}
    about = {name: part[name] for name in ("default", "description") if name in part}
    return {"anyOf": [{name: value for name, value in part.items() if name not in about}, {"type": "null"}], **about}


_PLACE = "#/components/schemas/{model}"


class _Bodies(GenerateJsonSchema):
    """Takes a check's schema from SCHEMAS; a missing one is an error. Checks of a whole body have none."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def function_plain_schema(self, schema: core_schema.PlainValidatorFunctionSchema) -> JsonSchemaValue:
        return _taken(schema, {})

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        return self._with(schema)

    def function_after_schema(self, schema: core_schema.AfterValidatorFunctionSchema) -> JsonSchemaValue:
        return self._with(schema)

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """Names of members as propertyNames: a pattern for some of them would say nothing of the others."""
        limits = {"maxProperties": schema["max_length"]} if "max_length" in schema else {}
        names = self.generate_inner(schema.get("keys_schema", core_schema.str_schema()))
        names = {name: value for name, value in names.items() if name != "type"}
        values = {"additionalProperties": self.generate_inner(schema.get("values_schema", core_schema.any_schema()))}
        return {"type": "object", **values, **({"propertyNames": names} if names else {}), **limits}

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        return super().model_schema(schema) | {"maxProperties": MAX_MEMBERS}

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        return {}

    def _with(self, schema: Any) -> JsonSchemaValue:
        inner = self.generate_inner(schema["schema"])
        return inner if _is_whole(schema["schema"]) else _taken(schema, inner)


def _is_whole(schema: Any) -> bool:
    """True for a whole body, perhaps inside checks of it."""
    while schema["type"].startswith("function-"):
        schema = schema["schema"]
    return schema["type"] in ("model", "model-fields")


def _taken(schema: Any, inner: Schema) -> Schema:
    check = schema["function"]["function"]
    if isinstance(check, partial):  # a limit, which pydantic adds itself
        return inner
    if check not in SCHEMAS:
        raise LookupError(f"{check.__module__}.{check.__qualname__} does not say what it takes: see taken.takes")
    return SCHEMAS[check](inner)
