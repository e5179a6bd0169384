"""Conversions made by hand for an engagement: for a sale, or without one like a lead.

Each has a decision of its own, by the program's present terms, which the award freezes. The engagement stays as it is.
"""

from dataclasses import dataclass, replace
from typing import Any

from tributary.domain import times
from tributary.domain.attribution import Award, Decision, decide_occasion
from tributary.domain.earning_event import EarningEvent
from tributary.domain.errors import Conflict, NotFound
from tributary.domain.ids import cause_id, random_id
from tributary.domain.opportunity import Engagement, Opportunity
from tributary.domain.transaction import Transaction
from tributary.ledger.earnings import awards, conversions, decisions
from tributary.ledger.earnings.awards import CONVERSION, Cause
from tributary.ledger.programs import collaborators, programs
from tributary.ledger.sales import transaction_items
from tributary.ledger.store import table
from tributary.ledger.store.records import check_unchanged_action
from tributary.ledger.store.retries import retried
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

_TRIES = 10


@dataclass(frozen=True)
class Asked:
    """A conversion of a `type` for a stored engagement. `request` names the request, so that a repeat is one."""

    engagement: Item
    type: str
    status: str
    transaction_id: int | None = None
    request: str | None = None


@dataclass(frozen=True)
class Made:
    """The conversion's item; of a repeat `differs` has the members that it says otherwise."""

    item: Item
    differs: tuple[str, ...] | None = None


def create(organization: str, asked: Asked) -> Made:
    """Make a conversion once. Conflict with a reason if the program would not pay it, NotFound for an unknown sale."""
    if asked.engagement["listed"]["status"] == "invalid":
        raise _refused("engagement_invalid", "The engagement is invalid.")
    return _of_sale(organization, asked, asked.transaction_id) if asked.transaction_id else _alone(organization, asked)


@retried("the sale", _TRIES)
def _of_sale(organization: str, asked: Asked, transaction_id: int) -> Made:
    listed = asked.engagement["listed"]
    cause = Cause("transaction", transaction_id, asked.type, listed["programId"], listed["collaboratorId"])
    sale, conversion = transaction_items.key(organization, transaction_id), cause.key(organization, CONVERSION)
    decided = sale[0], f"decision#manual#{listed['id']}#{asked.type}"
    found = _read(organization, asked, sale, conversion, decided)
    if decided in found:
        return _repeated(asked, found[decided], found[conversion])
    transaction = _open_sale(found.get(sale), transaction_id)
    if conversion in found:
        there = {"conversionId": found[conversion]["listed"]["id"]}
        raise _refused("already_so", "The program has credited the collaborator for this sale before.", **there)
    earning_event = EarningEvent.of_sale(transaction, asked.type)
    record, award, now = _decided(earning_event, asked, found, decided)
    made = conversions.of_award(earning_event, transaction.sale.source or None, award, transaction)
    given = conversions.item_of(replace(made, status=asked.status), now)
    unchanged = check_unchanged_action(sale, transaction.version)
    table.transact([table.put_action(record), table.put_action(given), unchanged])
    return Made(given)


def _open_sale(item: Item | None, transaction_id: int) -> Transaction:
    """The sale. NotFound for an unknown or deleted one, Conflict for one that has ended."""
    there = transaction_items.unless_deleted(item)
    if there is None:
        raise NotFound("There is no such transaction.", {"transactionId": transaction_id})
    transaction = transaction_items.of_item(there)
    if transaction.status != "complete":
        raise _refused(transaction.status, f"The sale is {transaction.status}.")
    return transaction


@retried("the conversion", _TRIES)
def _alone(organization: str, asked: Asked) -> Made:
    """A conversion without a sale, in a partition like a lead's."""
    listed = asked.engagement["listed"]
    number = cause_id(organization, "manual-conversion", asked.request) if asked.request else random_id()
    cause = Cause("lead", number, asked.type, listed["programId"], listed["collaboratorId"])
    decided, conversion = (awards.pk(organization, "lead", number), decisions.LEAD), cause.key(organization, CONVERSION)
    found = _read(organization, asked, conversion, decided)
    if decided in found:
        if conversion not in found or found[decided]["candidates"][0]["engagementId"] != listed["id"]:
            raise _refused("repeat_differs", "Another request used this Idempotency-Key.", header="Idempotency-Key")
        return _repeated(asked, found[decided], found[conversion])
    earning_event = EarningEvent(organization, "lead", number, asked.type, times.now(), None, ())
    record, award, now = _decided(earning_event, asked, found, decided)
    given = conversions.item_of(replace(conversions.of_award(earning_event, None, award), status=asked.status), now)
    table.transact([table.put_action(record), table.put_action(given)])
    return Made(given)


def _read(organization: str, asked: Asked, *keys: Key) -> dict[Key, Item]:
    collaborator = collaborators.key(organization, asked.engagement["listed"]["collaboratorId"])
    return table.batch_get([*keys, collaborator, programs.version_key(organization)])


def _decided(earning_event: EarningEvent, asked: Asked, found: dict[Key, Item], place: Key) -> tuple[Item, Award, str]:
    """The decision's record, its only award and their moment. Conflict with the reason if nothing is awarded."""
    organization, listed, at = earning_event.organization, asked.engagement["listed"], earning_event.occurred_at
    catalogue = programs.current(organization, found.get(programs.version_key(organization)))
    held = Engagement(listed["id"], listed["programId"], listed["collaboratorId"], listed["score"], at, at)
    opportunity = Opportunity(listed["opportunityId"] or 0, organization, at, at, engagements=(held,))
    person = found.get(collaborators.key(organization, held.collaborator_id))
    active = {held.collaborator_id} if person and person["listed"]["status"] == "active" else set[int]()
    decision, now = decide_occasion(earning_event, opportunity, catalogue, active), times.now()
    if not decision.won:
        reason = decision.candidates[0].reason
        raise _refused(reason, f"Program {held.program_id} does not pay this conversion: {reason}.")
    award = decision.won[0].due_at_once
    kept = Decision(decision.reason, decision.candidates, (award,))
    record = decisions.item_of(earning_event, listed["opportunityId"], None, kept, catalogue, now)
    pk, sk = place
    return {**record, "pk": pk, "sk": sk, "asked": {"status": asked.status}}, award, now


def _repeated(asked: Asked, decision: Item, conversion: Item) -> Made:
    if conversion.get("gone"):
        raise _refused("deleted", "The conversion was deleted for good.")
    return Made(conversion, () if decision["asked"]["status"] == asked.status else ("status",))


def _refused(reason: str, sentence: str, **context: Any) -> Conflict:
    return Conflict(sentence, {"reason": reason, **context})
