"""A stored decision made again, from the candidates and the programs that its record has."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from tributary.domain.attribution import Decision, decide, decide_occasion
from tributary.domain.earning_event import SALE, EarningEvent
from tributary.domain.frozen_award import frozen
from tributary.domain.opportunity import Engagement, Opportunity
from tributary.domain.program import Catalogue, LineItemFilters, Program
from tributary.domain.transaction import Transaction

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Group:
    """A program group's sorter, and the moment of its last change."""

    sorter: str
    changed_at: str


def catalogue(decision: Record, groups: Mapping[int, Group]) -> Catalogue:
    """The programs as they were; those of candidates that paid no sales for their type still do not."""
    unpaid = {held["programId"] for held in decision["candidates"] if held["reason"] == "conversion_type_not_paid"}
    programs = {it["id"]: _program(it, () if it["id"] in unpaid else (SALE,)) for it in decision["programs"]}
    return Catalogue(programs, {number: group.sorter for number, group in groups.items()})


def _program(then: Record, types: tuple[str, ...]) -> Program:
    percent = then["transactionPercent"]
    return Program(
        id=then["id"],
        status=then["status"],
        units=then["units"],
        incentive=then["incentiveType"],
        resolver=then["incentiveResolverType"],
        compilers=tuple(then["transactionCompilers"]),
        triggers={},
        conversion_types=types,
        percent=None if percent is None else Decimal(percent),
        auto_approve=then["autoApprove"],
        expiration_days=then["expirationDays"],
        clawback=then["clawback"],
        version=then["version"],
        payout=then["payout"],
        filters=LineItemFilters.of(then["lineItemFilters"]),
        group_id=then["programGroupId"],
        pool_remainder=then["poolRemainder"],
        holding_days=then.get("holdingDays", 0),
    )


def decided(transaction: Transaction, decision: Record, catalogue: Catalogue) -> Decision:
    """The decision by these programs, on the candidates that the record has."""
    candidates = decision["candidates"]
    active = {
        it["collaboratorId"] for it in candidates if it["reason"] not in ("after_sale", "collaborator_not_active")
    }
    if transaction.sale.claim is not None:
        return decide(transaction, None, catalogue, active)
    referred_at = decision.get("referredAt")
    unchanged = transaction.unchanged and replace(transaction.unchanged, referred_at=referred_at)
    referred = replace(transaction, sale=replace(transaction.sale, referred_at=referred_at), unchanged=unchanged)
    engagements = tuple(
        Engagement(
            it["engagementId"],
            it["programId"],
            it["collaboratorId"],
            it["score"],
            it["dateCreated"],
            it["dateModified"],
        )
        for it in candidates
    )
    at, organization = decision["occurredAt"], transaction.organization
    opportunity = Opportunity(decision["opportunity"]["id"] or 0, organization, at, at, engagements=engagements)
    return decide_occasion(EarningEvent.of_sale(referred), opportunity, catalogue, active)


def agrees(then: Decision, decision: Record) -> bool:
    """True if the decision made again is the stored one, so that everything it depended on is known."""
    stored = {it["engagementId"]: (it["reason"], _amounts(it["award"])) for it in decision["candidates"]}
    awards = {award.engagement.id: award for award in then.awards}
    again = {
        it.engagement.id: (
            it.reason,
            _amounts(frozen(awards[it.engagement.id]) if it.engagement.id in awards else None),
        )
        for it in then.candidates
    }
    return again == stored


def _amounts(award: Record | None) -> tuple[Any, ...] | None:
    members = ("base", "reward", "value", "weight", "weights", "lines")
    return None if award is None else tuple(award[name] for name in members)
