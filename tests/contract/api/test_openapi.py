"""docs/openapi.json is generated from the code and matches its behaviour."""

import json
from typing import Any

import jsonschema
import pytest

from openapi import bodies
from openapi.__main__ import PATHS
from openapi.document import document, text
from tests.stack.wiring import load
from tributary.api.routes import ROUTES, Route, routes_of

READERS = [pytest.param(it, id=f"{it.dialect} {it.method} {it.path}") for it in ROUTES if it.body]
EACH = pytest.mark.parametrize("dialect", PATHS)


def operations(dialect: str) -> dict[tuple[str, str], Any]:
    paths = json.loads(PATHS[dialect].read_text())["paths"].items()
    return {(method.upper(), path): operation for path, methods in paths for method, operation in methods.items()}


@EACH
def test_the_document_in_docs_is_the_generated_one(dialect: str) -> None:
    assert PATHS[dialect].read_text() == text(document(dialect)), "make openapi writes it anew"


@EACH
def test_every_route_is_an_operation_with_an_id_of_its_own(dialect: str) -> None:
    ids = [operation["operationId"] for operation in operations(dialect).values()]

    assert list(operations(dialect)) == [(route.method, route.path) for route in _by_path(dialect)]
    assert len(set(ids)) == len(ids)


@EACH
def test_every_reference_resolves_and_every_schema_is_valid(dialect: str) -> None:
    whole = document(dialect)

    for reference in _references(whole):
        place: Any = whole
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]
    for schema in whole["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


@EACH
def test_every_call_documents_that_it_may_be_throttled(dialect: str) -> None:
    """Each reads an API key at least, and any read may be throttled."""
    silent = [call for call, operation in operations(dialect).items() if "429" not in operation["responses"]]

    assert silent == []
    assert "Retry-After" in document(dialect)["components"]["responses"]["429"]["headers"]


@pytest.mark.parametrize("route", READERS)
def test_the_documented_body_of_a_route_is_the_one_its_function_reads(route: Route) -> None:
    assert bodies.model(str(route.body), route.dialect) in vars(load(route.function)).values()


def _by_path(dialect: str) -> list[Route]:
    order = list(dict.fromkeys(route.path for route in routes_of(dialect)))
    return sorted(routes_of(dialect), key=lambda route: order.index(route.path))


def _references(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return own + [found for member in part.values() for found in _references(member)]
    if isinstance(part, list):
        return [found for member in part for found in _references(member)]
    return []
