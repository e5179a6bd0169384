"""Engagements as lists show them, one item each, in the partition of their opportunity."""

from tributary.domain import times
from tributary.domain.opportunity import Engagement, Opportunity
from tributary.domain.transaction import Transaction
from tributary.ledger.sales import transaction_items
from tributary.ledger.store import table
from tributary.ledger.store.id_index import label
from tributary.ledger.store.lists import listing
from tributary.ledger.store.records import item_header, touch, update_unchanged
from tributary.ledger.store.values import Item

KIND = "engagement"
_HEADER = "opportunity"


def partition(organization: str, opportunity_id: int) -> str:
    """The partition of an opportunity and its engagements."""
    return f"{organization}#opportunity#{opportunity_id}"


def of_opportunity(organization: str, opportunity_id: int) -> list[Item]:
    """The items of an opportunity's engagements, of all epochs."""
    return table.query(partition(organization, opportunity_id), "engagement#")


def item(opportunity: Opportunity, engagement: Engagement) -> Item:
    """The listed item of an engagement; its epoch, compared with the header's, shows if it can still earn."""
    return {
        **item_header(
            KIND,
            opportunity.organization,
            (
                partition(opportunity.organization, opportunity.id),
                f"engagement#{opportunity.epoch}#{engagement.program_id}#{engagement.collaborator_id}",
            ),
            engagement.modified_at,
            version=opportunity.version + 1,
        ),
        "epoch": opportunity.epoch,
        "listed": {
            "id": engagement.id,
            "opportunityId": opportunity.id,
            "programId": engagement.program_id,
            "collaboratorId": engagement.collaborator_id,
            "score": engagement.score,
            "status": "active",
            "dateCreated": engagement.created_at,
            "dateModified": engagement.modified_at,
        },
        **label(opportunity.organization, KIND, engagement.id),
        **listing(opportunity.organization, KIND, engagement.id, engagement.created_at),
    }


def manual_item(transaction: Transaction, by: str, engagement: Engagement, now: str) -> Item:
    """The item of an engagement made for one sale, complete since it earned at once, in the sale's partition."""
    organization = transaction.organization
    return {
        **item_header(
            KIND,
            organization,
            (
                transaction_items.pk(organization, transaction.id),
                f"engagement#{by}#{engagement.program_id}#{engagement.collaborator_id}",
            ),
            now,
        ),
        "transactionId": transaction.id,
        "listed": {
            "id": engagement.id,
            "opportunityId": transaction.sale.tracking_id,
            "programId": engagement.program_id,
            "collaboratorId": engagement.collaborator_id,
            "score": engagement.score,
            "status": "complete",
            "dateCreated": now,
            "dateModified": now,
        },
        **label(organization, KIND, engagement.id),
        **listing(organization, KIND, engagement.id, now),
    }


def reconcile(organization: str, opportunity_id: int) -> int:
    """Reconciles the listed state of engagements with their opportunity; returns the number written.

    Engagements of a past epoch are complete, or invalid if their program gave way to another of its group. Those of the
    present epoch that are no longer live are invalid: by invalidation, by a merge, or displaced by newer ones.
    """
    items = table.query(partition(organization, opportunity_id))
    header = next((item for item in items if item["sk"] == _HEADER), None)
    if header is None:
        return 0
    written = 0
    for item in items:
        if item["entity"] == KIND and item["listed"]["status"] == "active":
            state = _state(header, item)
            written += state != "active" and _move(item, state, _consumer(header, item))
    return written


def _consumer(header: Item, engagement: Item) -> int | None:
    """The sale that consumed an engagement of a past epoch, while the header remembers it."""
    consumers, epochs_ago = header.get("consumers", ()), header["epoch"] - engagement["epoch"]
    return consumers[-epochs_ago] if 0 < epochs_ago <= len(consumers) else None


def _state(header: Item, engagement: Item) -> str:
    number = engagement["listed"]["id"]
    if number in header.get("outranked", ()):
        return "invalid"
    if engagement["epoch"] < header["epoch"]:
        return "complete"
    return "active" if any(live["id"] == number for live in header["engagements"]) else "invalid"


def _move(item: Item, state: str, transaction_id: int | None) -> bool:
    now = times.now()
    named = {} if transaction_id is None else {"transactionId": transaction_id}
    changes = {"listed.#status": state, **named, **touch(now, item["version"] + 1)}
    try:
        update_unchanged((item["pk"], item["sk"]), item["version"], changes)
    except table.ConditionFailed:
        return False
    return True
