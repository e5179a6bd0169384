"""What an affiliate sale has earned, and how far that has been paid."""

from collections.abc import Mapping, Sequence
from typing import Any

from tributary.domain.transaction import DELETED, Transaction

Award = Mapping[str, Any]
_ENDED = {"refunded": "refunded", "cancelled": "cancelled", DELETED: "cancelled"}


def earned(awards: Sequence[Award]) -> int:
    """The commission that stands, in minor units: of conversions that nobody has rejected."""
    held = [award["conversion"]["listed"] for award in awards]
    return sum(it["value"] for it in held if it["status"] in ("pending", "approved"))


def paid(awards: Sequence[Award]) -> int:
    """What of it has been paid out."""
    held = [award["obligation"]["listed"] for award in awards if "obligation" in award]
    return sum(it["value"] for it in held if it["status"] == "complete")


def status(transaction: Transaction, awards: Sequence[Award], now: str) -> str:
    """`refunded`, `cancelled`; else `paid` once all that it has earned is; else `due` from its moment on, else
    `unpaid`."""
    if transaction.status in _ENDED:
        return _ENDED[transaction.status]
    commission = earned(awards)
    if commission and paid(awards) >= commission:
        return "paid"
    due_at = transaction.sale.due_at
    return "due" if due_at and due_at <= now else "unpaid"
