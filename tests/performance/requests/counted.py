"""DynamoDB requests of each call and each message.

The samples of events/api are sent one after the other, then those of events/bus/foreign; consequences are handed to
their consumers, twice.
"""

import json
import re
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from unittest import mock

from tests.contract.api.calls import SAMPLES, house_of_the_samples, send
from tests.contract.samples import read_all
from tests.stack.exchange import Answer, Message
from tests.stack.house import House
from tests.stack.scenarios.pools import DISTRIBUTOR
from tests.template import ROOT
from tributary.domain import times
from tributary.domain.ids import cause_id

Counts = Mapping[str, int]
#: Requests the first time and, where a repeat is possible, of the repeat.
Rows = dict[str, tuple[Counts, Counts | None]]

#: An order item with a reminder ten years later.
AGAIN = [{"productId": "R-SKU", "title": "Widget", "quantity": 1}]
REMINDED = {"products": [{"productId": "R-SKU", "title": "Widget", "replenishment": {"days": 3650}}]}
NEW = {"email": "new@example.com"}
LATER = "2100-01-01T00:00:00"

#: Cases that the samples omit: a call, the case, other members of its body.
CASES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("POST /api/v1/orders", "placed", {"orderId": "R-1", "items": AGAIN}),
    ("POST /api/v1/orders", "of somebody new", {"orderId": "R-4", "items": AGAIN, "customer": NEW}),
    ("POST /api/v1/orders", "fulfilled", {"orderId": "R-1", "status": "fulfilled"}),
    ("POST /api/v1/orders", "refunded in part", {"orderId": "R-1", "status": "refunded", "refundAmountCents": 5}),
    ("POST /api/v1/orders", "cancelled", {"orderId": "R-1", "status": "cancelled"}),
    ("POST /siren/v1/event/sale", "another", {"source": "demo-shop", "externalId": "R-2"}),
    ("POST /siren/v1/event/refund", "of a part", {"externalId": "R-2", "refundId": "1", "amount": 1}),
    ("POST /siren/v1/event/refund", "of the rest", {"externalId": "R-2"}),
    ("POST /v1/sales-events", "a return", {"external_id": "R-3", "type": "RETURN"}),
)

_SCHEDULE = ROOT / "events" / "schedule"

STATISTICS = "GET /siren/v1/statistics"
#: The sample deletes the conversion that others name.
LAST = "DELETE /siren/v1/conversions/{id}"


@dataclass
class Counted:
    """The most requests per call, and per consumer and event."""

    calls: Rows = field(default_factory=dict)
    messages: Rows = field(default_factory=dict)


def count() -> Counted:
    counted = Counted()
    with house_of_the_samples() as house, _within_a_moment():
        house.get("/programs")  # from here on the process has cached the key and the programs
        send(house, "POST /api/v1/products", "admin", body=json.dumps(REMINDED))
        house.deliver()
        for route, case, members in CASES:
            body = json.dumps(json.loads(SAMPLES[route]["body"]) | members)
            counted.calls[f"{route}, {case}"] = _call(house, route, body)
            _follow(house, counted.messages)
        # Batches last: they make lists longer than a page, which request an estimate too.
        for route in sorted(SAMPLES.keys() - {"$default", LAST}, key=_place):
            counted.calls[route] = _call(house, route)
            _follow(house, counted.messages)
        house.pass_time(LATER)
        _follow(house, counted.messages)
        for _, sample in sorted(read_all("bus/foreign").items(), reverse=True):  # the sale before its refund
            house.event(sample["detail-type"], sample["detail"], sample["source"], account=sample["account"])
            _follow(house, counted.messages)
        _night(house, counted.messages)
        counted.calls[LAST] = _call(house, LAST)
        _follow(house, counted.messages)
    return counted


def _within_a_moment() -> Any:
    """A stopped clock, so that no cached key or estimate expires on a slow machine."""
    return mock.patch.object(time, "monotonic", return_value=time.monotonic())


def _call(house: House, route: str, body: Any = ...) -> tuple[Counts, Counts | None]:
    call = partial(send, house, route, "admin", body=body, **_query(route))
    first, answer = _counted(house, call)
    assert answer.status < 300, (route, answer.text)
    if not route.startswith("POST"):
        return first, None
    again, repeated = _counted(house, call)
    return first, again if repeated.status < 300 and _said(repeated) == _said(answer) else None


def _query(route: str) -> Mapping[str, str]:
    """The query of a call whose cost varies with the hour: two hours of statistics, both still open."""
    return {"by": "hour", "from": times.later(times.now(), hours=-1)} if route == STATISTICS else {}


def _place(route: str) -> tuple[bool, int]:
    return route.endswith("/batch"), list(SAMPLES).index(route)


def _said(answer: Answer) -> str:
    """An answer without the marks of a repeat."""
    said = re.sub(r',"repeated":true,"differs":\[[^\]]*\]', "", answer.text)
    return said.replace('"created":true', '"created":false')


def _follow(house: House, rows: Rows) -> None:
    """Delivers until nothing is left, handing each message over twice."""
    house.publish()
    while arrived := house.arrived():
        for message in arrived:
            first, _ = _counted(house, partial(house.consume, message))
            again, _ = _counted(house, partial(house.consume, message))
            _note(rows, f"`{message.function}` ← {message.detail_type}", first, again)
        house.publish()


def _night(house: House, rows: Rows) -> None:
    """The schedules' messages, and one of the messages that each sends per organization."""
    for function in ("close_hours", "close_periods", "prove_ledger", "set_quintiles"):
        (record,) = json.loads((_SCHEDULE / f"{function}.json").read_text())["Records"]
        night = json.loads(record["body"])
        detail = {"organization": "demo", "proofId": cause_id("demo", "proof", night["id"])}
        messages = {"schedule": night, "an organization's": night | {"detail": detail}}
        if function == "close_hours":
            hours = {"organization": "demo", "hour": times.later(times.now(), hours=-2)[:13]}
            messages["an organization's"] = night | {"detail": hours}
        if function == "close_periods":
            messages["a distributor's"] = night | {"detail": detail | {"distributorId": DISTRIBUTOR}}
        for whose, body in messages.items():
            message = Message(function, json.dumps(body))
            with _one_month_to_close() if function == "close_periods" else nullcontext():
                first, again = (_counted(house, partial(house.consume, message))[0] for _ in range(2))
            _note(rows, f"`{function}` ← {whose}", first, again)


def _one_month_to_close() -> AbstractContextManager[Any]:
    """A clock of the month after the one that the samples have closed: the real one ends another each month."""
    return mock.patch.object(times, "now", return_value="2026-11-20T03:10:00.000Z")


def _note(rows: Rows, name: str, first: Counts, again: Counts) -> None:
    before = rows.get(name, ({}, {}))
    rows[name] = max(before[0], first, key=_sum), max(before[1] or {}, again, key=_sum)


def _sum(counts: Counts) -> int:
    return sum(counts.values())


def _counted(house: House, act: Callable[[], Any]) -> tuple[Counts, Any]:
    with house.requests_made() as asked:
        done = act()
    return asked.counts, done
