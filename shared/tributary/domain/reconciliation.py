"""Reconciliation: a shop's own list of orders against the sales recorded from it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tributary.domain.transaction import Transaction


@dataclass(frozen=True)
class Row:
    """An order as the shop lists it, its total in minor units; None for what the shop does not state."""

    id: str
    total: int | None
    currency: str | None
    status: str | None


@dataclass
class Comparison:
    """The number of orders that agree, the ids of those not recorded, and those that differ, with both values."""

    agreeing: int = 0
    missing_here: list[str] = field(default_factory=list)
    differing: list[dict[str, Any]] = field(default_factory=list)


def compared(rows: Sequence[Row], recorded: Iterable[Transaction]) -> Comparison:
    """Compare a shop's rows with the recorded sales of the same names."""
    known = {transaction.sale.external_id: transaction for transaction in recorded}
    comparison = Comparison()
    for row in rows:
        transaction = known.get(row.id)
        if transaction is None:
            comparison.missing_here.append(row.id)
        elif fields := _differences(row, transaction):
            about = {"id": row.id, "transactionId": transaction.id, "fields": fields}
            comparison.differing.append(about)
        else:
            comparison.agreeing += 1
    return comparison


def _differences(row: Row, transaction: Transaction) -> Mapping[str, Any]:
    sale = transaction.sale
    pairs = {
        "total": (sale.total, row.total),
        "currency": (sale.currency, row.currency),
        "status": (transaction.status, row.status),
    }
    return {
        name: {"here": here, "there": there}
        for name, (here, there) in pairs.items()
        if there is not None and here != there
    }
