"""docs/openapi.json is what the code says, and what the code says is true."""

import json
from typing import Any

import jsonschema
import pytest

from openapi import bodies
from openapi.__main__ import PATH
from openapi.document import document, text
from tests.integration.harness import load
from tributary.api.routes import ROUTES, Route

READERS = [pytest.param(route, id=f"{route.method} {route.path}") for route in ROUTES if route.body]


def operations() -> dict[tuple[str, str], Any]:
    paths = json.loads(PATH.read_text())["paths"].items()
    return {(method.upper(), path): operation for path, methods in paths for method, operation in methods.items()}


def test_the_document_in_docs_is_the_one_that_the_code_makes() -> None:
    assert PATH.read_text() == text(document()), "make openapi writes it anew"


def test_every_route_is_an_operation_with_an_id_of_its_own() -> None:
    ids = [operation["operationId"] for operation in operations().values()]

    assert list(operations()) == [(route.method, route.path) for route in _by_path()]
    assert len(set(ids)) == len(ids)


def test_every_reference_leads_to_something_and_every_schema_is_one() -> None:
    whole = document()

    for reference in _references(whole):
        place: Any = whole
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]
    for schema in whole["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("route", READERS)
def test_the_body_that_a_route_names_is_one_that_its_function_reads(route: Route) -> None:
    assert bodies.model(str(route.body)) in vars(load(route.function)).values()


def _by_path() -> list[Route]:
    order = list(dict.fromkeys(route.path for route in ROUTES))
    return sorted(ROUTES, key=lambda route: order.index(route.path))


def _references(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return own + [found for member in part.values() for found in _references(member)]
    if isinstance(part, list):
        return [found for member in part for found in _references(member)]
    return []
