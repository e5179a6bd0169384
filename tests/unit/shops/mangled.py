"""Bodies of webhooks: as vendors write them, and with members replaced or dropped as no vendor writes them."""

import copy
import json
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from tests.template import ROOT
from tributary.domain.money import MAX_MINOR
from tributary.shops.adapter import Adapter, Delivery, Names, Unreadable
from tributary.shops.told import Brought, Ignored, Order, Refund, Tie, Withdrawal

BODIES = ROOT / "events/hooks"
NAMES = Names()

_ODD = [10**30, -1, 2**53, 0.5, 1e300, float("nan"), "\ud800", "1e400", "NaN", "0001-01-01T00:00:00+23:00", "x" * 5000]
_SCALARS = st.none() | st.booleans() | st.integers() | st.text("aZ09 -.\x00é", max_size=6) | st.sampled_from(_ODD)
VALUES = _SCALARS | st.lists(_SCALARS, max_size=2) | st.dictionaries(st.sampled_from("ab"), _SCALARS, max_size=2)
_WRITTEN = {
    vendor.name: [json.loads(path.read_bytes()) for path in sorted(vendor.glob("*.json"))]
    for vendor in BODIES.iterdir()
}


def body(vendor: str, name: str) -> bytes:
    return (BODIES / vendor / f"{name}.json").read_bytes()


def changed(vendor: str, name: str, **members: Any) -> bytes:
    """A body with other values; a member is named by its path, joined by two underscores."""
    document = json.loads(body(vendor, name))
    for path, value in members.items():
        *way, last = [int(part) if part.isdigit() else part for part in path.split("__")]
        inner = document
        for part in way:
            inner = inner[part]
        inner[last] = value
    return json.dumps(document).encode()


@st.composite
def mangled(draw: st.DrawFn, vendor: str) -> bytes:
    """One of the vendor's bodies with up to three members that are of any kind, or missing."""
    document = copy.deepcopy(draw(st.sampled_from(_WRITTEN[vendor])))
    for _ in range(draw(st.integers(1, 3))):
        way = draw(st.sampled_from([*_paths(document), ("added",)]))
        inner = document
        for part in way[:-1]:
            inner = inner[part]
        if draw(st.booleans()) or way[-1] == "added":
            inner[way[-1]] = draw(VALUES)
        else:
            del inner[way[-1]]
    return json.dumps(document).encode()


def _paths(inner: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if way:
        yield way
    if isinstance(inner, dict | list):
        for key, value in inner.items() if isinstance(inner, dict) else enumerate(inner):
            yield from _paths(value, (*way, key))


def check_told(adapter: Adapter, sent: bytes) -> None:
    """Any body is refused by name or told as facts that the ledger can hold."""
    adapter.topic(Delivery({}, sent, 0)).encode()
    try:
        facts = adapter.read(Delivery({}, sent, 0), NAMES)
    except Unreadable:
        return
    assert facts
    for fact in facts:
        assert isinstance(fact, Order | Refund | Withdrawal | Tie | Brought | Ignored)
        repr(fact).encode()
        if isinstance(fact, Order):
            check_order(fact)
        if isinstance(fact, Refund):
            assert fact.amount is None or 0 < fact.amount <= MAX_MINOR


def check_order(order: Order) -> None:
    assert sum(line.value for line in order.lines) + order.tax + order.shipping + order.fee == order.total
    assert 0 < order.total <= MAX_MINOR
    assert min([*(line.value for line in order.lines), order.tax, order.shipping, order.fee]) >= 0
    for line in order.lines:
        assert line.quantity > 0
        line.name.encode()
