"""Refunds and withdrawals that webhooks tell, by order or by payment, one by one or as a set."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from decimal import Decimal
from functools import partial
from typing import Any

from tributary.api.hooks import sales
from tributary.api.hooks.outcome import RECORDED, REPEAT, WAITS, attempt, of_all
from tributary.api.hooks.sales import SHIPPING, TAX
from tributary.domain.errors import NotFound
from tributary.domain.refund import RefundedItem, RefundRequest
from tributary.domain.shares import spread
from tributary.ledger.connections import stated_refunds, ties
from tributary.ledger.refunds import parked, refunds, withdrawals
from tributary.ledger.refunds.refund_items import Reported
from tributary.ledger.refunds.refund_items import Withdrawal as Withdrawn
from tributary.ledger.store.values import Item
from tributary.shops.told import Refund, Stated, Tie, Withdrawal

#: Looks at an order's stated refunds before the newest version has had its say.
_LOOKS = 10
Ids = dict[str, Any]


def refund(organization: str, source: str, told: Refund, now: str, ids: Ids) -> str:
    """Record a refund, or keep it until its order is known; return the outcome, and note the `ids` that are known."""
    order = told.order or _order_of(organization, source, told, now)
    ids |= {"orderId": order, "refundId": told.id}
    if order is None:
        return WAITS
    reported = _reported(source, order, told)
    try:
        applied = refunds.record(organization, reported, now, capped=True)
    except NotFound:
        parked.record_or_park(organization, reported, now)
        return WAITS
    ids |= {"transactionId": applied.transaction.id}
    return RECORDED if applied.created else REPEAT


def withdrawal(organization: str, source: str, told: Withdrawal, now: str, ids: Ids) -> str:
    """Record a withdrawal, or keep it until its order is known; return the outcome, and note the `ids` known."""
    order = told.order or _order_of(organization, source, told, now)
    ids |= {"orderId": order, "refundId": told.id}
    return WAITS if order is None else _withdraw(organization, source, order, told.id, now, ids)


def tie(organization: str, source: str, told: Tie, now: str, ids: Ids) -> str:
    """Tie a payment to its order, and record what waited for it; return the outcome, and note the `ids` known."""
    ids |= {"orderId": told.order}
    tied, new = ties.tie(organization, source, told.payment, told.order)
    order, outcomes = tied["order"], [RECORDED if new else REPEAT]
    for item in ties.waiting(tied):
        waited = _of_item(item)
        if isinstance(waited, Refund):
            call = partial(refund, organization, source, replace(waited, order=order), now, ids)
        else:
            call = partial(withdrawal, organization, source, replace(waited, order=order), now, ids)
        outcomes.append(attempt(call))
    return of_all(outcomes)


def note(organization: str, source: str, said: Stated) -> Item | None:
    """Note the refunds that an order's version states; return the state, None for an order that never had any."""

    def heard_bare() -> bool:
        return sales.second(sales.newest_at(organization, source, said.order)) == sales.second(said.as_of)

    version = stated_refunds.Version(said.as_of, {told.id: told.amount or 0 for told in said.refunds})
    return stated_refunds.state(organization, source, said.order, version, heard_bare)


def stated(
    organization: str, source: str, said: Stated, state: Item | None, now: str, ids: Ids, newest: str | None = None
) -> str:
    """Bring the ledger to the refunds that an order's newest version states, as noted; return the outcome, and note the
    id of one that is new.

    `newest` is the moment of the sale's newest version, if it was read after the refunds were noted.

    The state is read again after the ledger was written: a version that came meanwhile has its say too. One without
    refunds may have changed the sale only, so the sale is read as well."""
    by_id = {told.id: told for told in said.refunds}
    outcomes = [REPEAT]
    for _ in range(_LOOKS):
        if state is None:
            return of_all(outcomes)
        if newest is None:
            newest = sales.newest_at(organization, source, said.order)
        if sales.second(newest) > sales.second(state["at"]):
            return of_all(outcomes)
        newest = None
        for number in state["known"]:
            found = Ids()
            if number in state["refunds"]:
                told = by_id.get(number) or Refund(number, state["refunds"][number], said.currency, said.order)
                call = partial(refund, organization, source, told, now, found)
            else:
                call = partial(_withdraw, organization, source, said.order, number, now, found)
            outcomes.append(attempt(call))
            if outcomes[-1] in (RECORDED, WAITS):
                ids |= found | {"refundId": number}
        again = stated_refunds.get(organization, source, said.order)
        if again is None or again["version"] == state["version"]:
            return of_all(outcomes)
        state = again
    raise TimeoutError("the order's refunds kept moving")


def _withdraw(organization: str, source: str, order: str, number: str, now: str, ids: Ids) -> str:
    told = Withdrawn(source, order, number, now)
    try:
        withdrawn = withdrawals.record(organization, told, now)
    except NotFound:
        withdrawals.record_or_park(organization, told, now)
        return WAITS
    ids |= {"transactionId": withdrawn.transaction.id}
    return RECORDED if withdrawn.created else REPEAT


def _order_of(organization: str, source: str, told: Refund | Withdrawal, now: str) -> str | None:
    """The order of a payment; None while it is unknown, and what is told of it kept."""
    payment, kind = told.payment or "", type(told).__name__
    order = ties.order_of(organization, source, payment)
    if order is not None:
        return order
    return ties.wait(organization, source, payment, f"{kind}#{told.id}", {"kind": kind, **_stored(told)})


def _stored(told: Refund | Withdrawal) -> dict[str, Any]:
    return {name: value for name, value in asdict(told).items() if value not in (None, ())}


def _of_item(held: Mapping[str, Any]) -> Refund | Withdrawal:
    members = {name: value for name, value in held.items() if name != "kind"}
    if held["kind"] == Withdrawal.__name__:
        return Withdrawal(**members)
    lines = tuple((line, value) for line, value in members.pop("lines", ()))
    return Refund(**{"amount": None, **members}, lines=lines)


def _reported(source: str, order: str, told: Refund) -> Reported:
    return Reported(source, order, told.id, _demand(told), currency=told.currency)


def _demand(told: Refund) -> RefundRequest:
    """The request for the money, of the parts named; they give way in proportion if they exceed it."""
    if told.amount is None:
        return RefundRequest()
    amount = Decimal(told.amount)
    if told.so_far:
        return RefundRequest(amount, minor=True, so_far=True)
    named = [*told.lines, (TAX, told.tax), (SHIPPING, told.shipping)]
    parts = [(name, value) for name, value in named if value > 0]
    values = [value for _, value in parts]
    if sum(values) > told.amount:
        values = spread(told.amount, values)
    items = [
        RefundedItem(Decimal(value), external_id=name) for (name, _), value in zip(parts, values, strict=True) if value
    ]
    return RefundRequest(amount, tuple(items), minor=True)
