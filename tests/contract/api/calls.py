"""The samples of events/api, called against the real functions with chosen keys."""

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

from local.seed import ORGANIZATION
from tests.contract.samples import read_all
from tests.stack.exchange import Answer
from tests.stack.house import House, forget_clients, in_process
from tests.stack.scenarios.hooks.of_the_samples import connections_of_the_samples
from tests.stack.scenarios.hooks.webhook_shop import webhooks_of_the_samples
from tests.stack.scenarios.paid import batches_of_the_samples
from tests.stack.scenarios.pools import pools_of_the_samples
from tributary.ledger.customers import customers

BASES = ("/siren/v1", "/wp-json/siren/v1")
SAMPLES = {call["routeKey"]: call for call in read_all("api").values()}
#: The customer of the samples; orders create customers, so no call makes one.
CUSTOMER_ID = 5001
WRONG_KEYS = {"none": None, "unknown": "sk_live_" + "0" * 64, "empty": "", "not a key": "null"}


@contextlib.contextmanager
def house_of_the_samples() -> Iterator[House]:
    """The in-process stack as `make run` leaves it, with the demo sale of the samples, credits, batches and
    distributors, and a customer with a pushed order."""
    forget_clients()
    with in_process() as house:
        house.sale("DEMO-1", source="demo-shop")
        with house._environment("report_sale"):
            ada = customers.Identity("ada@example.com", "crm-1")
            customers.upsert(ORGANIZATION, ada, {}, "2026-11-21T12:00:00.000Z", new_id=lambda: CUSTOMER_ID)
            batches_of_the_samples()
            pools_of_the_samples()
        with house._environment("manage_webhooks"):
            webhooks_of_the_samples()
        with house._environment("manage_connections"):
            connections_of_the_samples()
        send(house, "POST /api/v1/orders", "admin")
        house.deliver()
        yield house
    forget_clients()


def send(house: House, route: str, key: str | None, base: str = BASES[0], body: Any = ..., **asked: str) -> Answer:
    """Send the sample of the route with another key or query; Siren's may also use another base."""
    call = SAMPLES[route]
    path = call["rawPath"].removeprefix(BASES[0])
    base = "" if path == call["rawPath"] else base
    query = call.get("queryStringParameters", {}) | asked
    sent = call.get("body") if body is ... else body
    method, headers = call["requestContext"]["http"]["method"], call.get("headers", {})
    signed = {name: value for name, value in headers.items() if "signature" in name}
    return house.call(method, path, sent, key=key, base=base, headers=signed, **query)


def not_refused(
    house: House, route: str, keys: Mapping[str, str | None], refusal: tuple[int, str], base: str
) -> list[str]:
    """Keys that get another answer than the refusal, and true if anything was written."""
    faults = []
    with house.requests_made() as asked:
        for name, key in keys.items():
            answer = send(house, route, key, base)
            if answer.status < 400 or (answer.status, answer.error["code"]) != refusal:
                faults.append(f"{name}: {answer.status}")
            if answer.status == 401 and answer.headers.get("WWW-Authenticate") != "Bearer":
                faults.append(f"{name}: the answer does not say how to do better")
    return [*faults, "something was written"] if asked.writes else faults
