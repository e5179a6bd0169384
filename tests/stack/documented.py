"""The document's word on a value, and the conditions of the API that JSON Schema cannot express."""

import functools
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

import jsonschema_rs

from openapi.document import document

Schema = dict[str, Any]

#: The sentences of those conditions: another member, the clock, or a measure that JSON Schema does not have.
BEYOND = re.compile(
    "must (not )?be in the future|was withdrawn in|unless the type is|with the type|at most 6 (decimals|digits)"
    "|bytes as JSON|must not be nested|has a number that is too large|must not lead beyond"
    "|is required without|is not one of this query|must be an https address that is public|must be later than from"
)
#: The largest number that every parser reads.
_LARGEST = Decimal(10) ** 300


@functools.cache
def documented(dialect: str) -> Schema:
    return document(dialect)


def resolved(schema: Schema, dialect: str) -> Schema:
    """The schema without references in it, in its alternatives or its entries."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        schema = documented(dialect)["components"]["schemas"][name] | {**schema, "$ref": None}
        del schema["$ref"]
    if "anyOf" in schema:
        schema = {**schema, "anyOf": [resolved(it, dialect) for it in schema["anyOf"]]}
    return {**schema, "items": resolved(schema["items"], dialect)} if "items" in schema else schema


def member(body: str, path: str, dialect: str) -> Schema:
    """The schema of a body's member, by its path: `items[0].amount`."""
    schema: Schema = {"$ref": f"#/components/schemas/{body}"}
    for step in path.split("."):
        schema = _with_properties(schema, dialect)["properties"][step.removesuffix("[0]")]
        if step.endswith("[0]"):
            lists = [it for it in resolved(schema, dialect).get("anyOf", [schema]) if "items" in it]
            schema = lists[0]["items"]
    return schema


def _with_properties(schema: Schema, dialect: str) -> Schema:
    schema = resolved(schema, dialect)
    return next(it for it in [schema, *schema.get("anyOf", ())] if "properties" in it)


class Word:
    """The document's word on values of a schema."""

    def __init__(self, schema: Schema, dialect: str) -> None:
        self._schema = resolved(schema, dialect)
        whole = {**self._schema, "components": documented(dialect)["components"]}
        self._validator = jsonschema_rs.Draft202012Validator(whole)
        kinds = [_kinds(it) for it in alternatives(self._schema)]
        self._limits_text = any("string" in kind and kind & {"integer", "number"} for kind in kinds)
        self._takes_integers = any("integer" in kind for kind in kinds)
        #: True of objects with members of their own.
        self.is_of_members = any("properties" in it for it in alternatives(self._schema))

    def allows(self, value: Any) -> bool:
        """True if a value is allowed. As the documents say, numbers as text have the limits of numbers."""
        if not self._validator.is_valid(value):
            return False
        number = _number(value) if self._limits_text and isinstance(value, str) else None
        return number is None or self._validator.is_valid(number)

    def allows_in_query(self, text: str) -> bool:
        """The same of a text in a query, where digits are a number."""
        digits = self._takes_integers and re.fullmatch("-?[0-9]{1,19}", text)
        return self.allows(text) or bool(digits and self.allows(int(text)))


def alternatives(schema: Schema) -> Iterator[Schema]:
    """The schema, its alternatives and those of its entries."""
    yield schema
    for inner in (*schema.get("anyOf", ()), *([schema["items"]] if "items" in schema else ())):
        yield from alternatives(inner)


def _kinds(schema: Schema) -> set[str]:
    kinds = schema.get("type", [])
    return {kinds} if isinstance(kinds, str) else set(kinds)


def _number(text: str) -> float | int | None:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    if not number.is_finite():
        return None
    number = max(min(number, _LARGEST), -_LARGEST)
    return int(number) if number == number.to_integral_value() else float(number)
