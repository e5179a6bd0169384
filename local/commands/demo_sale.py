"""A sale's whole way, over HTTP as from a shop: the proof of a working stack.

It has its own opportunity, so the visit of the seed stays unconsumed."""

import time
from typing import Any

from local import web
from local.problem import Problem
from local.stack import Stack

PATIENCE = 30.0
SALE = {"source": "demo-shop", "externalId": "DEMO-1", "total": 49.99, "currency": "USD"}


def follow(stack: Stack) -> dict[str, Any]:
    """Report the sale and return the resulting obligation."""
    _post(stack, "event/sale", {**SALE, "trackingId": visit(stack)})
    return _obligation(stack)


def visit(stack: Stack) -> int:
    """Report a new visitor's visit and return its trackingId."""
    body = {"collaboratorId": stack.demo["collaboratorId"]}
    return int(_post(stack, "event/site-visited", body).headers["X-Siren-OID"])


def _post(stack: Stack, path: str, content: dict[str, Any]) -> web.Answer:
    answer = web.post(f"{stack.url}/{path}", content, stack.keys["events"])
    if answer.status != 200:
        raise Problem(f"the demo call {path} was answered {answer.status}: {answer.body.decode(errors='replace')}")
    return answer


def _obligation(stack: Stack) -> dict[str, Any]:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        answer = web.get(f"{stack.url}/obligations", stack.keys["reader"])
        if answer.status != 200:
            raise Problem(f"GET /obligations was answered {answer.status}: {answer.body.decode(errors='replace')}")
        if answer.json:
            return answer.json[0]
        time.sleep(0.05)
    raise Problem(f"no obligation after {PATIENCE:.0f} s; the emulator's log ends:\n{stack.emulator.last_words()}")
