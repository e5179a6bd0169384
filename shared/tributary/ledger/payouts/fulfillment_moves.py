"""A person's moves of a batch, the end of its payouts once it failed, and its deletion."""

from tributary.domain import bulk, times
from tributary.ledger.payouts import fulfillment_items, payouts
from tributary.ledger.payouts.fulfillment_items import FAILED, PENDING, PROCESSING, SK
from tributary.ledger.store import audit, table
from tributary.ledger.store.records import touch
from tributary.ledger.store.retries import retried
from tributary.ledger.store.values import Item

_TRIES = 10
#: A person's actions: the new status, and those it may follow. A batch that is still being made can only be failed.
ACTIONS = {
    "process": (PROCESSING, (PENDING,)),
    "complete": ("complete", (PENDING, PROCESSING)),
    "fail": (FAILED, (PENDING, PROCESSING)),
    "delete": (FAILED, (PENDING, PROCESSING)),
}


@retried("the fulfillment", _TRIES)
def move(organization: str, action: str, fulfillment_id: int) -> str | None:
    """Move a batch by hand; return the reason if it is not."""
    item = fulfillment_items.get(organization, fulfillment_id)
    if item is None:
        return bulk.NOT_FOUND
    listed, (target, allowed) = item["listed"], ACTIONS[action]
    if listed["status"] not in allowed:
        return bulk.ALREADY_SO if listed["status"] == target else str(listed["status"])
    if listed["generating"] and target != FAILED:
        return "generating"
    changes: Item = {"listed.#status": target, "listed.generating": False, **touch(times.now(), item["version"] + 1)}
    table.update(item["pk"], SK, changes, "#version = :seen", seen=item["version"])
    return None


def cancel_payouts(organization: str, fulfillment_id: int) -> int:
    """Cancel the unpaid payouts of a failed batch; return their number. Those marked as paid stay."""
    held = payouts.of_fulfillment(organization, fulfillment_id)
    return sum(payouts.cancel(item, "fulfillment_failed") for item in held)


@retried("the fulfillment", _TRIES)
def delete(organization: str, fulfillment_id: int) -> str:
    """Delete a failed batch for good; return the reason if it cannot be."""
    item = fulfillment_items.get(organization, fulfillment_id)
    if item is None:
        return bulk.NOT_FOUND
    if any(payouts.live(payouts.of_fulfillment(organization, fulfillment_id))):
        return "has_live_payouts"
    deletion = table.delete_action(item["pk"], SK, "#version = :seen", seen=item["version"])
    table.transact([deletion, *audit.deletion_actions(item)])
    return "deleted"
