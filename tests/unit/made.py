"""What the tests of the rules are made of: each thing complete, told apart by what a test names."""

import itertools
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from tributary.domain.opportunity import Engagement, Opportunity
from tributary.domain.program import Program
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
_numbers = itertools.count(1000)


def program(**settings: Any) -> Program:
    return replace(_PROGRAM, **settings)


def engagement(**members: Any) -> Engagement:
    number = members.pop("id", next(_numbers))
    whole = {"program_id": 1, "collaborator_id": number, "score": 100, "created_at": BEFORE, "modified_at": BEFORE}
    return Engagement(id=number, **(whole | members))


def sale(*lines: Line, status: str = "complete", **members: Any) -> Transaction:
    whole = {"source": "shopify", "external_id": "1004", "tracking_id": 4218, "total": 10000, "currency": "USD"}
    reported = Sale(**(whole | {"occurred_at": SALE_AT} | members), lines=lines)
    return Transaction(77, "acme", reported, status, SALE_AT, 1)


def opportunity(*engagements: Engagement, **members: Any) -> Opportunity:
    return Opportunity(4218, "acme", BEFORE, BEFORE, **members, engagements=engagements)


def everybody(engagements: Sequence[Engagement]) -> set[int]:
    return {engagement.collaborator_id for engagement in engagements}
