"""Affiliate sales as clients are shown them."""

from collections.abc import Iterable, Mapping
from typing import Any

from tributary.domain.affiliate import earned, status
from tributary.domain.transaction import Transaction


def shown(transaction: Transaction, awards: Iterable[Mapping[str, Any]], now: str) -> dict[str, Any]:
    """`awards` are what its claim has earned: the `conversion` and, if there is one, the `obligation` of each."""
    sale, awards = transaction.sale, list(awards)
    return {
        "id": transaction.id,
        "external_id": sale.external_id,
        "platform": "website",
        "status": status(transaction, awards, now),
        "occurred_at": sale.occurred_at,
        "total": sale.total,
        "commission": earned(awards),
        "currency": sale.currency.lower(),
    }
