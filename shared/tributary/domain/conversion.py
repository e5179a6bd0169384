"""A conversion: credit of one collaborator in one program, for one cause; and the obligation it calls for."""

from dataclasses import dataclass

STATUSES = ("pending", "approved", "rejected", "expired", "deleted")

#: A reviewer's actions: target status and allowed statuses. A refunded sale's conversions stay rejected.
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
    """The obligation for a conversion's present state: rejected once refunds leave nothing, complete once `settled`
    elsewhere."""
    wanted = _WANTED.get(status, "rejected") if value > 0 else "rejected"
    return ObligationWanted("complete" if settled and wanted != "rejected" else wanted, value, currency)
