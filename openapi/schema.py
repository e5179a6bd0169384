"""Building blocks of the documents' JSON Schemas."""

from typing import Any

from tributary.domain.money import MAX_MINOR

Schema = dict[str, Any]

ID: Schema = {"type": "integer", "minimum": 1, "maximum": MAX_MINOR}
NUMBER: Schema = {"type": "integer", "minimum": -MAX_MINOR, "maximum": MAX_MINOR}
COUNT: Schema = {"type": "integer", "minimum": 0, "maximum": MAX_MINOR}
MONEY: Schema = {**NUMBER, "description": "Minor units."}
TEXT: Schema = {"type": "string"}
TEXTS: Schema = {"type": "array", "items": TEXT}
FLAG: Schema = {"type": "boolean"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
CURRENCY: Schema = {"type": "string", "pattern": "^[A-Z]{3}$"}


def one_of(*names: str) -> Schema:
    return {"type": "string", "enum": list(names)}


def or_null(schema: Schema) -> Schema:
    return {**schema, "type": [schema["type"], "null"]} | (
        {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    )


def listed(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def record(**members: Schema) -> Schema:
    return {"type": "object", "properties": members}


def of_a_repeat(schema: Schema) -> Schema:
    """A record that says of a repeat in which members it differs."""
    about = {"repeated": {"const": True}, "differs": listed(TEXT)}
    return {**schema, "properties": schema["properties"] | about}


def of_a_customer(schema: Schema) -> Schema:
    """A record that names the attributes for which its customer has no room."""
    return {**schema, "properties": schema["properties"] | {"attributesLeftOut": listed(TEXT)}}


def whole(**members: Schema) -> Schema:
    """A record with all its members required."""
    return record(**members) | {"required": list(members)}
