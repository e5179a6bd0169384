"""Manual credits: engagements made for one sale, under decisions of their own."""

from dataclasses import replace

from tributary.domain import bulk, times
from tributary.domain.attribution import Decision, decide_occasion
from tributary.domain.earning_event import EarningEvent
from tributary.domain.errors import Conflict
from tributary.domain.manual_engagements import CREDIT, manual_opportunity
from tributary.domain.program import Catalogue
from tributary.domain.transaction import Transaction
from tributary.ledger.earnings import awards, conversions
from tributary.ledger.earnings.decisions import item_of as decision_item
from tributary.ledger.opportunities import engagements
from tributary.ledger.programs import programs
from tributary.ledger.sales import transaction_items
from tributary.ledger.store import table
from tributary.ledger.store.records import check_unchanged_action
from tributary.ledger.store.retries import retried
from tributary.ledger.store.values import Item

TRIGGER = "manual"
#: Each paying program writes two records, and one transaction takes a hundred actions.
MAX_PROGRAMS = 45
_TRIES = 10


def credit(organization: str, transaction_id: int, collaborator: Item, kind: str = "sale") -> str | None:
    """Credits a collaborator with a complete sale, once per collaborator and conversion type. Returns a reason if it
    does not.

    `collaborator` is the stored record. Programs that have already paid them for the sale do not pay again. Conflict if
    more than MAX_PROGRAMS would pay.
    """
    return _credit(organization, transaction_id, collaborator, kind)


def decision_sk(collaborator_id: int, kind: str) -> str:
    return f"decision#credit#{collaborator_id}#{kind}"


@retried("the sale", _TRIES)
def _credit(organization: str, transaction_id: int, collaborator: Item, kind: str) -> str | None:
    partition, version = transaction_items.pk(organization, transaction_id), programs.version_key(organization)
    number = collaborator["listed"]["id"]
    found = table.batch_get([(partition, transaction_items.SK), (partition, decision_sk(number, kind)), version])
    item = transaction_items.unless_deleted(found.get((partition, transaction_items.SK)))
    if item is None:
        return bulk.NOT_FOUND
    if (partition, decision_sk(number, kind)) in found:
        return bulk.ALREADY_SO
    transaction = transaction_items.of_item(item)
    if transaction.status != "complete":
        return transaction.status
    catalogue = programs.current(organization, found.get(version))
    occasion = _Occasion(transaction, kind, catalogue, collaborator)
    decision = occasion.decision
    if not occasion.rewarding:
        return bulk.ALREADY_SO if occasion.manual else "no_manual_program"
    if not decision.won:
        return decision.candidates[0].reason
    if len(decision.won) > MAX_PROGRAMS:
        raise Conflict(f"More than {MAX_PROGRAMS} programs would pay this credit at once.", {"limit": MAX_PROGRAMS})
    awarded = replace(decision, awards=tuple(award.due_at_once for award in decision.won))
    table.transact(occasion.actions(awarded, times.now()))
    return None


class _Occasion:
    """One credit: the programs that may reward it by hand, those that have not paid yet, and the decision by them."""

    def __init__(self, transaction: Transaction, kind: str, catalogue: Catalogue, collaborator: Item) -> None:
        listed = collaborator["listed"]
        self.transaction, self.kind, self.catalogue, self.number = transaction, kind, catalogue, listed["id"]
        enrolled, paid = set(listed["programs"]), _paid(transaction, self.number, kind)
        self.manual = [it for it in catalogue.programs.values() if it.id in enrolled and it.rewards(TRIGGER)]
        self.rewarding = [it for it in self.manual if it.id not in paid]
        self.event, self.by = EarningEvent.of_sale(transaction, kind), f"{CREDIT}#{kind}"
        opportunity = manual_opportunity(transaction, self.by, self.number, self.rewarding, TRIGGER)
        active = {self.number} if listed["status"] == "active" else set()
        self.decision = decide_occasion(self.event, opportunity, catalogue, active)

    def actions(self, decision: Decision, now: str) -> list[Item]:
        """Transaction actions: the decision, its conversions and engagements, if the sale is still as read."""
        transaction, sale = self.transaction, self.transaction.sale
        kept = replace(decision, consumes=False)
        decided = decision_item(self.event, sale.tracking_id, None, kept, self.catalogue, now)
        given = conversions.new_items(self.event, sale.source or None, decision.awards, now, transaction)
        place = transaction_items.key(transaction.organization, transaction.id)
        engaged = (engagements.manual_item(transaction, self.by, it.engagement, now) for it in decision.awards)
        return [
            table.put_action({**decided, "sk": decision_sk(self.number, self.kind)}),
            check_unchanged_action(place, transaction.version),
            *map(table.put_action, given),
            *map(table.put_action, engaged),
        ]


def _paid(transaction: Transaction, collaborator_id: int, kind: str) -> set[int]:
    """The programs that have already credited the collaborator with the sale."""
    held = awards.of_subject(transaction.organization, "transaction", transaction.id)
    listed = [award[awards.CONVERSION]["listed"] for award in held.values()]
    return {it["programId"] for it in listed if (it["collaboratorId"], it["type"]) == (collaborator_id, kind)}
