"""Sample bodies of shops' webhooks, deliveries of them, and variants for one case."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st

from tests.template import ROOT
from tributary.shops.adapter import Adapter, Delivery, Names, Unreadable
from tributary.shops.told import Ignored, Order, Told

HOOKS = ROOT / "events/hooks"
RECEIVED = 1_800_000_000

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**400), 10**400)
    | st.integers(-5, 5)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["1e999999", "-1", "0.001", "9" * 5000, "NaN", "\ud800", "2026-13-01", "JPY", "1e-99999", "true"])
)
JSON_VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def body(vendor: str, name: str) -> bytes:
    """A sample, byte for byte as the vendor writes it."""
    return (HOOKS / vendor / name).read_bytes()


def document(vendor: str, name: str) -> dict[str, Any]:
    """A sample as an object to change for one case."""
    return dict(json.loads(body(vendor, name)))


def delivery(sent: bytes | Mapping[str, Any], **headers: str) -> Delivery:
    """A delivery of a body; `x_shopify_topic="…"` is the header x-shopify-topic."""
    raw = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    return Delivery({name.replace("_", "-"): value for name, value in headers.items()}, raw, RECEIVED)


def raw_delivery(sent: Any) -> Delivery:
    """A delivery of any JSON value."""
    return Delivery({}, json.dumps(sent).encode(), RECEIVED)


def read(adapter: Adapter, sent: bytes | Mapping[str, Any]) -> tuple[Told, ...]:
    """The facts of a body, for a connection with the names that are the default."""
    return adapter.read(delivery(sent), Names())


def order_of(told: tuple[Told, ...]) -> Order:
    """The one order among the facts."""
    (order,) = [fact for fact in told if isinstance(fact, Order)]
    return order


def reason_of(told: tuple[Told, ...]) -> str:
    """The reason of the only fact, or of an order that counts only if it is known."""
    (fact,) = told
    if isinstance(fact, Order) and fact.unless_known:
        return fact.unless_known
    assert isinstance(fact, Ignored)
    return fact.reason


def parts_of(order: Order) -> int:
    """The sum of an order's parts."""
    return sum(line.value for line in order.lines) + order.tax + order.shipping + order.fee


def signature(sent: bytes, secret: str) -> str:
    """Base64 of HMAC-SHA256, as Shopify and WooCommerce sign."""
    return base64.b64encode(hmac.new(secret.encode(), sent, hashlib.sha256).digest()).decode()


def damaged(data: st.DataObject, value: Any) -> Any:
    """The value with one member, at any depth, replaced by any JSON value or dropped."""
    if not isinstance(value, dict | list) or not value or data.draw(st.integers(0, 5)) == 0:
        return data.draw(JSON_VALUES)
    place = data.draw(st.sampled_from(sorted(value) if isinstance(value, dict) else range(len(value))))
    changed = dict(value) if isinstance(value, dict) else list(value)
    if data.draw(st.integers(0, 3)) == 0:
        del changed[place]
    else:
        changed[place] = damaged(data, changed[place])
    return changed


def assert_told_or_unreadable(reader: Callable[[], tuple[Told, ...]]) -> None:
    """Any body gives facts, whose orders add up, or Unreadable: never another error."""
    try:
        told = reader()
    except Unreadable:
        return
    assert told
    for order in [fact for fact in told if isinstance(fact, Order)]:
        assert parts_of(order) == order.total
        assert (order.total > 0) != bool(order.unless_known)
        assert min(order.tax, order.shipping, order.fee, order.discount, *(line.value for line in order.lines)) >= 0
