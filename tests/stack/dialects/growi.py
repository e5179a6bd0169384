"""Growi's affiliate sales: created for a named affiliate, then changed or cancelled, or partly refunded through Siren's
refund.
"""

from typing import Any

from tests.stack.dialects.siren import refund_of_a_part
from tests.stack.dialects.spoken import Call, Dialect, Ending, Order, earned, email
from tributary.api.http.dialect import BASES

SOURCE = "growi"
_MORE = 777


def creation(order: Order) -> Call:
    origin = order.origin
    body = {"order_id": order.name, "total": order.cents, "currency": "usd", "customer_email": email(order)}
    body |= {"growi_user_id": origin.collaborator, "growi_campaign_id": origin.program}
    return Call("/affiliate_sales", body, BASES["growi"], taken=(201,))


def change(order: Order, changes: dict[str, Any]) -> Call:
    return Call(f"/affiliate_sales/{order.transaction_id}", changes, BASES["growi"], "PATCH", "admin")


def _calls(order: Order) -> list[Call]:
    total = change(order, {"total": order.cents + _MORE})
    later = [
        [change(order, {"status": "cancelled"})],
        [total, change(order, {"due_at": "2099-01-01"})],
        [total, refund_of_a_part(order, SOURCE, "r-1")],
        [],
    ]
    return [creation(order), *later[order.fate]]


def _ending(order: Order) -> Ending:
    total, amendments = order.cents + _MORE, {"amendment": sum(it.method == "PATCH" for it in _calls(order))}
    return [
        Ending("cancelled", order.cents, 0, order.cents, amendments),
        Ending("complete", total, earned(total), 0, amendments),
        Ending("complete", total, earned(total, order.part), order.part, amendments),
        Ending("complete", order.cents, earned(order.cents)),
    ][order.fate]


GROWI = Dialect("growi", SOURCE, _calls, _ending, email, at_once=("transaction", "decision", "conversion"))
