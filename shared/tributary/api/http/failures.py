"""Converts pydantic's errors to failures for clients: a path, a sentence that begins with it, a type."""

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from tributary.domain.errors import Failure, FailureType

_SENTENCES: dict[str, tuple[FailureType, str]] = {
    "missing": ("REQUIRED", "is required."),
    "bool_type": ("TYPE", "must be true or false."),
    "dict_type": ("TYPE", "must be an object."),
    "model_type": ("TYPE", "must be an object."),
    "model_attributes_type": ("TYPE", "must be an object."),
    "list_type": ("TYPE", "must be a list."),
    "tuple_type": ("TYPE", "must be a list."),
    "string_type": ("TYPE", "must be text."),
    "string_unicode": ("FORMAT", "must be well-formed text."),
    "int_type": ("TYPE", "must be an integer."),
    "string_too_long": ("LENGTH", "must have at most {max_length} characters."),
    "string_too_short": ("LENGTH", "must have at least {min_length} characters."),
    "too_long": ("LENGTH", "must have at most {max_length} entries."),
    "too_short": ("LENGTH", "must have at least {min_length} entries."),
    "greater_than_equal": ("MIN", "must be at least {ge}."),
    "less_than_equal": ("MAX", "must be at most {le}."),
    "string_pattern_mismatch": ("FORMAT", "has characters that are not allowed."),
    "literal_error": ("ENUM", "must be one of {expected}."),
}
#: Failures shown at most: a body of 1 MB must not lead to an answer of 50 MB.
MAX_SHOWN = 1000
#: Names of limits: pydantic's, and those shown.
_LIMITS = {"ge": "min", "le": "max", "min_length": "min", "max_length": "max", "expected": "expected"}
_OWN_TYPES: tuple[FailureType, ...] = ("REQUIRED", "TYPE", "MIN", "MAX", "LENGTH", "FORMAT", "ENUM", "UNKNOWN")


def failures_of(error: ValidationError) -> list[Failure]:
    """A model's failures, in the order of its fields; only the first MAX_SHOWN."""
    return [_failure(found) for found in error.errors(include_url=False)[:MAX_SHOWN]]


def _failure(found: ErrorDetails) -> Failure:
    details = dict(found.get("ctx", {}))
    # A check across members names the offending one.
    location = (*found["loc"], details.pop("field")) if "field" in details else found["loc"]
    field, kind = path(location), found["type"]
    if found.get("input", ...) is None and kind not in ("missing", "REQUIRED") and found["loc"]:
        return Failure(field, f"{field} is required.", "REQUIRED")
    if kind in _OWN_TYPES:
        return Failure(field, f"{field} {found['msg']}", kind, details)
    failure_type, sentence = _SENTENCES.get(kind, ("FORMAT", "is not valid."))
    shown = {_LIMITS[name]: value for name, value in details.items() if name in _LIMITS}
    return Failure(field, f"{field} {sentence.format(**details)}", failure_type, shown)


def path(location: Sequence[Any]) -> str:
    """`items[2].amount` from ("items", 2, "amount"); "body" for the whole."""
    text = ""
    for part in location:
        if part == "[key]":  # pydantic's mark for a member's name, which precedes it
            continue
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text or "body"
