"""Reviews of conversions: approved, rejected, pending again, deleted. One of a sale that has ended stays rejected."""

from collections.abc import Iterable

from tributary.domain import bulk, times
from tributary.domain.bulk import Bulk
from tributary.domain.conversion import REVIEWS
from tributary.domain.errors import Conflict
from tributary.ledger.earnings.awards import CONVERSION, OBLIGATION
from tributary.ledger.earnings.conversions import Conversion, move, of_item, status_changes
from tributary.ledger.sales import transaction_items
from tributary.ledger.store import id_index, owed_index, table
from tributary.ledger.store.expressions import GONE
from tributary.ledger.store.records import gone_changes, touch, update_unchanged, update_unchanged_action
from tributary.ledger.store.retries import retried
from tributary.ledger.store.values import Item

FOR_GOOD = "permanent_delete"
_TRIES = 10


def review_all(organization: str, action: str, ids: Iterable[int], source: str | None = None) -> Bulk:
    """Reviews conversions by id.

    Skips unknown ids, transitions that are not allowed and, if `source` is given, conversions of other sources.
    """
    return bulk.each(ids, lambda conversion_id: review(organization, action, conversion_id, source))


@retried("the conversion", _TRIES)
def review(organization: str, action: str, conversion_id: int, source: str | None = None) -> str | None:
    """None if the conversion changed, else the reason."""
    try:
        item = id_index.find(organization, CONVERSION, conversion_id)
    except Conflict:
        return "ambiguous"
    if item is None or item.get("gone") or source not in (None, item["boundSource"]):
        return bulk.NOT_FOUND
    conversion = of_item(item)
    if action == FOR_GOOD:
        return _delete_for_good(conversion, times.now())
    target, allowed = REVIEWS[action]
    if conversion.standing and target == "rejected":
        return _reject_standing(conversion, times.now())
    if conversion.status not in allowed:
        return bulk.ALREADY_SO if conversion.status == target else conversion.status
    return _review(conversion, target, times.now())


def _reject_standing(conversion: Conversion, now: str) -> str | None:
    """Reject for the time after a withdrawal too."""
    if conversion.standing == "rejected":
        return bulk.ALREADY_SO
    update_unchanged(conversion.key, conversion.version, {"standing": "rejected", **touch(now, conversion.version + 1)})
    return None


def _review(conversion: Conversion, target: str, now: str) -> str | None:
    """None if the conversion changed; the status of its sale for one that has ended, which stays rejected."""
    if target in ("rejected", "deleted") or conversion.cause.transaction_id is None:
        move(conversion, target, now, {"standing": GONE} if conversion.standing else None)
        return None
    changes = status_changes(conversion, target, now)
    sale = transaction_items.key(conversion.organization, conversion.cause.transaction_id)
    try:
        table.transact(
            [
                update_unchanged_action(conversion.key, conversion.version, changes),
                table.showing(table.check_action(*sale, "listed.#status = :complete", complete="complete")),
            ]
        )
    except table.ConditionFailed as failure:
        if 1 in failure.positions:
            ended = failure.item or table.get(*sale)
            return ended["listed"]["status"] if ended else bulk.NOT_FOUND
        raise
    return None


def _delete_for_good(conversion: Conversion, now: str) -> str | None:
    """Delete a deleted conversion for good, and reject its obligation in the same transaction; the reason if that is
    paid.

    The conversion's key stays, so that neither an edit of the sale nor a credit pays it again.
    """
    if conversion.status != "deleted":
        return conversion.status
    key = conversion.cause.key(conversion.organization, OBLIGATION)
    owed = table.get(*key) if conversion.obligation_id is not None else None
    if owed is not None and owed["listed"]["status"] == "complete":
        return "complete"
    changes = {**gone_changes(), **touch(now, conversion.version + 1)}
    deletion = update_unchanged_action(conversion.key, conversion.version, changes)
    table.transact([deletion, _unpaid_action(key, owed, conversion.version + 1, now)])
    return None


def _unpaid_action(key: table.Key, owed: Item | None, reflected: int, now: str) -> Item:
    """Transaction action: reject an obligation at the version read; without one, a check that there is none."""
    if owed is None:
        return table.check_action(*key, "attribute_not_exists(pk)")
    rejected = {"listed.#status": "rejected", "conversionVersion": reflected, **touch(now, owed["version"] + 1)}
    return update_unchanged_action(key, owed["version"], {**rejected, **owed_index.NOWHERE})
