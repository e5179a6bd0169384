"""Batches: their bodies, in both forms, and their answers."""

from openapi.schema import COUNT, TEXT, Schema, listed, record, whole
from tributary.api.batches import results, rows

_HEADERS = record(**dict.fromkeys(results.ROW_HEADERS, TEXT))
_STATUS: Schema = {"type": "integer", "minimum": 200, "maximum": 503}
_NO_ROOM: Schema = {
    "type": "null",
    "description": "The row was processed, but its body exceeds the room left in the answer.",
}
_COUNTS = dict.fromkeys(("received", "created", "repeated", "failed"), COUNT)


def body(row: Schema) -> Schema:
    """Rows may be anything: an invalid one is refused in its own result."""
    anything: Schema = {"description": "A row that is no valid body is refused in its own result."}
    many = {**listed({"anyOf": [row, anything]}), "minItems": 1, "maxItems": rows.MAX_ROWS}
    lines: Schema = {"type": "string", "description": "A document per line; blank lines are skipped."}
    content = {"application/json": {"schema": many}, rows.NDJSON: {"schema": lines}}
    return {"required": True, "content": content}


def answer(one: Schema, error: Schema, **members: Schema) -> Schema:
    """A result per row, in order: the single call's answer."""
    result = whole(index=COUNT, status=_STATUS, body={"anyOf": [one, error, _NO_ROOM]})
    result["properties"] |= {"headers": _HEADERS}
    return whole(**members, **_COUNTS, results=listed(result))
