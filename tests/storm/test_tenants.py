"""Storm: every call of docs/openapi.json without a key, with a wrong one, and by a stranger who knows everything."""

from collections.abc import Iterator
from itertools import count, islice, product
from typing import Any

import pytest

from tests.stack.exchange import Answer
from tests.stack.house import House, in_process
from tests.storm.input import organizations as organization
from tests.storm.input.operations import Operation, operations
from tests.storm.input.organizations import First
from tests.storm.verdict import WHOLE, Tally

CALLS = [pytest.param(operation, id=operation.name) for operation in operations()]
WRONG_KEYS = (None, "", "null", "sk_live_", "sk_live_" + "0" * 64, "\u00e9" * 64, "x" * 10_000)
#: Number of combinations of path, query and body per call; all of them in `make storm`.
MOST = None if WHOLE else 10
_STRANGERS = count()


@pytest.fixture(scope="module")
def first() -> Iterator[First]:
    with in_process() as house:
        yield organization.found(house)


def stranger(first: First) -> str:
    """The admin key of an empty organization: any record it sees belongs to another one."""
    return first.house.new_key("admin", organization=f"stranger-{next(_STRANGERS)}")


def requests(operation: Operation, first: First) -> Iterator[tuple[str, dict[str, Any], Any]]:
    """Path, query and body of requests that name the first organization's records in every possible place."""
    values = first.values
    every = product(operation.bodies(values), operation.paths(values), operation.queries(values))
    return ((path, query, body) for body, path, query in islice(every, MOST))


def send(house: House, operation: Operation, request: tuple[str, dict[str, Any], Any], key: str | None) -> Answer:
    path, query, body = request
    return house.call(operation.method, path, body, key=key, base=operation.base, **query)


def test_the_first_organization_has_one_record_of_everything(first: First) -> None:
    entities = {item["entity"] for item in first.before}

    assert {"transaction", "decision", "conversion", "obligation", "opportunity", "engagement"} <= entities
    assert {"program", "collaborator", "alias", "email", "event-source", "source", "api-key"} <= entities
    assert {"program-group", "event-type", "lead", "user"} <= entities
    assert len(first.ids) >= 12


@pytest.mark.parametrize("operation", CALLS)
def test_a_missing_or_wrong_key_reveals_and_changes_nothing(operation: Operation, first: First, tally: Tally) -> None:
    thrown = 0
    for request in islice(requests(operation, first), 10):
        for key in WRONG_KEYS:
            answer = send(first.house, operation, request, key)
            assert answer.status == 401
            assert operation.dialect != "siren" or answer.error["code"] == "unauthorized"
            assert not first.leaked_by(answer, ())
            thrown += 1

    assert first.now() == first.before
    tally(thrown, "requests without a right key: 401, nothing leaked, nothing changed")


@pytest.mark.parametrize("operation", CALLS)
def test_a_stranger_sees_and_changes_nothing(operation: Operation, first: First, tally: Tally) -> None:
    key, thrown = stranger(first), 0
    for request in requests(operation, first):
        answer = send(first.house, operation, request, key)
        leaked = first.leaked_by(answer, request)
        assert not leaked, (request, answer)
        assert answer.status in ({404, 400, 422} if "{" in operation.path else operation.statuses - {500}), answer
        thrown += 1

    first.house.deliver()
    assert first.now() == first.before
    tally(thrown, "requests of a stranger, naming what is not theirs: nothing leaked, nothing changed")


@pytest.mark.parametrize("operation", CALLS)
def test_a_key_needs_the_documented_scope(operation: Operation, first: First) -> None:
    answer = send(first.house, operation, next(requests(operation, first)), first.idle_key)

    if operation.path.startswith("/api-keys"):
        assert (answer.status, answer.error["code"]) == (401, "api_key_not_accepted")
    elif operation.dialect != "siren":
        assert answer.status == 403
    else:
        assert (answer.status, answer.error["code"]) == (403, "missing_scope")
        scope = answer.error["context"]["scope"].replace(f":{organization.LEAD}", ":{slug}")
        assert f"`{scope}`" in operation.described["description"]
