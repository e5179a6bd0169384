"""The facts of one delivery, recorded by the ledger's own calls."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from tributary.api.hooks import money_back, sales
from tributary.api.hooks.outcome import RECORDED, REPEAT, attempt, ignored, of_all
from tributary.ledger.sales import referrals
from tributary.shops.told import Brought, Ignored, Order, Refund, Tie, Told, Withdrawal

Ids = Mapping[str, Any]


def record(organization: str, source: str, facts: Sequence[Told], now: str) -> tuple[str, Ids]:
    """Record the facts in their order, each by itself; return the outcome of all, and the ids of what they name."""
    ids = dict[str, Any]()
    outcomes = [attempt(partial(_record, organization, source, fact, now, ids)) for fact in facts]
    return of_all(outcomes), ids


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
    ids |= {"orderId": order.id}
    first = False

    def version() -> str:
        nonlocal first
        heard = sales.record(organization, source, order, now)
        ids.update(transactionId=heard.sale.id)
        first = heard.first
        return heard.outcome

    outcome = attempt(version)
    if order.refunds is None or (first and not order.refunds):
        return outcome
    rank = sales.rank_of(order)
    return of_all([outcome, money_back.stated(organization, source, order, rank, now)])
