"""Orders that webhooks tell, as sales and edits of sales."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from tributary.api.hooks.outcome import RECORDED, REPEAT
from tributary.domain import codes
from tributary.domain.codes import Code
from tributary.domain.errors import TributaryError
from tributary.domain.ids import text_digest
from tributary.domain.transaction import Change, Line, Sale, Transaction, divided
from tributary.ledger.connections import ties
from tributary.ledger.sales import changes, transaction_items, transactions
from tributary.ledger.sales.changes import Edit
from tributary.ledger.sales.transactions import Recorded
from tributary.ledger.store import table
from tributary.shops.told import Order, Position, Referral

#: External ids of the lines that are no goods, by which refunds name them.
TAX, SHIPPING = "tax", "shipping"
MAX_LINES = 1000


class TooManyLines(TributaryError):
    """An order of more lines than a sale may have."""

    code = "too_many_lines"


@dataclass(frozen=True)
class Heard:
    """The outcome of an order's version, the sale, and true if this version made it; `tied` if with its payments."""

    outcome: str
    sale: Transaction
    first: bool
    tied: bool = False


def record(organization: str, source: str, order: Order, now: str) -> Heard:
    """Record an order's version. The first one heard makes the sale, every other is an edit of it, and the newest
    holds."""
    sale = _sale(source, order, now)
    recorded, tied = _recorded(organization, order, sale, now)
    version = sale.snapshot
    known = recorded.transaction
    if recorded.created or version is None or _is_known(known, version):
        return Heard(RECORDED if recorded.created else REPEAT, known, recorded.created, tied)
    edited = changes.record(organization, Edit(source, order.id, order.currency, version), now)
    return Heard(RECORDED if edited.created else REPEAT, edited.transaction, first=False)


def _recorded(organization: str, order: Order, sale: Sale, now: str) -> tuple[Recorded, bool]:
    """The sale, and true if it was written with the ties of its payments: refunds that wait for one need a look."""
    ties_beside = [ties.tie_action(organization, sale.source, payment, order.id) for payment in order.payments]
    try:
        recorded = transactions.record(organization, sale, now, ties_beside)
        return recorded, recorded.created
    except table.ConditionFailed:
        return transactions.record(organization, sale, now), False


def newest_at(organization: str, source: str, order: str) -> str:
    """The moment of the newest version heard of an order; empty if there is none."""
    item = transactions.find(organization, source, order)
    known = transaction_items.of_item(item) if item else None
    newest = known and (known.change or known.first.snapshot)
    return newest.at if newest else ""


def _is_known(known: Transaction, version: Change) -> bool:
    held = (known.first.snapshot, known.change)
    return any(it is not None and (it.at, it.digest) == (version.at, version.digest) for it in held)


def _sale(source: str, order: Order, now: str) -> Sale:
    lines = tuple(_lines(order))
    if len(lines) > MAX_LINES:
        raise TooManyLines(f"An order has at most {MAX_LINES} lines.", {"limit": MAX_LINES})
    return Sale(
        source,
        order.id,
        order.referral.click,
        order.total,
        order.currency,
        min(order.occurred_at, now),
        lines,
        codes=codes_of(order.referral),
        as_of=order.as_of,
        subscription=order.subscription,
        renewal=order.renewal and order.subscription is not None,
    )


def codes_of(referral: Referral) -> tuple[Code, ...]:
    """The codes of a referral: an alias first, then the coupons."""
    return codes.codes_of(referral.alias, referral.coupons)


def rank_of(order: Order) -> str:
    """The rank of an order's version among those of one moment: refunds are made more often than deleted, so the one
    with more given back is the newer."""
    stated = sorted((told.id, told.amount or 0) for told in order.refunds or ())
    version = Change.of_version(order.as_of, order.total, tuple(_lines(order)))
    return f"{sum(amount for _, amount in stated):030}#{text_digest(json.dumps(stated))}#{version.digest}"


def _lines(order: Order) -> Iterator[Line]:
    for position in order.lines:
        yield from _line(position)
    for name, kind, value in (("Tax", TAX, order.tax), ("Shipping", SHIPPING, order.shipping)):
        if value:
            yield Line(name, value, 1, kind, "", {"externalId": kind})
    if order.fee:
        yield Line("Fee", order.fee, 1, "fee")


def _line(position: Position) -> tuple[Line, ...]:
    named = {} if position.id is None else {"externalId": position.id}
    line = Line(position.name, 0, 1, position.type, "", {**position.attributes, **named})
    return divided(line, position.value, position.quantity if position.quantity > 0 else 1)
