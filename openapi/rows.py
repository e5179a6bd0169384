"""Batches: their bodies, in both forms, and what they answer."""

from openapi.schema import COUNT, TEXT, Schema, listed, record, whole
from tributary.api.batches import results, rows

_HEADERS = record(**dict.fromkeys(results.ROW_HEADERS, TEXT))
_STATUS: Schema = {"type": "integer", "minimum": 200, "maximum": 503}
_NO_ROOM: Schema = {"type": "null", "description": "The row was done, and the answer has no room for more of it."}
_COUNTS = dict.fromkeys(("received", "created", "repeated", "failed"), COUNT)


def body(row: Schema) -> Schema:
    """A row may be anything: what it should not be is refused in its own result."""
    anything: Schema = {"description": "What is no such body is refused in its own result."}
    many = {**listed({"anyOf": [row, anything]}), "minItems": 1, "maxItems": rows.MAX_ROWS}
    lines: Schema = {"type": "string", "description": "A document per line; blank lines are passed over."}
    content = {"application/json": {"schema": many}, rows.NDJSON: {"schema": lines}}
    return {"required": True, "content": content}


def answer(one: Schema, error: Schema, **members: Schema) -> Schema:
    """A result per row, in order: what the single call would have answered."""
    result = whole(index=COUNT, status=_STATUS, body={"anyOf": [one, error, _NO_ROOM]})
    result["properties"] |= {"headers": _HEADERS}
    return whole(**members, **_COUNTS, results=listed(result))
