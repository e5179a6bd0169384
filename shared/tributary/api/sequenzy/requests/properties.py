"""An organization's own properties of an event."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator

from tributary.api.http.fields import MAX_MEMBERS, few_members, well_formed
from tributary.api.http.inputs.taken import refuse, takes

_MAX_DEPTH = 10
_LARGEST_ADJUSTED = 300
#: EventBridge takes 64-bit integers; a larger one would be refused for ever and block all other events.
_INTEGERS = range(-(2**63), 2**63)


@takes(maxProperties=MAX_MEMBERS)
def _plain(properties: dict[str, Any]) -> dict[str, Any]:
    """JSON that every parser reads: numbers within floats or 64 bits, well-formed text."""
    return _plain_object(properties, _MAX_DEPTH)


def _plain_object(given: dict[str, Any], depth: int) -> dict[str, Any]:
    few_members(given)
    return {name: _plain_value(value, depth) for name, value in given.items() if _writable(name)}


def _plain_value(value: Any, depth: int) -> Any:
    if depth == 0:
        raise refuse("MAX", f"must not be nested more than {_MAX_DEPTH} deep.", max=_MAX_DEPTH)
    if isinstance(value, dict):
        return _plain_object(value, depth - 1)
    if isinstance(value, list):
        return [_plain_value(inner, depth - 1) for inner in value]
    if isinstance(value, Decimal):
        if value and value.adjusted() > _LARGEST_ADJUSTED:
            raise refuse("MAX", "has a number that is too large.")
        return float(value)
    if isinstance(value, int) and value not in _INTEGERS:
        raise refuse("MAX", "has a number that is too large.")
    if isinstance(value, str):
        _writable(value)
    return value


def _writable(text: str) -> bool:
    if not well_formed(text):
        raise refuse("FORMAT", "must be well-formed text.")
    return True


Properties = Annotated[dict[str, Any], AfterValidator(_plain)]
