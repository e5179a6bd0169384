"""Affiliate sales: commission earned and commission paid."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tributary.domain.money import major_units
from tributary.domain.transaction import DELETED, Transaction

#: A `conversion`, its `obligation`, the `payout` that holds it, and those of its `rises` that are not paid.
Award = Mapping[str, Any]
_ENDED = {"refunded": "refunded", "cancelled": "cancelled", DELETED: "cancelled"}


def earned(awards: Sequence[Award]) -> int:
    """The commission of pending and approved conversions, in minor units."""
    held = [award["conversion"]["listed"] for award in awards]
    return sum(it["value"] for it in held if it["status"] in ("pending", "approved"))


def paid(awards: Sequence[Award]) -> int:
    """The part of the commission already paid: elsewhere, or by payouts that are marked as paid.

    What is kept back from later payouts counts as taken back."""
    return sum(map(_paid, awards))


def _paid(award: Award) -> int:
    owed = award.get("obligation")
    if owed is None or owed["listed"]["status"] != "complete" or _held(award):
        return 0
    value: int = owed["listed"]["value"] + owed.get("moved", 0)
    return value - _waiting(award)


def awaits_payout(award: Award) -> bool:
    """True if a payout that is not marked as paid holds the commission, or a rise of it still waits."""
    return _held(award) or _waiting(award) > 0


def _held(award: Award) -> bool:
    return "payout" in award and award["payout"]["listed"]["status"] != "paid"


def _waiting(award: Award) -> int:
    """The sum of rises that no payout has paid."""
    rises = award.get("rises", ())
    return sum(it["listed"]["value"] for it in rises if it["listed"]["status"] in ("pending", "complete"))


def status(transaction: Transaction, awards: Sequence[Award], now: str) -> str:
    """`refunded` or `cancelled`, else a reported settlement (`paid`, `paid_externally`), else `paid` once paid out.

    Otherwise `due` from its due time on, before that `unpaid`."""
    if transaction.status in _ENDED:
        return _ENDED[transaction.status]
    if transaction.settled:
        return str(transaction.settlement)
    commission = earned(awards)
    if commission and paid(awards) >= commission:
        return "paid"
    due_at = transaction.sale.due_at
    return "due" if due_at and due_at <= now else "unpaid"


def campaign_status(program: str) -> str:
    """A campaign's status by its program's."""
    return {"active": "Active", "deleted": "Archived"}.get(program, "Paused")


def enrollment_status(collaborator: str, program: str) -> str:
    """The collaborator's status in a campaign, unless the program's ends or pauses it."""
    if program == "deleted":
        return "archived"
    own = {"active": "active", "inactive": "paused", "pending": "pending"}.get(collaborator, "removed")
    return "paused" if own == "active" and program != "active" else own


def sold(transaction: Transaction) -> bool:
    """True unless the sale was cancelled or deleted; a refunded one was sold."""
    return transaction.status not in ("cancelled", DELETED)


def sums(sales: Iterable[tuple[Transaction, Sequence[Award]]]) -> dict[str, Any]:
    """Sums over sales, in major units with decimals. Currencies are never added up: with several, the sums are null and
    `currencies` has one row for each."""
    per: dict[str, dict[str, int]] = {}
    for transaction, awards in sales:
        sale, counts = transaction.sale, sold(transaction)
        commission, settled = earned(awards), paid(awards)
        held = per.setdefault(sale.currency, dict.fromkeys([*AMOUNTS, _ORDERS], 0))
        held["total_gmv"] += sale.total if counts else 0
        held["total_commission"] += commission
        held["paid_commission"] += settled
        held["unpaid_commission"] += max(0, commission - settled)
        held["total_refunded_amount"] += transaction.refunded if counts else 0
        held[_ORDERS] += counts
    rows = [{"currency": currency.lower(), **_major(per[currency], currency)} for currency in sorted(per)]
    if not rows:
        return {"currency": None, **_major(dict.fromkeys([*AMOUNTS, _ORDERS], 0), "USD"), "currencies": []}
    whole = rows[0] if len(rows) == 1 else {"currency": None, **dict.fromkeys(AMOUNTS)}
    return {**whole, _ORDERS: sum(held[_ORDERS] for held in per.values()), "currencies": rows}


_ORDERS = "total_orders"
#: No report names the VAT in a sale.
AMOUNTS = (
    "total_gmv",
    "total_commission",
    "paid_commission",
    "unpaid_commission",
    "total_vat",
    "total_refunded_amount",
)


def _major(held: Mapping[str, int], currency: str) -> dict[str, Any]:
    return {name: major_units(held[name], currency) for name in AMOUNTS} | {_ORDERS: held[_ORDERS]}
