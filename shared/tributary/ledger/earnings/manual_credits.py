"""Manual credits: engagements made for one sale, under decisions of their own."""

from dataclasses import replace

from tributary.domain import bulk, times
from tributary.domain.attribution import decide_occasion
from tributary.domain.earning_event import EarningEvent
from tributary.domain.errors import Conflict
from tributary.domain.manual_engagements import CREDIT, manual_opportunity
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
    enrolled, paid = set(collaborator["listed"]["programs"]), _paid(transaction, number, kind)
    manual = [held for held in catalogue.programs.values() if held.id in enrolled and held.rewards(TRIGGER)]
    rewarding = [held for held in manual if held.id not in paid]
    by = f"{CREDIT}#{kind}"
    opportunity = manual_opportunity(transaction, by, number, rewarding, TRIGGER)
    active = {number} if collaborator["listed"]["status"] == "active" else set()
    earning_event = EarningEvent.of_sale(transaction, kind)
    decision, now = decide_occasion(earning_event, opportunity, catalogue, active), times.now()
    if not rewarding:
        return bulk.ALREADY_SO if manual else "no_manual_program"
    if not decision.won:
        return decision.candidates[0].reason
    decision = replace(decision, awards=tuple(award.due_at_once for award in decision.won))
    if len(decision.awards) > MAX_PROGRAMS:
        raise Conflict(f"More than {MAX_PROGRAMS} programs would pay this credit at once.", {"limit": MAX_PROGRAMS})
    kept = replace(decision, consumes=False)
    decided = decision_item(earning_event, transaction.sale.tracking_id, None, kept, catalogue, now)
    given = conversions.new_items(earning_event, transaction.sale.source or None, decision.awards, now, transaction)
    actions = [
        table.put_action({**decided, "sk": decision_sk(number, kind)}),
        check_unchanged_action((partition, transaction_items.SK), transaction.version),
        *map(table.put_action, given),
        *(table.put_action(engagements.manual_item(transaction, by, it.engagement, now)) for it in decision.awards),
    ]
    table.transact(actions)
    return None


def _paid(transaction: Transaction, collaborator_id: int, kind: str) -> set[int]:
    """The programs that have already credited the collaborator with the sale."""
    held = awards.of_subject(transaction.organization, "transaction", transaction.id)
    listed = [award[awards.CONVERSION]["listed"] for award in held.values()]
    return {it["programId"] for it in listed if (it["collaboratorId"], it["type"]) == (collaborator_id, kind)}
