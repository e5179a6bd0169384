"""Noticia's sales events: a purchase without a visit and, for every other order, a return as a separate event."""

from tests.stack.dialects.spoken import Call, Dialect, Ending, Order
from tributary.api.http.dialect import BASES

SOURCE, _STORE = "noticia", "paris-rivoli-01"


def _call(order: Order, kind: str) -> Call:
    amount = order.cents if kind == "PURCHASE" else order.part
    body = {"external_id": order.name if kind == "PURCHASE" else f"{order.name}:{kind}", "type": kind}
    body |= {"occurred_at": "2026-04-25T14:32:00+02:00", "store_id": _STORE, "profile_id": _buyer(order)}
    paid = {"currency": "USD", "total_amount_cents": amount, "total_discount_cents": 0}
    lines = [{"quantity": 1, "total_price_cents": amount}]
    return Call("/sales-events", body | paid | {"line_items": lines}, BASES["noticia"], taken=(200, 201))


def _kinds(order: Order) -> list[str]:
    return ["PURCHASE", "RETURN"] if order.fate % 2 else ["PURCHASE"]


def _ending(order: Order) -> Ending:
    kinds = _kinds(order)
    returned = order.part if "RETURN" in kinds else 0
    return Ending("complete", order.cents, 0, returned, {"sales-event": len(kinds)})


def _buyer(order: Order) -> str:
    return f"crm-{order.buyer}"


NOTICIA = Dialect(
    "noticia",
    SOURCE,
    lambda order: [_call(order, kind) for kind in _kinds(order)],
    _ending,
    _buyer,
    new=lambda answer: answer.status == 201,
    opening=(Call("/stores", {"external_id": _STORE}, BASES["noticia"], key="admin", taken=(200, 201)),),
)
