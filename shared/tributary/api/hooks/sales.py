"""Orders that webhooks tell, as sales and edits of sales."""

import json
from collections.abc import Iterator

from tributary.api.hooks.outcome import RECORDED, REPEAT
from tributary.domain import codes
from tributary.domain.codes import Code
from tributary.domain.errors import TributaryError
from tributary.domain.ids import text_digest
from tributary.domain.transaction import Change, Line, Sale, Transaction, divided
from tributary.ledger.sales import changes, transactions
from tributary.ledger.sales.changes import Edit
from tributary.shops.told import Order, Position, Referral

#: External ids of the lines that are no goods, by which refunds name them.
TAX, SHIPPING = "tax", "shipping"
MAX_LINES = 1000


class TooManyLines(TributaryError):
    """An order of more lines than a sale may have."""

    code = "too_many_lines"


def record(organization: str, source: str, order: Order, now: str) -> tuple[str, Transaction]:
    """Record an order's version; return the outcome and the sale.

    The first one heard makes the sale, every other is an edit of it, and the newest holds."""
    sale = _sale(source, order, now)
    recorded = transactions.record(organization, sale, now)
    version = sale.snapshot
    known = recorded.transaction
    if recorded.created or version is None or _is_known(known, version):
        return (RECORDED if recorded.created else REPEAT), known
    edited = changes.record(organization, Edit(source, order.id, order.currency, version), now)
    return (RECORDED if edited.created else REPEAT), edited.transaction


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
        subscription=None if order.renewal else order.subscription,
    )


def codes_of(referral: Referral) -> tuple[Code, ...]:
    """The codes of a referral: an alias first, then the coupons."""
    return codes.codes_of(referral.alias, referral.coupons)


def digest_of(order: Order) -> str:
    """The digest of an order's version, with the refunds that it states."""
    stated = sorted((told.id, told.amount or 0) for told in order.refunds or ())
    version = Change.of_version(order.as_of, order.total, tuple(_lines(order)))
    return version.digest + text_digest(json.dumps(stated))[:16]


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
