"""Sequenzy's orders: placed, fulfilled, refunded in part and in full, cancelled. Updates are accepted in any order."""

from typing import Any

from tests.stack.dialects.spoken import Call, Dialect, Ending, Order, earned, email
from tributary.api.http.dialect import BASES

SOURCE = "sequenzy"
_PLACED, _FULFILLED, _REST, _CANCELLED = ({"status": it} for it in ("placed", "fulfilled", "refunded", "cancelled"))


def _notices(order: Order) -> list[dict[str, Any]]:
    part = {"status": "refunded", "refundId": "r-1", "refundAmountCents": order.part}
    return [
        [_PLACED, _FULFILLED, part, _REST, _CANCELLED],
        [_PLACED, part],
        [_PLACED, _FULFILLED, _REST],
        [_PLACED],
    ][order.fate]


def _call(order: Order, notice: dict[str, Any]) -> Call:
    item = {"productId": "sku-1", "title": "Widget", "quantity": 1, "priceCents": order.cents}
    body = {"orderId": order.name, "totalCents": order.cents, "currency": "USD", "customer": {"email": email(order)}}
    body |= {"items": [item], "trackingId": order.origin.visit, **notice}
    return Call("/orders", body, BASES["sequenzy"], taken=(202,))


def _ending(order: Order) -> Ending:
    kept = {"order-notice": len(_notices(order))}
    if order.fate in (0, 2):
        return Ending({0: "cancelled", 2: "refunded"}[order.fate], order.cents, 0, order.cents, kept)
    given_back = order.part if order.fate == 1 else 0
    return Ending("complete", order.cents, earned(order.cents, given_back), given_back, kept)


SEQUENZY = Dialect(
    "sequenzy",
    SOURCE,
    lambda order: [_call(order, notice) for notice in _notices(order)],
    _ending,
    email,
    at_once=(),
)
