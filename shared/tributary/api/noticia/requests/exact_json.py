"""JSON that returns with the same meaning: numbers with a point stay decimals, in memory and in the text."""

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator

from tributary.api.http.inputs.taken import refuse, takes
from tributary.api.http.json_text import exact_json

MAX_DEPTH = 20
MAX_PROPERTIES = 50
MAX_BYTES = 4096


def _bounded(value: dict[str, Any]) -> dict[str, Any]:
    if _depth(value) > MAX_DEPTH:
        raise refuse("LENGTH", f"must be at most {MAX_DEPTH} levels deep.", max=MAX_DEPTH)
    try:
        size = len(exact_json(value).encode())
    except UnicodeEncodeError:
        raise refuse("FORMAT", "must be well-formed text throughout.") from None
    if size > MAX_BYTES:
        raise refuse("LENGTH", f"must have at most {MAX_BYTES} bytes as JSON.", max=MAX_BYTES)
    return value


def _depth(value: Any) -> int:
    """Nesting depth of objects and lists, counted up to one above the limit."""
    level, depth = [value], 0
    while level and depth <= MAX_DEPTH:
        level = [
            member
            for part in level
            if isinstance(part, (dict, list))
            for member in (part.values() if isinstance(part, dict) else part)
        ]
        depth += 1
    return depth


def _object(also: Callable[[dict[str, Any]], None] | None = None) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if not isinstance(value, dict):
            raise refuse("TYPE", "must be an object.")
        if also:
            also(value)
        return _bounded(value)

    return check


def _flat(value: dict[str, Any]) -> None:
    if len(value) > MAX_PROPERTIES:
        raise refuse("LENGTH", f"must have at most {MAX_PROPERTIES} entries.", max=MAX_PROPERTIES)
    if not all(isinstance(member, (str, bool, int, Decimal)) for member in value.values()):
        raise refuse("TYPE", "must have texts, numbers, true or false as its members.")


_free = takes(type="object", description=f"Free; at most {MAX_BYTES} bytes as JSON.")(_object())
_properties = takes(
    type="object",
    maxProperties=MAX_PROPERTIES,
    additionalProperties={"type": ["string", "number", "boolean"]},
    description=f"At most {MAX_BYTES} bytes as JSON.",
)(_object(_flat))

#: An object of the caller's own.
Free = Annotated[dict[str, Any], BeforeValidator(_free)]
#: A product's traits.
Properties = Annotated[dict[str, Any], BeforeValidator(_properties)]
