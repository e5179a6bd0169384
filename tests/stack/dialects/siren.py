"""Siren's events: a sale by a visit, full refunds and partial refunds."""

from tests.stack.dialects.spoken import Call, Dialect, Ending, Order, decimal, earned

SOURCE = "shopify"


def refund_of_a_part(order: Order, source: str, refund_id: str) -> Call:
    """The partial refund that dialects without refunds of their own use too."""
    named = {"source": source, "externalId": order.name}
    return Call("/event/refund", named | {"refundId": refund_id, "amount": decimal(order.part)})


def _calls(order: Order) -> list[Call]:
    named = {"source": SOURCE, "externalId": order.name}
    total = decimal(order.cents)
    items = [{"name": "Widget", "amount": total}]
    sale = Call("/event/sale", named | {"trackingId": order.origin.visit, "total": total, "items": items})
    refunds = {
        0: [Call("/event/refund", named)],
        1: [refund_of_a_part(order, SOURCE, refund_id) for refund_id in ("r-1", "r-2")],
    }
    return [sale, *refunds.get(order.fate, ())]


def _ending(order: Order) -> Ending:
    if order.fate == 0:
        return Ending("refunded", order.cents, 0)
    given_back = 2 * order.part if order.fate == 1 else 0
    return Ending("complete", order.cents, earned(order.cents, given_back))


SIREN = Dialect("siren", SOURCE, _calls, _ending, new=lambda answer: "Idempotency-Hit" not in answer.headers)
