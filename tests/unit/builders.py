"""Domain values with sensible defaults, so that a test names only the ones it is about."""

import itertools
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from tributary.domain import times
from tributary.domain.balance import balance_of
from tributary.domain.distributor import Distributor
from tributary.domain.given_back import FINE, GivenBack
from tributary.domain.opportunity import Engagement, Opportunity
from tributary.domain.program import Catalogue, LineItemFilters, Program
from tributary.domain.transaction import Line, Sale, Transaction

BEFORE, LATER, SALE_AT = "2025-03-01T09:00:00.000Z", "2025-03-02T09:00:00.000Z", "2025-03-10T09:00:00.000Z"
_PROGRAM = Program(
    id=1,
    status="active",
    units="USD",
    incentive="saleTransactionPercentage",
    resolver="newestBindingWins",
    compilers=("includeLineItems",),
    triggers={"siteVisited": 100},
    conversion_types=("sale",),
    percent=Decimal(10),
    auto_approve=True,
    expiration_days=30,
    clawback="none",
    version=1,
)
_DISTRIBUTOR = Distributor(
    id=1,
    status="active",
    units="USD",
    percentage=Decimal(10),
    compilers=("includeLineItems",),
    filters=LineItemFilters(),
    collaborators=(1, 2, 3),
    resolver="weightedPool",
    pool_remainder="drop",
    period="monthly",
    clawback="carryForward",
    created_at="2025-01-20T08:00:00.000Z",
)
_numbers = itertools.count(1000)


def at(**after_the_sale: float) -> str:
    """The time that long after the sale."""
    return times.later(SALE_AT, **after_the_sale)


def program(number: int = 1, **settings: Any) -> Program:
    return replace(_PROGRAM, id=number, **settings)


def distributor(**settings: Any) -> Distributor:
    """A monthly distributor of 10 % of the goods among three collaborators."""
    return replace(_DISTRIBUTOR, **settings)


def catalogue(*programs: Program, sorters: dict[int, str] | None = None) -> Catalogue:
    return Catalogue({program.id: program for program in programs}, sorters or {})


def engagement(
    number: int | None = None, program_id: int = 1, collaborator_id: int | None = None, **members: Any
) -> Engagement:
    """A new engagement each time, of a new collaborator unless given."""
    number = number or next(_numbers)
    created = members.pop("created_at", BEFORE)
    whole = {"score": 100, "created_at": created, "modified_at": created, **members}
    return Engagement(number, program_id, collaborator_id or number, **whole)


def opportunity(*engagements: Engagement, **members: Any) -> Opportunity:
    return Opportunity(4218, "acme", BEFORE, BEFORE, **members, engagements=engagements)


def transaction(*lines: Line, status: str = "complete", **members: Any) -> Transaction:
    """A sale of these lines, or else of 100.00."""
    total = max(0, sum(line.total for line in lines)) if lines else 10000
    reported = {"source": "shopify", "external_id": "1004", "tracking_id": 4218, "total": total, "currency": "USD"}
    sale = Sale(**{**reported, "occurred_at": SALE_AT, **members}, lines=lines)
    return Transaction(77, "acme", sale, status, SALE_AT, 1)


def given_back(sale: Transaction, loose: int = 0, **items: dict[Any, int]) -> Transaction:
    """The sale with refunds in minor units: of no item, and `by_position` or `by_external_id`."""
    fine = {kind: {name: amount * FINE for name, amount in named.items()} for kind, named in items.items()}
    after = replace(sale, given=GivenBack(**fine, loose=loose * FINE))
    return replace(after, refunded=balance_of(after).given_back)


def everybody(engagements: Sequence[Engagement]) -> set[int]:
    return {engagement.collaborator_id for engagement in engagements}
