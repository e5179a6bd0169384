"""Access to the routes of the other dialects, with refusals in each dialect's own form."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.api.calls import SAMPLES, WRONG_KEYS, house_of_the_samples
from tests.stack.exchange import Answer
from tests.stack.house import House
from tributary.api.http.dialect import BASES
from tributary.api.http.reserved import RESERVED
from tributary.api.routes import ROUTES, Route

METHODS = {"DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"}
OTHERS = [route for route in ROUTES if route.dialect != "siren"]
EACH = pytest.mark.parametrize(
    "route", [pytest.param(it, id=f"{it.method} {BASES[it.dialect]}{it.path}") for it in OTHERS]
)
#: Every dialect answers below the WordPress stage too.
STAGED = pytest.mark.parametrize("stage", ["", "/wp-json"])
#: Members of every error's body.
FORMS = {"sequenzy": {"success", "error"}, "noticia": {"code", "message", "requestId"}, "growi": {"error"}}


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with house_of_the_samples() as house:
        yield house


def sample(route: Route) -> Any:
    return SAMPLES[f"{route.method} {BASES[route.dialect]}{route.path}"]


def send(house: House, route: Route, key: str | None, stage: str = "", **options: Any) -> Answer:
    call = sample(route)
    query = call.get("queryStringParameters", {})
    return house.call(route.method, call["rawPath"], call.get("body"), key=key, base=stage, **options, **query)


def in_its_form(route: Route, answer: Answer) -> bool:
    return FORMS[route.dialect] <= answer.json.keys()


@STAGED
@EACH
def test_a_missing_or_wrong_key_is_401_in_its_form_and_writes_nothing(house: House, route: Route, stage: str) -> None:
    with house.requests_made() as asked:
        answers = [send(house, route, key, stage) for key in WRONG_KEYS.values()]

    assert {answer.status for answer in answers} == {401}
    assert all(in_its_form(route, answer) for answer in answers)
    assert not asked.writes


@STAGED
@EACH
def test_a_missing_scope_is_403_in_its_form_and_writes_nothing(house: House, route: Route, stage: str) -> None:
    idle = house.new_key("event:nothing")
    with house.requests_made() as asked:
        answer = send(house, route, idle, stage)

    assert (answer.status, in_its_form(route, answer)) == (403, True)
    assert not asked.writes


@EACH
def test_a_stranger_sees_and_changes_nothing(house: House, route: Route) -> None:
    before = [item for item in house.ledger() if item["organization"] == house.demo["organization"]]

    # A new one per route, since a stranger may see its own records.
    answer = send(house, route, house.new_key("admin", organization=f"stranger-{OTHERS.index(route)}"))

    assert answer.status < 500
    assert [item for item in house.ledger() if item["organization"] == house.demo["organization"]] == before
    if "{" in route.path:
        assert (answer.status, in_its_form(route, answer)) == (404, True)


@STAGED
@EACH
def test_an_unsupported_method_is_405_in_its_form(house: House, route: Route, stage: str) -> None:
    path = sample(route)["rawPath"]
    has = {it.method for it in OTHERS if (it.dialect, it.path) == (route.dialect, route.path)}

    for method in METHODS - has - {"HEAD"}:
        answer = house.call(method, path, base=stage)
        assert (answer.status, in_its_form(route, answer)) == (405, True), method
        assert set(answer.headers["Allow"].split(", ")) == has | {"OPTIONS"}


@STAGED
@EACH
def test_options_lists_the_methods_of_the_path_only(house: House, route: Route, stage: str) -> None:
    has = {it.method for it in OTHERS if (it.dialect, it.path) == (route.dialect, route.path)}

    answer = house.call("OPTIONS", sample(route)["rawPath"], key=None, base=stage)

    assert (answer.status, set(answer.headers["Allow"].split(", "))) == (204, has | {"OPTIONS"})


def test_every_word_that_the_gateway_takes_for_an_id_is_reserved() -> None:
    reserved = {}
    for own in {(it.dialect, it.path) for it in ROUTES if "{" not in it.path}:
        methods = {it.method for it in ROUTES if (it.dialect, it.path) == own}
        alike = {
            it.method
            for it in ROUTES
            if it.dialect == own[0] and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", it.path), own[1])
        }
        if alike - methods:
            reserved[BASES[own[0]] + own[1]] = sorted(methods)

    assert reserved == RESERVED


@STAGED
@pytest.mark.parametrize("route", [pytest.param(it, id=it.path) for it in OTHERS if it.method == "POST"])
def test_a_post_runs_once_per_key_and_repeats_get_the_first_answer(house: House, route: Route, stage: str) -> None:
    headers = {"Idempotency-Key": f"once-{stage}{route.path}"}

    first, again = (send(house, route, "admin", at, headers=headers) for at in ("", stage))

    assert first.status in route.statuses
    assert (again.status, again.text) == (first.status, first.text)
    assert again.headers["Idempotent-Replayed"] == "true"
