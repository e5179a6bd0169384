"""Request bodies: JSON Schema of the pydantic models, with what their checks say of themselves."""

import importlib
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from tributary.api.fields import SCHEMAS

Schema = dict[str, Any]


def model(name: str) -> type[BaseModel]:
    """The model that a route names: `events.SaleReport`."""
    module, _, member = name.partition(".")
    found = getattr(importlib.import_module(f"tributary.api.siren.{module}"), member)
    assert issubclass(found, BaseModel)
    return found


def schemas(names: set[str], changes: set[str]) -> dict[str, Schema]:
    """The models and what they consist of, by name. In `changes`, members that are left out stay as they are, so no
    default is theirs."""
    found: dict[str, Schema] = {}
    for name in sorted(names):
        schema = model(name).model_json_schema(ref_template=_PLACE, schema_generator=_Bodies)
        found |= schema.pop("$defs", {}) | {schema.pop("title"): schema}
    for name, schema in found.items():
        schema.pop("title", None)
        for member in schema.get("properties", {}).values():
            if name in changes or member.get("default", ...) in (None, "") or "$ref" in member:
                member.pop("default", None)
    return found


_PLACE = "#/components/schemas/{model}"


class _Bodies(GenerateJsonSchema):
    """Takes the schema of a function from SCHEMAS; one that is not there is an error, so that none is forgotten."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def function_plain_schema(self, schema: core_schema.PlainValidatorFunctionSchema) -> JsonSchemaValue:
        return dict(_taken(schema))

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        return self._with(schema)

    def function_after_schema(self, schema: core_schema.AfterValidatorFunctionSchema) -> JsonSchemaValue:
        if schema["schema"]["type"] == "model":
            return self.generate_inner(schema["schema"])
        return self._with(schema)

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        return {}

    def _with(self, schema: Any) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"]) | _taken(schema)


def _taken(schema: Any) -> Schema:
    check = schema["function"]["function"]
    check = getattr(check, "__func__", check)
    if check not in SCHEMAS:
        raise LookupError(f"{check.__module__}.{check.__qualname__} does not say what it takes: see fields.takes")
    return SCHEMAS[check]
