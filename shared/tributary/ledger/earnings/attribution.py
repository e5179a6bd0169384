"""Attribution against the ledger: read the state, decide (pure), write the difference under the versions read.

A sale is decided once: the decision, checks of the sale's and the opportunity's versions, and the conversions are one
DynamoDB transaction. A later refund rejects the conversions. Any event, in any order, any number of times, leads here
and ends in the same ledger.
"""

from collections.abc import Mapping, Sequence

from tributary.domain import times
from tributary.domain.attribution import Award, Decision, decide, without_already_credited
from tributary.domain.commission import counting_lines, counting_now
from tributary.domain.earning_event import EarningEvent
from tributary.domain.ids import transaction_ids
from tributary.domain.manual_engagements import CLAIM, CODE, Carried, counting
from tributary.domain.opportunity import Opportunity
from tributary.domain.program import Catalogue
from tributary.domain.transaction import Transaction
from tributary.ledger.earnings import awards, conversions, decisions
from tributary.ledger.earnings.awards import Cause
from tributary.ledger.earnings.conversions import Conversion
from tributary.ledger.opportunities import engagements, opportunities
from tributary.ledger.programs import code_owners, collaborators, programs
from tributary.ledger.refunds import parked, refund_items
from tributary.ledger.sales import referrals, sources, transaction_items, transactions
from tributary.ledger.store import table
from tributary.ledger.store.records import check_unchanged_action
from tributary.ledger.store.retries import retried
from tributary.ledger.store.values import Item

_TRIES = 25


def reconcile(
    organization: str, transaction_id: int, opportunity_id: int | None = None, source: str | None = None
) -> str:
    """Reconciles a sale's decision and conversions with its present state.

    Returns the outcome: `decided`, `reduced`, `rejected`, `unchanged`, `absent`, or `waiting` for a referral that is
    told apart. Pass the sale's `opportunity_id` and `source` if known, to save a request.
    """
    return _reconcile(organization, transaction_id, opportunity_id, source)


@retried("the sale or its opportunity", _TRIES)
def _reconcile(organization: str, transaction_id: int, opportunity_id: int | None, source: str | None) -> str:
    partition = transaction_items.pk(organization, transaction_id)
    version = programs.version_key(organization)
    asked = [(partition, transaction_items.SK), (partition, decisions.SALE), (partition, refund_items.PARKED), version]
    asked += [opportunities.header_key(organization, opportunity_id)] if opportunity_id is not None else []
    asked += [sources.seen_key(organization, source)] if source is not None else []
    found = table.batch_get(asked)
    item = found.get((partition, transaction_items.SK))
    if item is None:
        return "absent"
    transaction = transaction_items.before_deletion(item)
    if transaction_items.unless_deleted(item) is None:
        return _reconcile_conversions(transaction)
    if _apply_parked(transaction, found):
        raise table.ConditionFailed(item)
    if (partition, decisions.SALE) in found:
        return _reconcile_conversions(transaction)
    current = programs.current(organization, found.get(version))
    referred, carried = _referred(transaction, current)
    if referred is None:
        return "waiting"
    transaction = referred
    named = transaction.sale.tracking_id
    header = opportunities.header_key(organization, named) if named else None
    seen = sources.seen_key(organization, transaction.sale.source)
    found |= table.batch_get(key for key in (header, seen) if key and key not in asked)
    opportunity = opportunities.followed(organization, found.get(header)) if header else None
    _decide(transaction, opportunity, current, carried, source_seen=seen in found)
    return "decided"


def _referred(transaction: Transaction, current: Catalogue) -> tuple[Transaction | None, list[Carried]]:
    """The sale with the referral that is told apart, None while it waits for that; and owners of its codes, if read.

    Its own referral holds if it has a click id, or codes that have an owner."""
    referred: Transaction | None = transaction
    while referred and referred.sale.subscription and referred.sale.tracking_id is None:
        codes = referred.sale.codes
        if codes and (carried := code_owners.of_codes(referred.organization, codes, current)):
            return referred, carried
        referred = referrals.with_referral(referred, times.now())
    return referred, []


def _apply_parked(transaction: Transaction, found: Mapping[table.Key, Item]) -> int:
    """Apply the refunds parked for the sale, at each place of its probe chain up to its own."""
    organization, sale = transaction.organization, transaction.sale
    done = 0
    for transaction_id in transaction_ids(organization, sale.source, sale.external_id):
        key = (transaction_items.pk(organization, transaction_id), refund_items.PARKED)
        own = transaction_id == transaction.id
        done += parked.apply_parked(organization, transaction_id, found.get(key) if own else table.get(*key))
        if own:
            break
    return done


def _decide(
    transaction: Transaction,
    opportunity: Opportunity | None,
    current: Catalogue,
    carried: list[Carried],
    source_seen: bool,
) -> None:
    claim, codes = transaction.sale.claim, counting(transaction.sale.codes, opportunity)
    carried = carried or (code_owners.of_codes(transaction.organization, codes, current) if codes else [])
    rivals = {held.collaborator_id for held in opportunity.engagements} if opportunity else set()
    rivals |= {owner.collaborator_id for owner in carried}
    active = collaborators.active(transaction.organization, {claim.collaborator_id} if claim else rivals)
    decision = decide(transaction, opportunity, current, active, carried)
    _record(transaction, opportunity, decision, current, source_seen)


def _record(
    transaction: Transaction, opportunity: Opportunity | None, decision: Decision, current: Catalogue, source_seen: bool
) -> None:
    """Write the decision with its conversions.

    A conversion that already exists is a manual credit's; its program is left out and does not pay again.
    """
    now, earning_event, sale = times.now(), EarningEvent.of_sale(transaction), transaction.sale
    decided = decisions.item_of(earning_event, sale.tracking_id, opportunity, decision, current, now)
    key = transaction_items.key(transaction.organization, transaction.id)
    guarded = [
        table.put_action(decided),
        check_unchanged_action(key, transaction.version),
        *_opportunity_actions(transaction, opportunity, decision, now),
    ]
    paying = [award for award in decision.awards if award.lines or _counts_now(transaction, award)]
    given = conversions.new_items(earning_event, sale.source or None, paying, now, transaction)
    visited = {held.id for held in opportunity.engagements} if opportunity else set()
    by, made_now = (CLAIM, decision.awards) if sale.claim else (CODE, decision.awards if sale.codes else ())
    made = [
        engagements.manual_item(transaction, by, it.engagement, now)
        for it in made_now
        if it.engagement.id not in visited
    ]
    seen = [sources.seen_action(transaction.organization, sale.source)] if sale.source and not source_seen else []
    try:
        table.transact([*guarded, *map(table.put_action, [*given, *made]), *seen])
    except table.ConditionFailed as failure:
        there = [place - len(guarded) for place in failure.positions]
        if not there or not 0 <= min(there) <= max(there) < len(paying):
            raise
        paid = {(it.program.id, it.engagement.collaborator_id) for it in map(paying.__getitem__, there)}
        _record(transaction, opportunity, without_already_credited(decision, paid), current, source_seen)


def _counts_now(transaction: Transaction, award: Award) -> bool:
    """True if a line of the edited sale counts for an award."""
    if transaction.change is None:
        return False
    return bool(counting_lines(transaction.sale.details, award.program, award.engagement.collaborator_id))


def _opportunity_actions(
    transaction: Transaction, opportunity: Opportunity | None, decision: Decision, now: str
) -> list[Item]:
    """Transaction actions that consume the opportunity or check that it is unchanged; none if the sale names none."""
    if opportunity and decision.consumes:
        visited = {held.id for held in opportunity.engagements}
        lost = [held.engagement.id for held in decision.candidates if held.reason == "group_outranked"]
        outranked = [number for number in lost if number in visited]
        return [opportunities.consume_action(opportunity, transaction.id, outranked, now)]
    named = opportunity.id if opportunity else transaction.sale.tracking_id
    return [opportunities.unchanged_action(transaction.organization, named, opportunity)] if named else []


def _reconcile_conversions(transaction: Transaction) -> str:
    """Reconciles the conversions with the transaction, a deleted one as it was before its deletion.

    The transaction is read again after the conversions: no conversion then reflects a newer version, and the write's
    condition catches later changes.
    """
    if transaction.version == 1:
        return "unchanged"
    stored = awards.of_subject(transaction.organization, "transaction", transaction.id).values()
    held = [conversions.of_item(items[awards.CONVERSION]) for items in stored]
    current = transactions.stored(transaction.organization, transaction.id)
    if current is None:
        return "unchanged"
    transaction = transaction_items.before_deletion(current)
    if transaction.change:
        moved = _reconcile_edited(transaction, held)
    else:
        moved = [conversions.reconcile(it, transaction, times.now()) for it in held]
    if not any(moved):
        return "unchanged"
    return "rejected" if transaction.status != "complete" else "reduced"


def _reconcile_edited(transaction: Transaction, held: Sequence[Conversion]) -> list[bool]:
    """Reconcile the conversions of an edited sale by the settings kept with its decisions, new ones included."""
    now, by_cause = times.now(), {conversion.cause: conversion for conversion in held}
    moved = []
    for decision in decisions.of_sale(transaction.organization, transaction.id):
        programs_then = {program["id"]: program for program in decision["programs"]}
        for candidate in (it for it in decision["candidates"] if it["award"]):
            number, collaborator_id = candidate["programId"], candidate["collaboratorId"]
            cause = Cause("transaction", transaction.id, decision["type"], number, collaborator_id)
            counting = counting_now(transaction, programs_then[number], collaborator_id) or ()
            if cause in by_cause:
                moved.append(conversions.reconcile(by_cause[cause], transaction, now, counting))
            elif counting:
                made = conversions.of_candidate(decision, candidate, transaction, counting)
                table.put_new(conversions.item_of(made, now))
                moved.append(True)
    return moved
