"""Every member of every request body, at any depth, in each dialect: absent, null and of a wrong type.

New members are included automatically.
"""

from typing import Any

import pytest
from pydantic import BaseModel

from openapi.bodies import model
from tests.stack.body_members import about, failures, members, with_member
from tributary.api.http.bodies import SnakeBody
from tributary.api.http.dialect import BASES
from tributary.api.http.inputs import blanks
from tributary.api.routes import ROUTES

#: A value of each JSON type. No member takes all of them.
KINDS: dict[str, Any] = {"object": {"?": [[]]}, "list": [[[]]], "truth": True, "fraction": 0.5, "text": "\x00"}

#: Members required without others, which a body of one member lacks.
INSTEAD_OF_OTHERS = {"POST siren/event/sale trackingId", "POST siren/event/sale/batch trackingId"}

ALL = [
    pytest.param(root, path, name, required or number in INSTEAD_OF_OTHERS, id=number)
    for route in ROUTES
    if route.body
    for root in [model(route.body, route.dialect)]
    for path, name, _, required in members(root)
    for number in [f"{route.method} {route.dialect}{route.path} {path}{name}"]
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
    "PATCH siren/collaborators/{id} aliases[0].type", "PATCH siren/collaborators/{id} fullName",
    "PATCH siren/programs/{id} name", "PATCH siren/program-groups/{id} name",
    "PUT siren/programs/{id} name", "PUT siren/distributors/{id} name",
    "PATCH siren/distributors/{id} name", "POST siren/distributors/credit-metric metricId",
    "POST siren/programs/{id}/simulate name", "PUT siren/program-groups/{id} name", "POST siren/api-keys source",
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
