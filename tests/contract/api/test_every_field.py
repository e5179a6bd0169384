"""Every member of every request body, at any depth, in each dialect: absent, null and of a wrong type.

New members are included automatically.
"""

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from openapi.bodies import model
from tributary.api.http import blanks, requests
from tributary.api.http.bodies import SnakeBody
from tributary.api.http.dialect import BASES
from tributary.api.routes import ROUTES
from tributary.domain.errors import Failure, ValidationFailed

#: A value of each JSON type. No member takes all of them.
KINDS: dict[str, Any] = {"object": {"?": [[]]}, "list": [[[]]], "truth": True, "fraction": 0.5, "text": "\x00"}

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


ALL = [
    pytest.param(root, path, name, required, id=f"{route.method} {route.dialect}{route.path} {path}{name}")
    for route in ROUTES
    if route.body
    for root in [model(route.body, route.dialect)]
    for path, name, _, required in members(root)
]


def test_every_dialect_has_many_members() -> None:
    fewest_of = {"siren": 60, "sequenzy": 20, "noticia": 35, "growi": 18}

    assert fewest_of.keys() == BASES.keys()
    for dialect, fewest in fewest_of.items():
        assert len([it for it in ALL if f" {dialect}/" in str(it.id)]) >= fewest, dialect


@pytest.mark.parametrize(("body", "path", "name", "required"), ALL)
def test_an_absent_or_null_member_is_an_error_if_required(
    body: type[BaseModel], path: str, name: str, required: bool
) -> None:
    for value in (..., None):
        found = failures(body, with_member(path, name, value))
        missed = [it for it in found if it.field == path + name and it.type == "REQUIRED"]
        assert bool(missed) is required, (value, found)


def optional_texts(body: type[BaseModel]) -> set[str]:
    """The paths of all members that may be blank."""
    kinds = {(path, kind) for path, _, kind, _ in members(body) if issubclass(kind, SnakeBody)}
    return {path + name for path, kind in kinds for name in blanks.optional_texts(kind, kind.names)}


@pytest.mark.parametrize("blank", ["", " \t"])
@pytest.mark.parametrize(("body", "path", "name", "required"), ALL)
def test_blank_optional_text_counts_as_absent(
    body: type[BaseModel], path: str, name: str, required: bool, blank: str
) -> None:
    field = path + name
    found = about(failures(body, with_member(path, name, blank)), field)

    if field in optional_texts(body):
        assert found == about(failures(body, with_member(path, name, ...)), field)
    elif required:
        assert found


#: Optional members whose blank text is refused: they name a record, or decide about access.
NAMES = {
    "POST siren/event/refund refundId", "POST siren/event/refund-withdrawn refundId",
    "POST siren/event/{slug} externalId", "POST siren/transactions bindingId",
    "POST siren/transactions bindingDataType", "POST siren/collaborators aliases[0].type",
    "PUT siren/collaborators/{id} aliases[0].type", "PUT siren/collaborators/{id} fullName",
    "PUT siren/programs/{id} name", "PUT siren/distributors/{id} name",
    "PATCH siren/distributors/{id} name", "POST siren/distributors/credit-metric metricId",
    "PUT siren/program-groups/{id} name", "POST siren/api-keys source",
    "POST sequenzy/orders refundId", "POST sequenzy/orders/batch refundId", "POST noticia/sales-events external_id",
    "POST noticia/sales-events/batch external_id",
}  # fmt: skip


def test_only_names_of_records_are_refused_if_blank() -> None:
    refused = set()
    for case in ALL:
        body, path, name, required = case.values
        kinds = {found.type for found in about(failures(body, with_member(path, name, "")), path + name)}
        if not required and kinds == {"REQUIRED"}:
            refused.add(case.id)

    assert refused == NAMES


@pytest.mark.parametrize(("body", "path", "name", "required"), ALL)
def test_a_member_of_a_wrong_type_is_named_with_a_reason(
    body: type[BaseModel], path: str, name: str, required: bool
) -> None:
    refused = {kind: about(failures(body, with_member(path, name, KINDS[kind])), path + name) for kind in KINDS}

    assert len([kind for kind, found in refused.items() if found]) >= 3, refused
    for found in refused.values():
        assert all(it.message.startswith(it.field) and it.type != "REQUIRED" for it in found if it.field == path + name)
