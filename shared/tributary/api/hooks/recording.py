"""The facts of one delivery, recorded by the ledger's own calls."""

from collections.abc import Mapping, Sequence
from typing import Any

from tributary.api.hooks import money_back, sales
from tributary.api.hooks.outcome import RECORDED, REPEAT, ignored
from tributary.ledger.sales import referrals
from tributary.shops.told import Brought, Ignored, Order, Refund, Tie, Told, Withdrawal

Ids = Mapping[str, Any]


def record(organization: str, source: str, facts: Sequence[Told], now: str) -> tuple[str, Ids]:
    """Record the facts in their order; return the outcome of them all, and the ids of what they name.

    News beats a repeat, and a repeat what is ignored."""
    outcomes, ids = list[str](), dict[str, Any]()
    for fact in facts:
        outcomes.append(_record(organization, source, fact, now, ids))
    if RECORDED in outcomes or REPEAT in outcomes:
        return (RECORDED if RECORDED in outcomes else REPEAT), ids
    return outcomes[0], ids


def _record(organization: str, source: str, fact: Told, now: str, ids: dict[str, Any]) -> str:
    match fact:
        case Order():
            return _order(organization, source, fact, now, ids)
        case Refund():
            ids |= {"orderId": fact.order, "refundId": fact.id}
            return money_back.refund(organization, source, fact, now)
        case Withdrawal():
            ids |= {"orderId": fact.order, "refundId": fact.id}
            return money_back.withdrawal(organization, source, fact, now)
        case Tie():
            ids |= {"orderId": fact.order}
            return money_back.tie(organization, source, fact, now)
        case Brought():
            codes = sales.codes_of(fact.referral)
            told = (organization, source, fact.subscription, fact.referral.click, codes, now)
            return RECORDED if referrals.tell(*told) else REPEAT
        case Ignored():
            return ignored(fact.reason)


def _order(organization: str, source: str, order: Order, now: str, ids: dict[str, Any]) -> str:
    heard = sales.record(organization, source, order, now)
    ids |= {"orderId": order.id, "transactionId": heard.sale.id}
    if order.refunds is None or (heard.first and not order.refunds):
        return heard.outcome
    stated = money_back.stated(organization, source, order, sales.rank_of(order), now)
    return RECORDED if RECORDED in (heard.outcome, stated) else REPEAT
