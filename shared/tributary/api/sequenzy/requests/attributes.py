"""Attributes of customers and products, named by the organization."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator

from tributary.api.http.fields import refuse, takes, well_formed

_MAX_ATTRIBUTES = 100
_MAX_VALUES = 100
_MAX_LENGTH = 1000


@takes(description="Scalars, or lists of them.", maxProperties=_MAX_ATTRIBUTES, propertyNames={"minLength": 1})
def _attributes(given: dict[str, Any]) -> dict[str, Any]:
    if len(given) > _MAX_ATTRIBUTES:
        raise refuse("LENGTH", f"must have at most {_MAX_ATTRIBUTES} entries.", max=_MAX_ATTRIBUTES)
    if "" in given:
        raise refuse("LENGTH", "must have names of at least 1 character.", min=1)
    return {_text(name): _value(value) for name, value in given.items()}


def _value(value: Any) -> Any:
    """Numbers with a point become decimal text: the ledger has no floats."""
    if isinstance(value, list) and len(value) <= _MAX_VALUES:
        return [_scalar(inner) for inner in value]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, (dict, list)):
        raise refuse("TYPE", f"must have scalars as its values, or lists of up to {_MAX_VALUES} of them.")
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
