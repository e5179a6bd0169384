"""Each check of the contract of routes fails when one thing is changed in memory, and passes otherwise."""

from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest

from tests.contract.api.calls import BASES, SAMPLES, WRONG_KEYS, house_of_the_samples, not_refused
from tests.contract.api.routes import DEFAULT, HOOKS, routes_of_the_handlers, routes_of_the_table
from tests.contract.samples import changed, misrouted, template_routes, uncalled, unsampled_functions
from tests.stack.wiring import load
from tributary.api.http import dialect, requests
from tributary.api.routes import ROUTES, Route
from tributary.ledger.organization.api_keys import Principal


@pytest.mark.parametrize("route", [route for route in SAMPLES if route != "$default"])
def test_a_call_that_does_not_match_its_route_is_detected(route: str) -> None:
    call = SAMPLES[route]
    assert misrouted(call, template_routes()) == []

    assert misrouted(changed(call, "rawPath", to=call["rawPath"] + "/more"), template_routes())
    assert misrouted(changed(call, "requestContext", "http", "method", to="HEAD"), template_routes())
    assert misrouted(changed(call, "requestContext", "routeKey", to="$default"), template_routes())
    assert misrouted(call, template_routes() - {pair for pair in template_routes() if pair[0] == route}) == [
        f"{route} is no route"
    ]


@pytest.mark.parametrize("route", SAMPLES)
def test_a_route_without_a_sample_is_detected(route: str) -> None:
    assert uncalled(template_routes(), SAMPLES.values()) == []

    assert uncalled(template_routes(), [call for call in SAMPLES.values() if call["routeKey"] != route]) == [route]


def test_a_function_without_a_sample_is_detected() -> None:
    assert unsampled_functions(["report_sale", "attribute_sale", "publish_events"], template_routes()) == []

    assert unsampled_functions(["report_sale", "pay_out"], template_routes()) == ["pay_out"]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route[0]} {route[1]}")
def test_a_route_missing_from_the_table_is_detected_in_template_and_handlers(route: Route) -> None:
    method, path, function = route.method, route.path, route.function

    with mock.patch("tests.contract.api.routes.ROUTES", [other for other in ROUTES if other != route]):
        in_the_template = template_routes() - routes_of_the_table() - {DEFAULT} - HOOKS
        in_the_handlers = routes_of_the_handlers() - routes_of_the_table() - HOOKS

    base = dialect.BASES[route.dialect]
    assert in_the_template == in_the_handlers == {(f"{method} {base}{path}", function)}


def test_a_route_that_only_a_handler_has_is_detected() -> None:
    extra = SimpleNamespace(method="GET", path="/siren/v1/secrets/<record_id>")
    app = load("manage_api_keys").app

    with mock.patch.object(app, "_dynamic_routes", [*app._dynamic_routes, extra]):
        extras = routes_of_the_handlers() - routes_of_the_table() - HOOKS
        assert extras == {("GET /siren/v1/secrets/{id}", "manage_api_keys")}


def anybody(*_: Any) -> Principal:
    """A handler that does not check the key."""
    return Principal("demo", 1, ("admin",), None, None)


@pytest.mark.parametrize("asks", ["caller", "require_admin_key"])
def test_a_handler_that_does_not_check_the_key_is_detected_on_every_route(asks: str) -> None:
    keys, refusal = {"none": WRONG_KEYS["none"]}, (401, "unauthorized")
    with house_of_the_samples() as house, mock.patch.object(requests, asks, anybody):
        faults = {
            route: not_refused(house, route, keys, refusal, BASES[0])
            for route in SAMPLES
            if BASES[0] in route and ("/api-keys" in route) == (asks == "require_admin_key")
        }

    assert [route for route, found in faults.items() if not found] == []
    assert [route for route, found in faults.items() if "none: 500" in found] == []
