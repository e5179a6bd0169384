"""The members of request bodies, at any depth, and the failures of a body that has only one of them."""

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel

from tributary.api.http import requests
from tributary.domain.errors import Failure, ValidationFailed

Members = Iterator[tuple[str, str, type[BaseModel], bool]]


def members(body: type[BaseModel], path: str = "") -> Members:
    """Each member at any depth: the path of its parent, name, model, and true if it is required."""
    for name, field in body.model_fields.items():
        shown = field.alias or name
        yield path, shown, body, field.is_required()
        for inner in _models(field.annotation):
            many = "list[" in str(field.annotation) or "tuple[" in str(field.annotation)
            yield from members(inner, f"{path}{shown}{'[0]' if many else ''}.")


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def with_member(path: str, name: str, value: Any) -> dict[str, Any]:
    """A body of only this member and its parents; without the member, if the value is `...`."""
    inner: Any = {} if value is ... else {name: value}
    for step in reversed(path.split(".")[:-1]):
        inner = {step.removesuffix("[0]"): [inner] if step.endswith("[0]") else inner}
    return dict(inner)


def failures(body: type[BaseModel], document: Any) -> list[Failure]:
    try:
        requests.checked(body, document)
    except ValidationFailed as refusal:
        return list(refusal.failures)
    return []


def about(found: list[Failure], field: str) -> list[Failure]:
    return [it for it in found if it.field == field or it.field.startswith((f"{field}.", f"{field}["))]
