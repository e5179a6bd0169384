"""Every POST takes `Idempotency-Key`, handled at the edge; answers with secrets are not stored."""

from collections.abc import Iterator

import pytest

from tests.contract.api.calls import BASES, SAMPLES
from tests.stack.house import House, in_process
from tests.stack.moto_stack import REGION
from tests.stack.moto_state import MotoState
from tests.stack.scenarios.hooks.webhook_shop import webhooks_of_the_samples
from tests.stack.scenarios.paid import batches_of_the_samples
from tests.stack.scenarios.pools import pools_of_the_samples
from tests.stack.wiring import load
from tributary.api.routes import ROUTES, Route, routes_of

POSTS = [pytest.param(it, id=it.path) for it in routes_of("siren") if it.method == "POST"]


_made: list[MotoState] = []


@pytest.fixture
def house() -> Iterator[House]:
    """A stack with the records that the samples name, but the program group is made here."""
    with in_process() as house:
        if _made:
            house.go_back(_made[0])
        else:
            _make(house)
            _made.append(MotoState.now(REGION))
        yield house


def _make(house: House) -> None:
    house.sale("DEMO-1", source="demo-shop")
    with house._environment("manage_fulfillments"):
        batches_of_the_samples()
        pools_of_the_samples()
    with house._environment("manage_webhooks"):
        webhooks_of_the_samples()
    house.deliver()


@pytest.mark.parametrize("route", POSTS)
def test_a_post_runs_once_per_key_and_repeats_get_the_first_answer(house: House, route: Route) -> None:
    sample = SAMPLES[f"POST {BASES[0]}{route.path}"]
    path, query = sample["rawPath"].removeprefix(BASES[0]), sample.get("queryStringParameters", {})
    headers = {"Idempotency-Key": "once"}

    first, again = (house.post(path, sample.get("body"), headers=headers, **query) for _ in range(2))

    if route.secret:
        assert (first.failures, again.failures) == ({"Idempotency-Key": "UNKNOWN"},) * 2
    else:
        assert (again.status, again.text) == (first.status, first.text)
        assert first.status in route.statuses
        assert again.headers == {**first.headers, "Idempotent-Replayed": "true"}


@pytest.mark.parametrize("function", sorted({route.function for route in ROUTES}))
def test_a_function_stores_answers_unless_they_hold_a_secret(function: str) -> None:
    secret = any(route.secret for route in ROUTES if route.function == function)

    assert load(function).app.keeps_answers is not secret
