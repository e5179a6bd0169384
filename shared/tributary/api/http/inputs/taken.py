"""The input of checks as JSON Schema, from which the API documents are made, and their refusals."""

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic_core import PydanticCustomError

Schema = dict[str, Any]
Check = TypeVar("Check", bound=Callable[..., Any])

#: Of each check, from the schema of what follows it.
SCHEMAS: dict[Callable[..., Any], Callable[[Schema], Schema]] = {}
#: Schemas that a document holds once, by name; elsewhere `{NAMED: name}` stands for them, since pydantic takes every
#: `$ref` for its own.
SHARED: dict[str, Schema] = {}
NAMED = "x-named"


def takes(**schema: Any) -> Callable[[Check], Check]:
    """Note a check's input as JSON Schema. Conditions that JSON Schema cannot express are left out."""
    return reshapes(lambda inner: both(inner, schema))


def takes_named(name: str, **schema: Any) -> Callable[[Check], Check]:
    """Note a check's input as a schema that the document holds once, by this name."""
    SHARED[name] = schema
    return reshapes(lambda inner: {NAMED: name})


def reshapes(change: Callable[[Schema], Schema]) -> Callable[[Check], Check]:
    """Note how a check that changes its input changes the schema."""

    def note(check: Check) -> Check:
        SCHEMAS[check] = change
        return check

    return note


def refuse(kind: str, sentence: str, **context: Any) -> PydanticCustomError:
    """A refusal whose `kind` is one of the failure types and whose sentence goes on after the field's name."""
    return PydanticCustomError(kind, sentence, context)


def both(first: Schema, second: Schema) -> Schema:
    """The schema of what both take; of two patterns each must match."""
    joined = {**first, **second}
    if "pattern" in first and "pattern" in second:
        joined["pattern"] = first["pattern"]
        joined["allOf"] = [*first.get("allOf", ()), {"pattern": second["pattern"]}, *second.get("allOf", ())]
    return joined


def or_blank(schema: Schema) -> Schema:
    """The schema with blank text, which counts as absent."""
    if "anyOf" in schema:
        return {**schema, "anyOf": [or_blank(it) for it in schema["anyOf"]]}
    if schema.keys() & {"allOf", "$ref", NAMED}:
        return {"anyOf": [schema, {"type": "string", "pattern": r"^\s*$"}]}
    kept = {name: value for name, value in schema.items() if name not in ("minLength", "pattern")}
    pattern = schema.get("pattern", r"\S")
    return kept if pattern == r"\S" else kept | {"pattern": rf"^\s*$|{pattern}"}
