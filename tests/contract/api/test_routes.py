"""Every route is the same in its three sources, and is closed to unauthorized callers."""

from collections.abc import Iterator
from typing import Any

import pytest

from openapi import answers
from tests.contract.api.calls import BASES, SAMPLES, WRONG_KEYS, house_of_the_samples, not_refused, send
from tests.contract.api.routes import (
    DEFAULT,
    HOOKS,
    routes_of_the_handlers,
    routes_of_the_table,
    routes_of_the_template,
)
from tests.stack.exchange import Answer
from tests.stack.house import House
from tributary.api.routes import Route, routes_of

SIREN = routes_of("siren")
METHODS = {"DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"}
CALLS = [pytest.param(f"{it.method} {BASES[0]}{it.path}", id=f"{it.method} {it.path}") for it in SIREN]
CHECKING = [pytest.param(it, id=f"{it.method} {it.path}") for it in SIREN if 422 in answers.refusals(it, [422])]
NAMING_A_RECORD = [call for call in CALLS if "{" in str(call.values[0])]
NAMING_NONE = [call for call in CALLS if "{" not in str(call.values[0])]
UNKNOWN_PATHS = (
    "/", "/siren/v1", "/siren/v1/", "/siren/v2/transactions", "/siren/v1/nothing", "/siren/v1/transactions/",
    "/siren/v1/transactions/1/", "/siren/v1/transactions/1/details", "/siren/v1/Transactions",
    "/siren/v1//transactions", "/siren/v1/event", "/siren/v1/event/", "/siren/v1/event/sale%2F",
    "/siren/v1/event/sale/more", "/siren/v1/opportunities/1/invalidate/", "/siren/v1/webhooks/",
    "/wp-json", "/wp-json/", "/wp-json/wp-json/siren/v1/transactions", "/$default/siren/v1/transactions",
    "/wp-json/siren/v1", "/wp-json/siren/v1/nothing", "/wp-json/siren/v1/transactions/", "/wp-jsons/siren/v1/programs",
)  # fmt: skip


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with house_of_the_samples() as house:
        yield house


@pytest.fixture(scope="module")
def strangers_key(house: House) -> str:
    """An admin key of another organization."""
    return house.new_key("admin", organization="stranger")


@pytest.fixture(scope="module")
def idle_key(house: House) -> str:
    """A key of the organization that opens none of the routes."""
    return house.new_key("event:nothing")


def of_the_demo(house: House) -> list[Any]:
    return [item for item in house.ledger() if item["organization"] == house.demo["organization"]]


def ids_of(house: House, organization: str) -> set[int]:
    listed = [item.get("listed", {}) for item in house.ledger() if item["organization"] == organization]
    return {shown["id"] for shown in listed if "id" in shown}


def ids_in(answer: Any) -> set[int]:
    """The ids of the records of a list. Registries, which are public, have words for them."""
    return {shown["id"] for shown in answer if isinstance(shown, dict) and isinstance(shown["id"], int)}


def test_the_template_the_table_and_the_handlers_have_the_same_routes() -> None:
    assert routes_of_the_template() == routes_of_the_table() | {DEFAULT} | HOOKS
    assert routes_of_the_handlers() == routes_of_the_table() | HOOKS


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("route", CALLS)
def test_a_call_without_a_key_or_with_a_wrong_one_is_401_and_changes_nothing(
    house: House, route: str, base: str
) -> None:
    assert not_refused(house, route, WRONG_KEYS, (401, "unauthorized"), base) == []


@pytest.mark.parametrize("route", CALLS)
def test_a_key_without_the_scope_is_refused_and_changes_nothing(house: House, route: str, idle_key: str) -> None:
    refusal = (401, "api_key_not_accepted") if "/api-keys" in route else (403, "missing_scope")

    assert not_refused(house, route, {"idle": idle_key}, refusal, BASES[0]) == []


@pytest.mark.parametrize("route", NAMING_A_RECORD)
def test_a_record_of_another_organization_is_404_and_unchanged(house: House, route: str, strangers_key: str) -> None:
    assert not_refused(house, route, {"stranger": strangers_key}, (404, "not_found"), BASES[0]) == []


@pytest.mark.parametrize("route", NAMING_NONE)
def test_a_key_of_another_organization_sees_and_changes_nothing_of_the_first(
    house: House, route: str, strangers_key: str
) -> None:
    before = of_the_demo(house)

    answer = send(house, route, strangers_key)

    assert answer.status < 500
    assert of_the_demo(house) == before
    if route.startswith("GET"):
        assert ids_in(answer.json) <= ids_of(house, "stranger")


def test_a_slug_too_long_to_be_registered_is_404_without_a_read(house: House) -> None:
    """DynamoDB takes keys of 1,024 bytes and answers longer ones with an error; moto takes them."""
    send(house, "POST /siren/v1/event/{slug}", "events")  # the process has cached the key from here on

    with house.requests_made() as asked:
        answer = house.post("/event/" + "a" * 2000, {}, key="events")

    assert (answer.status, answer.error["context"]) == (404, {"slug": "a" * 64})
    assert asked.counts == {}


def test_a_stranger_can_neither_refund_nor_review_others_records(house: House, strangers_key: str) -> None:
    refund = send(house, "POST /siren/v1/event/refund", strangers_key)
    review = send(house, "POST /siren/v1/conversions/bulk", strangers_key)

    assert (refund.status, refund.error["context"]) == (404, {"source": "demo-shop", "externalId": "DEMO-1"})
    assert (review.json["affected"], {it["reason"] for it in review.json["skipped"]}) == (0, {"not_found"})


@pytest.mark.parametrize("route", CHECKING)
def test_failed_checks_are_422_and_below_the_wordpress_base_400(house: House, route: Route) -> None:
    answers = [_failing(house, route, base) for base in BASES]

    assert [(answer.status, answer.error["code"]) for answer in answers] == [
        (422, "VALIDATION_FAILED"),
        (400, "VALIDATION_FAILED"),
    ]
    assert answers[0].failures == answers[1].failures


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("path", sorted({it.path for it in SIREN}))
def test_an_unsupported_method_is_405_and_lists_the_supported_ones(house: House, path: str, base: str) -> None:
    has = {it.method for it in SIREN if it.path == path}

    for method in METHODS - has:
        answer = house.call(method, _filled(path), base=base)

        assert answer.status == 405, method
        assert answer.error["code"] == "method_not_allowed"
        assert set(answer.headers["Allow"].split(", ")) == has | {"OPTIONS"}


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("path", sorted({it.path for it in SIREN}))
def test_options_is_answered_with_the_methods_only(house: House, path: str, base: str) -> None:
    has = {it.method for it in SIREN if it.path == path}

    answer = house.call("OPTIONS", _filled(path), key=None, base=base)

    assert (answer.status, answer.text) == (204, "")
    assert set(answer.headers["Allow"].split(", ")) == has | {"OPTIONS"}
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize("path", UNKNOWN_PATHS)
def test_an_unknown_path_is_404_for_every_method(house: House, path: str) -> None:
    answers = [house.call(method, path, base="") for method in METHODS | {"OPTIONS"}]

    assert {(answer.status, answer.error["code"]) for answer in answers} == {(404, "not_found")}


def _failing(house: House, route: Route, base: str) -> Answer:
    """Send the route a request that fails its checks: a bad page, a bad list of fields, a bad header, a bad body."""
    query = {"number": 0, "fields": "nothing"} if route.method == "GET" else {}
    headers = {"Idempotency-Key": "x" * 300} if route.method == "POST" else {}
    path = SAMPLES[f"{route.method} {BASES[0]}{route.path}"]["rawPath"].removeprefix(BASES[0])
    return house.call(route.method, path, 1, base=base, headers=headers, **query)


def _filled(path: str) -> str:
    return path.replace("{id}", "1").replace("{slug}", "newsletter-signup").replace("{deliveryId}", "evt_" + "0" * 32)
