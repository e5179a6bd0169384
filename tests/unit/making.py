"""Values of the domain with sensible defaults, so that a test names only what it is about."""

from decimal import Decimal
from typing import Any

from tributary.domain import times
from tributary.domain.opportunity import Engagement, Opportunity
from tributary.domain.program import Catalogue, Program
from tributary.domain.transaction import Line, Sale, Transaction

NOON = "2026-06-01T12:00:00.000Z"


def at(**after_noon: float) -> str:
    """A moment so long after noon."""
    return times.later(NOON, **after_noon)


def program(program_id: int = 1, **settings: Any) -> Program:
    defaults: dict[str, Any] = {
        "status": "active",
        "units": "USD",
        "incentive": "saleTransactionPercentage",
        "resolver": "newestBindingWins",
        "compilers": ("includeLineItems",),
        "triggers": {"siteVisited": 100},
        "conversion_types": ("sale",),
        "percent": Decimal(10),
        "auto_approve": True,
        "expiration_days": 30,
        "clawback": "none",
        "version": 1,
    }
    return Program(id=program_id, **{**defaults, **settings})


def catalogue(*programs: Program, sorters: dict[int, str] | None = None) -> Catalogue:
    return Catalogue({program.id: program for program in programs}, sorters or {})


def engagement(engagement_id: int = 1, program_id: int = 1, collaborator_id: int = 88, **other: Any) -> Engagement:
    created = other.pop("created_at", NOON)
    defaults = {"score": 100, "created_at": created, "modified_at": created}
    return Engagement(engagement_id, program_id, collaborator_id, **{**defaults, **other})


def opportunity(*engagements: Engagement, **other: Any) -> Opportunity:
    return Opportunity(4218, "demo", NOON, NOON, engagements=engagements, **other)


def transaction(*lines: Line, status: str = "complete", **sale: Any) -> Transaction:
    defaults: dict[str, Any] = {"total": 4999, "currency": "USD", "occurred_at": NOON}
    reported = Sale("shopify", "ORD-1004", 4218, **{**defaults, **sale}, lines=lines)
    return Transaction(7, "demo", reported, status, NOON, 1)
