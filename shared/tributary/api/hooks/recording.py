"""The facts of one delivery, recorded by the ledger's own calls."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from tributary.api.hooks import money_back, sales
from tributary.api.hooks.outcome import RECORDED, REPEAT, attempt, ignored, of_all, refused
from tributary.ledger.programs import code_owners
from tributary.ledger.sales import referrals
from tributary.shops.told import Brought, Ignored, Order, Refund, Refused, Stated, Tie, Told, Withdrawal

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
            return money_back.refund(organization, source, fact, now, ids)
        case Withdrawal():
            return money_back.withdrawal(organization, source, fact, now, ids)
        case Tie():
            return money_back.tie(organization, source, fact, now, ids)
        case Brought():
            return _brought(organization, source, fact, now)
        case Ignored():
            return ignored(fact.reason)
        case Stated():
            return _stated(organization, source, fact, now, ids)
        case Refused():
            ids |= {"refundId": fact.refund} if fact.refund else {}
            return refused(fact.reason)


def _brought(organization: str, source: str, told: Brought, now: str) -> str:
    """Tell the referral of a subscription. Codes without an owner must not stand in the way of another one."""
    click, codes = told.referral.click, sales.codes_of(told.referral)
    if click is None and not code_owners.any_owned(organization, codes):
        return ignored("no partner has its codes")
    new = referrals.tell(organization, source, told.subscription, click, codes, now, told.free_since)
    return RECORDED if new else REPEAT


def _stated(organization: str, source: str, told: Stated, now: str, ids: dict[str, Any]) -> str:
    """Record the refunds of an order that cannot be read, if its sale is known."""
    ids |= {"orderId": told.order}
    if not sales.newest_at(organization, source, told.order):
        return ignored("the order is not known")
    return money_back.stated(organization, source, told, money_back.note(organization, source, told), now, ids)


def _order(organization: str, source: str, order: Order, now: str, ids: dict[str, Any]) -> str:
    """Record an order's version, then what it says besides, also if the ledger refuses the version."""
    ids |= {"orderId": order.id}
    if order.unless_known and not sales.ends_known(organization, source, order, now):
        return ignored(order.unless_known)
    heard: sales.Heard | None = None
    said = Stated(order.id, order.as_of, order.currency, order.refunds or ())
    stated = [money_back.note(organization, source, said)] if order.refunds else []

    def note() -> None:
        if order.refunds is not None and not stated:
            stated.append(money_back.note(organization, source, said))

    def version() -> str:
        nonlocal heard
        heard = sales.record(organization, source, order, now, before_edit=note)
        ids.update(transactionId=heard.sale.id)
        return heard.outcome

    outcomes, told = [attempt(version)], [Tie(payment, order.id) for payment in order.payments]
    if heard is None or not heard.tied:
        outcomes += [money_back.tie(organization, source, it, now, ids) for it in told]
    newest = sales.moment_of(heard.sale) if heard and order.refunds else None
    if heard is None or not heard.first:
        note()
    outcomes += [money_back.stated(organization, source, said, state, now, ids, newest) for state in stated]
    return of_all(outcomes)
