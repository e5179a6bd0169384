"""A conversion: credit of one collaborator in one program, for one cause; and the obligation it calls for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tributary.domain import times

STATUSES = ("pending", "approved", "rejected", "expired", "deleted")

#: A reviewer's actions: target status and allowed statuses. A refunded sale's conversions stay rejected, and a deleted
#: conversion comes back as pending.
REVIEWS = {
    "approve": ("approved", ("pending", "rejected")),
    "reject": ("rejected", ("pending", "approved")),
    "markPending": ("pending", ("approved", "rejected", "deleted")),
    "delete": ("deleted", ("pending", "approved", "rejected")),
}

_WANTED = {"pending": "draft", "approved": "pending"}


@dataclass(frozen=True)
class ObligationWanted:
    """The obligation that a conversion's present state calls for."""

    status: str
    value: int
    currency: str


def due_at(award: Mapping[str, Any], occurred_at: str, stated: str | None) -> str | None:
    """The moment before which a conversion is not paid: as stated with its sale, else the end of the holding period
    that its award froze. None if it is due at once."""
    if stated:
        return stated
    days = award.get("holdingDays")
    return times.later(occurred_at, days=days) if days else None


def obligation_wanted(status: str, value: int, currency: str, *, settled: bool = False) -> ObligationWanted:
    """The obligation for a conversion's present state: rejected once refunds leave nothing, complete once `settled`
    elsewhere."""
    wanted = _WANTED.get(status, "rejected") if value > 0 else "rejected"
    return ObligationWanted("complete" if settled and wanted != "rejected" else wanted, value, currency)
