"""Blank text: nothing where a member is optional, a failure where it is required or names a record."""

from collections.abc import Callable, Sequence
from functools import cache
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel

Check = TypeVar("Check", bound=Callable[..., Any])

_TEXTS: set[Callable[..., Any]] = set()


def text(check: Check) -> Check:
    """Mark a check of text, so that an optional member with it may be blank."""
    _TEXTS.add(check)
    return check


def is_blank(value: Any) -> bool:
    return isinstance(value, str) and not value.strip()


@cache
def optional_texts(model: type[BaseModel], names: frozenset[str]) -> frozenset[str]:
    """The optional members of a body that hold text, as they are sent, without its `names` of records."""
    return frozenset(
        field.alias or name
        for name, field in model.model_fields.items()
        if not field.is_required() and name not in names and _is_text(field.annotation, field.metadata)
    )


def _is_text(annotation: Any, metadata: Sequence[Any] = ()) -> bool:
    if any(getattr(it, "func", None) in _TEXTS for it in metadata):
        return True
    if get_origin(annotation) is Annotated:
        inner, *about = get_args(annotation)
        return _is_text(inner, about)
    return get_origin(annotation) in (Union, UnionType) and any(_is_text(it) for it in get_args(annotation))
