"""Every route stands in three places that say the same, and is closed to whoever has no right to it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.routes import DEFAULT, routes_of_the_handlers, routes_of_the_table, routes_of_the_template
from tests.integration.harness import Answer, House, forget_clients, in_process
from tests.template import ROOT
from tributary.api.routes import ROUTES

BASES = ("/siren/v1", "/wp-json/siren/v1")
METHODS = {"DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"}
SAMPLES = {
    sample["routeKey"]: sample for sample in map(json.loads, (p.read_text() for p in (ROOT / "events/api").iterdir()))
}
CALLS = [pytest.param(f"{it.method} {BASES[0]}{it.path}", id=f"{it.method} {it.path}") for it in ROUTES]
WRONG_KEYS = {"none": None, "unknown": "sk_live_" + "0" * 64, "empty": "", "not a key": "null"}
UNKNOWN_PATHS = (
    "/", "/siren/v1", "/siren/v1/", "/siren/v2/transactions", "/siren/v1/nothing", "/siren/v1/transactions/",
    "/siren/v1/transactions/1/", "/siren/v1/transactions/1/attribution", "/siren/v1/Transactions",
    "/siren/v1//transactions", "/siren/v1/event/nothing", "/siren/v1/event/sale%2F", "/siren/v1/payouts",
    "/wp-json/wp-json/siren/v1/transactions",
)  # fmt: skip


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """With the demo sale that the samples name, and what came of it."""
    forget_clients()
    with in_process() as house:
        house.sale("DEMO-1", source="demo-shop")
        house.deliver()
        yield house
    forget_clients()


@pytest.fixture(scope="module")
def strangers_key(house: House) -> str:
    """An admin key of another organization."""
    return house.new_key("admin", organization="stranger")


@pytest.fixture(scope="module")
def idle_key(house: House) -> str:
    """A key of the organization that opens none of the routes."""
    return house.new_key("webhook-subscriptions:read")


def send(house: House, route: str, key: str | None, base: str = BASES[0]) -> Answer:
    """The sample of the route, with another key. Of ids that only the ledger knows, one that it has."""
    sample = SAMPLES[route]
    path = sample["rawPath"].removeprefix(BASES[0])
    if path == "/api-keys/1":
        path = f"/api-keys/{house.ledger('api-key')[0]['listed']['id']}"
    method = sample["requestContext"]["http"]["method"]
    return house.call(method, path, sample.get("body"), key=key, base=base)


def of_the_demo(house: House) -> list[Any]:
    return [item for item in house.ledger() if item["organization"] == house.demo["organization"]]


def ids_of(house: House, organization: str) -> set[int]:
    listed = [item.get("listed", {}) for item in house.ledger() if item["organization"] == organization]
    return {shown["id"] for shown in listed if "id" in shown}


def test_template_table_and_handlers_have_the_same_routes() -> None:
    assert routes_of_the_template() == routes_of_the_table() | {DEFAULT}
    assert routes_of_the_handlers() == {route for route in routes_of_the_table() if "/wp-json" not in route[0]}


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("route", CALLS)
def test_a_call_without_a_key_or_with_a_wrong_one_is_401_and_changes_nothing(
    house: House, route: str, base: str
) -> None:
    with house.requests_made() as asked:
        answers = {name: send(house, route, key, base) for name, key in WRONG_KEYS.items()}

    assert {(answer.status, answer.error["code"]) for answer in answers.values()} == {(401, "unauthorized")}
    assert {answer.headers["WWW-Authenticate"] for answer in answers.values()} == {"Bearer"}
    assert not asked.writes


@pytest.mark.parametrize("route", CALLS)
def test_a_key_without_the_scope_is_refused_and_changes_nothing(house: House, route: str, idle_key: str) -> None:
    with house.requests_made() as asked:
        answer = send(house, route, idle_key)

    expected = (401, "api_key_not_accepted") if "/api-keys" in route else (403, "missing_scope")
    assert (answer.status, answer.error["code"]) == expected
    assert not asked.writes


@pytest.mark.parametrize("route", [call for call in CALLS if "{id}" in str(call.values[0])])
def test_a_record_of_another_organization_is_404_and_stays_as_it_is(
    house: House, route: str, strangers_key: str
) -> None:
    with house.requests_made() as asked:
        answer = send(house, route, strangers_key)

    assert (answer.status, answer.error["code"]) == (404, "not_found")
    assert not asked.writes


@pytest.mark.parametrize("route", [call for call in CALLS if "{id}" not in str(call.values[0])])
def test_a_key_of_another_organization_sees_and_changes_nothing_of_the_first(
    house: House, route: str, strangers_key: str
) -> None:
    before = of_the_demo(house)

    answer = send(house, route, strangers_key)

    assert answer.status < 500
    assert of_the_demo(house) == before
    if route.startswith("GET"):
        assert {listed["id"] for listed in answer.json} <= ids_of(house, "stranger")


def test_a_stranger_can_neither_refund_nor_review_what_is_not_theirs(house: House, strangers_key: str) -> None:
    refund = send(house, "POST /siren/v1/event/refund", strangers_key)
    review = send(house, "POST /siren/v1/conversions/bulk", strangers_key)

    assert (refund.status, refund.error["context"]) == (404, {"source": "demo-shop", "externalId": "DEMO-1"})
    assert review.json == {"success": True, "affected": 0}


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("path", sorted({it.path for it in ROUTES}))
def test_a_method_that_a_path_does_not_have_is_405_and_says_which_it_has(house: House, path: str, base: str) -> None:
    has = {it.method for it in ROUTES if it.path == path}
    # For GET, the `bulk` of /conversions/bulk is an id that nobody has.
    taken = {it.method for it in ROUTES if it.path == path.rpartition("/")[0] + "/{id}"}

    for method in METHODS - has - taken:
        answer = house.call(method, path.replace("{id}", "1"), base=base)

        assert answer.status == 405, method
        assert answer.error["code"] == "method_not_allowed"
        assert set(answer.headers["Allow"].split(", ")) == has | {"OPTIONS"}


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("path", sorted({it.path for it in ROUTES}))
def test_options_is_told_the_methods_and_nothing_else(house: House, path: str, base: str) -> None:
    has = {it.method for it in ROUTES if it.path == path}

    answer = house.call("OPTIONS", path.replace("{id}", "1"), key=None, base=base)

    assert (answer.status, answer.text) == (204, "")
    assert set(answer.headers["Allow"].split(", ")) == has | {"OPTIONS"}
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize("path", UNKNOWN_PATHS)
def test_a_path_that_does_not_exist_is_404_whatever_the_method(house: House, path: str) -> None:
    answers = [house.call(method, path, base="") for method in METHODS | {"OPTIONS"}]

    assert {(answer.status, answer.error["code"]) for answer in answers} == {(404, "not_found")}
