"""A conversion: credit for one cause, in one program, of one collaborator; and the obligation it wants."""

from dataclasses import dataclass

STATUSES = ("pending", "approved", "rejected", "expired", "deleted")

#: What a reviewer may do, to which states. A refunded sale's conversions stay rejected: see ledger/conversions.
REVIEWS = {
    "approve": ("approved", ("pending", "rejected")),
    "reject": ("rejected", ("pending", "approved")),
    "markPending": ("pending", ("approved", "rejected")),
}

_WANTED = {"pending": "draft", "approved": "pending"}


@dataclass(frozen=True)
class ObligationWanted:
    """The obligation that a conversion's present state calls for."""

    status: str
    value: int
    currency: str


def obligation_wanted(status: str, value: int, currency: str, *, settled: bool = False) -> ObligationWanted:
    """What a conversion wants owed now: nothing that could be paid, once refunds have left nothing of it. What was
    `settled` elsewhere is complete."""
    wanted = _WANTED.get(status, "rejected") if value > 0 else "rejected"
    return ObligationWanted("complete" if settled and wanted != "rejected" else wanted, value, currency)
