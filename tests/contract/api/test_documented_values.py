"""What the documents allow is taken, and what they refuse is refused: every member of every body, every parameter.

`make storm` tries all texts; random bodies are in tests/storm/test_documented_input.py.
"""

import json
import os
import re
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from openapi.__main__ import PATHS
from openapi.bodies import model
from tests.contract.api.calls import SAMPLES, house_of_the_samples
from tests.stack import edge_values
from tests.stack.body_members import about, failures, members, with_member
from tests.stack.documented import BEYOND, Schema, Word, documented, member, resolved
from tests.stack.house import House
from tributary.api.http import requests
from tributary.api.http.dialect import BASES
from tributary.api.routes import ROUTES

#: Each member of each model once, wherever it occurs.
MEMBERS = {
    (kind, name, route.method in ("PATCH", "PUT")): pytest.param(
        route.dialect, root, path + name, id=f"{route.dialect} {root.__name__} {path}{name}"
    )
    for route in ROUTES
    if route.body
    for root in [model(route.body, route.dialect)]
    for path, name, kind, _ in members(root)
}
PARAMETERS = [
    pytest.param(dialect, route, it, id=f"{route} {it['name']}")
    for dialect in PATHS
    for path, methods in documented(dialect)["paths"].items()
    for method, operation in methods.items()
    for route in [f"{method.upper()} {BASES[dialect]}{path}"]
    for it in operation.get("parameters", ())
    if it["in"] == "query" and resolved(it["schema"], dialect).keys() - {"type"}
]  # fmt: skip
PLACES = [
    pytest.param(dialect, f"GET {BASES[dialect]}{path}", it, id=f"{BASES[dialect]}{path}")
    for dialect in PATHS
    for path, methods in documented(dialect)["paths"].items()
    for it in methods.get("get", {}).get("parameters", ())
    if it["in"] == "path"
]


def _read(value: Any) -> tuple[Any, Any]:
    """The value, also as a request's parser reads it: numbers with a point as decimals."""
    return value, requests.parsed(json.dumps(value))


ANYTHING = [_read(value) for value in edge_values.ANYTHING]
TEXTS = [_read(text) for text in edge_values.TEXTS]


def _texts_of(place: str, step: int) -> list[tuple[Any, Any]]:
    """One of so many texts; in `make storm` all."""
    step = 1 if "STORM" in os.environ else step
    return TEXTS[zlib.crc32(place.encode()) % step :: step]


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with house_of_the_samples() as house:
        yield house


@pytest.mark.parametrize(("dialect", "body", "field"), MEMBERS.values())
def test_a_member_takes_what_its_document_allows_and_nothing_else(
    dialect: str, body: type[BaseModel], field: str
) -> None:
    schema, outcomes = resolved(member(body.__name__, field, dialect), dialect), set[bool]()
    word, (path, name) = Word(schema, dialect), _place(field)
    for value, read in (*ANYTHING, *_texts_of(field, 4), *map(_read, edge_values.edges(schema))):
        found = about(failures(body, with_member(path, name, read)), field)
        beyond = [it for it in found if BEYOND.search(it.message)]
        if not beyond:
            assert word.allows(value) is not bool(found), (value, found)
        outcomes.add(bool(found))
    assert outcomes >= ({True} if word.is_of_members else {True, False}), outcomes


@pytest.mark.parametrize(("dialect", "route", "parameter"), PARAMETERS)
def test_a_parameter_takes_what_its_document_allows_and_nothing_else(
    dialect: str, route: str, parameter: Schema, house: House
) -> None:
    word, name = Word(parameter["schema"], dialect), parameter["name"]
    own = [str(it) for it in edge_values.edges(resolved(parameter["schema"], dialect))]
    for text, _ in (*map(_read, dict.fromkeys(own)), *_texts_of(f"{route} {name}", 20)):
        refused = _refused(house, route, name, text)
        if not BEYOND.search(refused or ""):
            assert word.allows_in_query(text) is (refused is None), (text, refused)


@pytest.mark.parametrize(("dialect", "route", "parameter"), PLACES)
def test_a_path_that_its_document_refuses_leads_to_no_record(
    dialect: str, route: str, parameter: Schema, house: House
) -> None:
    word, (method, path) = Word(parameter["schema"], dialect), route.split(" ")
    for text, _ in _texts_of(route, 4):
        if re.fullmatch(r"[\w.:@+-]+", text, re.ASCII) and not word.allows_in_query(text):
            assert house.call(method, re.sub("{.*?}", text, path), base="").status in (400, 404, 405, 422), text


def _place(field: str) -> tuple[str, str]:
    path, dot, name = field.rpartition(".")
    return path + dot, name


def _refused(house: House, route: str, name: str, text: str) -> str | None:
    """The sentence about the parameter, of the route's sample with this value."""
    call = SAMPLES[route]
    query = call.get("queryStringParameters", {}) | {name: text}
    method = call["requestContext"]["http"]["method"]
    answer = house.call(method, call["rawPath"], call.get("body"), base="", **query)
    return answer.refused.get(name)
