"""Orders that webhooks tell, as sales and edits of sales."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from tributary.api.hooks.outcome import RECORDED, REPEAT
from tributary.domain import codes, times
from tributary.domain.codes import Code
from tributary.domain.errors import TributaryError
from tributary.domain.transaction import Change, Line, Sale, Transaction, divided
from tributary.ledger.connections import ties
from tributary.ledger.refunds import parked
from tributary.ledger.sales import changes, referrals, transaction_items, transactions
from tributary.ledger.sales.changes import Edit
from tributary.ledger.sales.referrals import Onward
from tributary.ledger.sales.transactions import Recorded
from tributary.ledger.store import table
from tributary.shops.told import Order, Position, Referral

#: External ids of the lines that are no goods, by which refunds name them.
TAX, SHIPPING = "tax", "shipping"
MAX_LINES = 1000
_SECOND = len("2026-01-01T00:00:00")


def _nothing() -> None:
    """Do nothing."""


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


def record(organization: str, source: str, order: Order, now: str, before_edit: Callable[[], None] = _nothing) -> Heard:
    """Record an order's version. The first one heard makes the sale, every other is an edit of it, and the newest
    holds.

    `before_edit` is called once the sale is known to be there, before the edit is written."""
    sale = _sale(source, order, now)
    recorded, tied = _recorded(organization, order, sale, now)
    known, version = recorded.transaction, Change.of_version(order.as_of, sale.total, sale.lines)
    if recorded.created:
        return Heard(RECORDED, known, True, tied)
    if known.first.of_list and order.subscription != known.first.subscription:
        _bring(organization, source, order, known, now)
    before_edit()
    placed = _placed(known, version) if order.in_turn else version
    if placed is None or _is_known(known, version):
        return Heard(REPEAT, known, first=False)
    edited = changes.record(organization, Edit(source, order.id, order.currency, placed), now)
    lost = order.in_turn and not _is_known(edited.transaction, placed)
    return Heard(RECORDED if edited.created and not lost else REPEAT, edited.transaction, first=False)


def _bring(organization: str, source: str, order: Order, known: Transaction, now: str) -> None:
    """Tell who brought an order that was recorded from a list: its first webhook knows it, or where it is told."""
    onward = Onward(order.subscription, order.renewal) if order.subscription else None
    told, listed = order.referral, known.first.subscription or ""
    referrals.tell(organization, source, listed, told.click, codes_of(told), now, onward=onward)


def _recorded(organization: str, order: Order, sale: Sale, now: str) -> tuple[Recorded, bool]:
    """The sale, and true if it was written with the ties of its payments: refunds that wait for one need a look."""
    ties_beside = [ties.tie_action(organization, sale.source, payment, order.id) for payment in order.payments]
    try:
        recorded = transactions.record(organization, sale, now, ties_beside)
        return recorded, recorded.created
    except table.ConditionFailed:
        return transactions.record(organization, sale, now), False


def ends_known(organization: str, source: str, order: Order, now: str) -> bool:
    """True if an order without money has a sale, which it then ends. Without one it waits for it, as an edit.

    An unpaid one waits for nothing: it comes before the payment, unless it is newer than that."""
    item = transactions.find(organization, source, order.id)
    if item is not None:
        newest = moment_of(transaction_items.of_item(item))
        return not order.unpaid or second(order.as_of) > second(newest)
    if not order.unpaid:
        # The least of its moment: a version with money that comes later is newer.
        nothing = replace(Change.of_version(order.as_of, 0, ()), digest="")
        parked.record_or_park_edit(organization, Edit(source, order.id, order.currency, nothing), now)
    return False


def newest_at(organization: str, source: str, order: str) -> str:
    """The moment of the newest version heard of an order; empty if there is none."""
    item = transactions.find(organization, source, order)
    known = transaction_items.of_item(item) if item else None
    return moment_of(known) if known else ""


def moment_of(known: Transaction) -> str:
    """The moment of the newest version of a sale; empty if it is no snapshot."""
    newest = _newest(known)
    return newest.at if newest else ""


def second(at: str) -> str:
    """A moment to the second: versions that are heard in turn are told apart by milliseconds of ours."""
    return at[:_SECOND]


def _newest(known: Transaction) -> Change | None:
    return known.change or known.first.snapshot


def _placed(known: Transaction, version: Change) -> Change | None:
    """A version that is heard in turn, after all others of its second; None for one that was heard before."""
    newest = _newest(known)
    if newest is None or second(newest.at) != second(version.at):
        return version
    held = [it for it in (newest, known.first.snapshot) if it and second(it.at) == second(version.at)]
    if version.digest in {it.digest for it in held}:
        return None
    if version.digest in changes.heard(known.organization, known.id, second(version.at)):
        return None
    return replace(version, at=min(times.later(newest.at, milliseconds=1), f"{second(newest.at)}.999Z"))


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
    """The codes of a referral: an alias first, which yields to a click id, then the coupons."""
    return codes.codes_of(referral.alias, referral.coupons, yields=referral.click is not None)


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
