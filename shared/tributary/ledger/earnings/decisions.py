"""Decisions as items: `decision#<cause>` in the partition of their sale or lead."""

from tributary.domain.attribution import Candidate, Decision
from tributary.domain.earning_event import EarningEvent
from tributary.domain.frozen_award import frozen
from tributary.domain.opportunity import Opportunity
from tributary.domain.program import Catalogue, Program
from tributary.domain.transaction import Transaction
from tributary.ledger.earnings import awards
from tributary.ledger.programs import programs
from tributary.ledger.sales import transaction_items, transactions
from tributary.ledger.store import table
from tributary.ledger.store.records import item_header
from tributary.ledger.store.values import MAX_BYTES, Item, size

SALE, LEAD = "decision#sale", "decision#lead"


def of_transaction(organization: str, transaction_id: int) -> tuple[Item | None, list[Item]]:
    """A transaction, if any, with its decisions, strongly consistent."""
    item = transactions.get(organization, transaction_id)
    return item, table.query(transaction_items.pk(organization, transaction_id), "decision#") if item else []


def of_sale(organization: str, transaction_id: int) -> list[Item]:
    """The decisions about a sale, with the line item filters of their programs. One Query, and a read per program
    whose filters do not fit the record."""
    return [completed(it) for it in table.query(transaction_items.pk(organization, transaction_id), "decision#")]


def completed(decision: Item) -> Item:
    """The decision with filters that did not fit it."""
    return decision | {"programs": [_with_filters(decision["organization"], it) for it in decision["programs"]]}


def _with_filters(organization: str, program: Item) -> Item:
    if program["lineItemFilters"] is not None:
        return program
    then = programs.at_version(organization, program["id"], program["version"])
    if then is None:
        raise LookupError("a decision's program without the version that is written with every change of it")
    return program | {"lineItemFilters": then.filters.settings()}


def of_obligation(obligation: Item) -> tuple[Transaction | None, Item, Item]:
    """The sale behind an obligation (None for a lead), the decision, and the candidate that earned it. One Query.

    A sale deleted since is read as it was before."""
    listed, organization = obligation["listed"], obligation["organization"]
    subject = "lead" if listed["transactionId"] is None else "transaction"
    subject_id = listed[f"{subject}Id"]
    items = table.query_between(awards.pk(organization, subject, subject_id), "decision#", transaction_items.SK)
    sale = next((transaction_items.before_deletion(it) for it in items if it["sk"] == transaction_items.SK), None)
    for decision in (it for it in items if it["sk"].startswith("decision#")):
        for held in (it for it in decision["candidates"] if it["award"]):
            cause = awards.Cause(subject, subject_id, decision["type"], held["programId"], held["collaboratorId"])
            if cause.id(organization, awards.OBLIGATION) == listed["id"]:
                return sale, decision, held
    raise LookupError("an obligation without the decision that is written with its conversion")


def item_of(
    earning_event: EarningEvent,
    named: int | None,
    opportunity: Opportunity | None,
    decision: Decision,
    catalogue: Catalogue,
    now: str,
) -> Item:
    """The record that explains a decision; `named` is the opportunity named by the caller.

    Line item filters that do not fit the record are null, known only by their program's version.
    """
    involved = sorted({candidate.engagement.program_id for candidate in decision.candidates})
    partition = awards.pk(earning_event.organization, earning_event.subject, earning_event.id)
    evicted = (opportunity.evicted if opportunity else 0) + decision.evicted
    place = (partition, SALE if earning_event.is_sale else LEAD)
    item: Item = {
        **item_header("decision", earning_event.organization, place, now),
        "type": earning_event.type,
        "reason": decision.reason,
        "currency": earning_event.currency,
        "occurredAt": earning_event.occurred_at,
        **({"referredAt": earning_event.referred_at} if earning_event.referred_earlier else {}),
        "opportunity": {
            "id": opportunity.id if opportunity else named,
            "epoch": opportunity.epoch if opportunity else None,
            "consumed": decision.consumes,
            **({"evicted": evicted} if evicted else {}),
        },
        "candidates": [_candidate(candidate, decision) for candidate in decision.candidates],
        "programs": [_program(catalogue.programs[number]) for number in involved if number in catalogue.programs],
    }
    if size(item) > MAX_BYTES:
        item["programs"] = [held | {"lineItemFilters": None} for held in item["programs"]]
    return item


def _candidate(candidate: Candidate, decision: Decision) -> Item:
    engagement = candidate.engagement
    award = next((award for award in decision.awards if award.engagement.id == engagement.id), None)
    return {
        "engagementId": engagement.id,
        "programId": engagement.program_id,
        "collaboratorId": engagement.collaborator_id,
        "score": engagement.score,
        "dateCreated": engagement.created_at,
        "dateModified": engagement.modified_at,
        "outcome": "won" if candidate.reason == "won" else "lost",
        "reason": candidate.reason,
        "award": frozen(award) if award else None,
        **({"codes": [{"type": held.type, "code": held.code} for held in candidate.codes]} if candidate.codes else {}),
    }


def _program(program: Program) -> Item:
    """The program's rule and settings at the decision."""
    return {
        "id": program.id,
        "version": program.version,
        "status": program.status,
        "units": program.units,
        "incentiveType": program.incentive,
        "incentiveResolverType": program.resolver,
        "transactionPercent": None if program.percent is None else str(program.percent),
        "payout": program.payout,
        "transactionCompilers": list(program.compilers),
        "lineItemFilters": program.filters.settings(),
        "programGroupId": program.group_id,
        "expirationDays": program.expiration_days,
        "autoApprove": program.auto_approve,
        "poolRemainder": program.pool_remainder,
        "clawback": program.clawback,
        "holdingDays": program.holding_days,
    }
