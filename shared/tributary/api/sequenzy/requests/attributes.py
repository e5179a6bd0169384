"""Attributes of customers and products, named by the organization."""

from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator

from tributary.api.http.fields import well_formed
from tributary.api.http.inputs.taken import NAMED, SHARED, refuse, takes

#: Of the attributes and of each object and list within them.
_MAX_ENTRIES = 100
_MAX_LENGTH = 1000
_MAX_DEPTH = 10

Many = TypeVar("Many", dict[str, Any], list[Any])


_VALUE = {NAMED: "AttributeValue"}
_ENTRIES = {
    "maxProperties": _MAX_ENTRIES,
    "propertyNames": {"minLength": 1, "maxLength": _MAX_LENGTH},
    "additionalProperties": _VALUE,
}
SHARED["AttributeValue"] = {"maxLength": _MAX_LENGTH, "maxItems": _MAX_ENTRIES, "items": _VALUE, **_ENTRIES}


@takes(description=f"Any JSON, nested at most {_MAX_DEPTH} deep.", **_ENTRIES)
def _attributes(given: dict[str, Any]) -> dict[str, Any]:
    return _object(given, _MAX_DEPTH)


def _object(given: dict[str, Any], depth: int) -> dict[str, Any]:
    if "" in given:
        raise refuse("LENGTH", "must have names of at least 1 character.", min=1)
    return {_text(name): _value(value, depth - 1) for name, value in _few(given).items()}


def _value(value: Any, depth: int) -> Any:
    if depth == 0 and isinstance(value, (dict, list)):
        raise refuse("MAX", f"must not be nested more than {_MAX_DEPTH} deep.", max=_MAX_DEPTH)
    if isinstance(value, dict):
        return _object(value, depth)
    if isinstance(value, list):
        return [_value(inner, depth - 1) for inner in _few(value)]
    return _scalar(value)


def _few(many: Many) -> Many:
    if len(many) > _MAX_ENTRIES:
        raise refuse("LENGTH", f"must have at most {_MAX_ENTRIES} entries.", max=_MAX_ENTRIES)
    return many


def _scalar(value: Any) -> Any:
    """Numbers with a point become decimal text: the ledger has no floats."""
    if isinstance(value, int) and abs(value) >= 2**53:
        raise refuse("MAX", "has a number that is too large.")
    return _text(str(value)) if isinstance(value, (str, Decimal)) else value


def _text(text: str) -> str:
    if len(text) > _MAX_LENGTH:
        raise refuse("LENGTH", f"must have names and values of at most {_MAX_LENGTH} characters.", max=_MAX_LENGTH)
    if not well_formed(text):
        raise refuse("FORMAT", "must be well-formed text.")
    return text


Attributes = Annotated[dict[str, Any], AfterValidator(_attributes)]
