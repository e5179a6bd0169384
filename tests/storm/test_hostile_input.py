"""Storm: malformed and hostile bodies, members, queries, headers and paths, at every call of docs/openapi.json.

Every answer has the API's own form and is never a 5xx; a refusal writes nothing; input that the document forbids is
refused.
"""

import copy
import json
import zlib
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from tests.stack.exchange import Answer
from tests.stack.house import House, in_process
from tests.storm.input import hostile
from tests.storm.input import organizations as organization
from tests.storm.input.operations import Operation, document, operations
from tests.storm.input.organizations import First
from tests.storm.verdict import WHOLE, Tally

CALLS = [pytest.param(operation, id=operation.name) for operation in operations()]
READERS = [pytest.param(operation, id=operation.name) for operation in operations() if operation.reads_a_body]
LISTS = [
    pytest.param(operation, id=operation.name)
    for operation in operations()
    if operation.queried and not operation.reads_a_body
]
#: Stride through the hostile values; in `make storm` every other one, with an offset that depends on the call.
STEP = 2 if WHOLE else 59


#: Number of ledger changes above which lists are slow.
MANY = 200


@pytest.fixture(scope="module")
def first() -> Iterator[First]:
    with in_process() as house:
        yield organization.found(house)


@pytest.fixture
def throw(first: First, tally: Tally) -> Iterator[Any]:
    """Send requests with the organization's own admin key."""
    thrown: list[int] = []
    before = first.house.changes()

    def send(operation: Operation, body: Any = None, **options: Any) -> Answer:
        path = next(operation.paths(first.values))
        answer = sent(first.house, operation.method, path, body, key=first.key, base=operation.base, **options)
        thrown.append(answer.status)
        return answer

    yield send
    tally(sum(status >= 400 for status in thrown), "hostile requests were refused in the API's form, nothing written")
    tally(sum(status < 400 for status in thrown), "odd requests were within what the document allows, and accepted")
    if first.house.changes() - before > MANY:
        organization.find_again(first)


def sent(house: House, method: str, path: str, body: Any, **options: Any) -> Answer:
    """Send a request, check the invariants of every answer, and return it."""
    before = house.changes()
    answer = house.call(method, path, body, **options)
    assert answer.status < 500, answer
    if answer.status >= 400:
        assert isinstance(answer.json, dict)
        if isinstance(answer.json.get("error"), dict):  # Siren's form
            assert set(answer.error) == {"message", "code", "context", "data"}
            assert answer.error["context"] == answer.error["data"]
        assert len(answer.text) < 1_000_000
        assert house.changes() == before
    return answer


@pytest.mark.parametrize("operation", READERS)
def test_malformed_bodies_are_refused(operation: Operation, throw: Any) -> None:
    for name, body in hostile.BROKEN.items():
        answer = throw(operation, body)
        if operation.takes_rows and name == "a list":
            assert answer.json["failed"] == answer.json["received"] == 3
            continue
        assert answer.status in (400, 413, 422), name
        if isinstance(body, str):
            assert throw(operation, body.encode("utf-8")).status == answer.status, name


@pytest.mark.parametrize("operation", READERS)
def test_hostile_members_are_refused_unless_allowed(operation: Operation, first: First, throw: Any) -> None:
    base = list(operation.bodies(first.values))[1]
    for place, (name, body) in enumerate(_changed(base)):
        if place % STEP == _start(operation):
            answer = throw(operation, json.dumps(body))
            assert answer.status >= 400 or _allowed(operation, body), (name, body)


@pytest.mark.parametrize("operation", READERS)
def test_wrong_content_types_are_refused(operation: Operation, throw: Any) -> None:
    for content_type in hostile.CONTENT_TYPES:
        answer = throw(operation, "{}", headers={"content-type": content_type})
        assert answer.status == 415, content_type
        assert operation.dialect != "siren" or answer.error["code"] == "unsupported_media_type"


@pytest.mark.parametrize("operation", LISTS)
def test_hostile_queries_are_refused_unless_allowed(operation: Operation, throw: Any) -> None:
    names = [it["name"] for it in operation.queried]
    for place, (name, value) in enumerate((name, value) for name in names for value in hostile.QUERY_VALUES):
        if place % STEP == _start(operation):
            assert throw(operation, **{name: value}).status in (200, 400, 404, 422)
    assert throw(operation, **{f"p{n}": "x" for n in range(5000)}).status in (200, 404, 422)
    assert throw(operation, fields=",".join(["id"] * 20_000)).status in (200, 400, 404, 422)
    # Only Siren lets clients select fields; elsewhere the parameter is ignored.
    refused = (400, 404, 422) if operation.dialect == "siren" else (200, 400, 404, 422)
    assert throw(operation, fields=",".join(["x"] * 20_000)).status in refused


@pytest.mark.parametrize("operation", READERS)
def test_hostile_queries_of_writes_are_answered_in_form(operation: Operation, first: First, throw: Any) -> None:
    for body in list(operation.bodies(first.values))[:2]:
        for query in ({"fields": "nothing"}, {"number": "x"}, {"propertyId": 1}, {"cursor": "x"}):
            throw(operation, body, **query)


@pytest.mark.parametrize("operation", [it for it in READERS if it.values[0].takes_rows])
def test_malformed_lines_of_a_batch_are_failures(operation: Operation, throw: Any) -> None:
    """Each is its row's failure, or the batch's if it is too large for any row."""
    for name, line in hostile.BROKEN.items():
        answer = throw(operation, line, headers={"content-type": "application/x-ndjson"})
        if answer.status < 400:
            assert answer.json["failed"] == answer.json["received"] >= 1, name
        else:
            assert answer.status in (400, 413, 422), name


@pytest.mark.parametrize("operation", CALLS)
def test_hostile_headers_are_harmless(operation: Operation, throw: Any) -> None:
    for headers in hostile.HEADERS:
        throw(operation, "{}" if operation.reads_a_body else None, headers=headers)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "TRACE", "get", "\u00e9"])
def test_odd_paths_are_refused_in_form(method: str, first: First) -> None:
    for base in ("/siren/v1", "/wp-json/siren/v1", ""):
        for path in hostile.PATHS:
            assert sent(first.house, method, path, None, key=first.key, base=base).status >= 400, (method, path)


def _start(operation: Operation) -> int:
    return zlib.crc32(operation.name.encode()) % STEP


def _changed(body: Any) -> Iterator[tuple[str, Any]]:
    """The body with each of its members, and nested ones, replaced by each of the hostile values."""
    for steps in _places(body):
        for value in hostile.VALUES:
            changed = copy.deepcopy(body)
            inner = changed
            for step in steps[:-1]:
                inner = inner[step]
            inner[steps[-1]] = value
            yield ".".join(map(str, steps)), changed


def _places(part: Any, *above: Any) -> Iterator[tuple[Any, ...]]:
    members = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for step, member in members:
        yield (*above, step)
        yield from _places(member, *above, step)


def _allowed(operation: Operation, body: Any) -> bool:
    schema = operation.described["requestBody"]["content"]["application/json"]["schema"]
    return bool(
        jsonschema.Draft202012Validator({**schema, "components": document(operation.dialect)["components"]}).is_valid(
            body
        )
    )
