"""Changes of obligations by hand: credits and debits without a sale, reviews, payments elsewhere, deletions.

An obligation with a conversion follows it, so its approval and rejection are the conversion's; a credit has states of
its own. None is changed while a payout holds it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from tributary.domain import bulk, times
from tributary.domain.bulk import Bulk
from tributary.domain.errors import Conflict
from tributary.domain.obligation import ACTIONS, FINAL, REVIEWED, may_become
from tributary.ledger.earnings import allocations, awards, conversions, credit_items, obligations, reviews
from tributary.ledger.earnings.credit_items import Credit
from tributary.ledger.store import id_index, owed_index, table
from tributary.ledger.store.expressions import GONE
from tributary.ledger.store.records import touch, update_unchanged
from tributary.ledger.store.retries import retried
from tributary.ledger.store.values import Item

PERMANENT = "permanent_delete"
#: An adjustment belongs to the payment that it corrects: of another value, the two would no longer add up.
ADJUSTS = "adjusts_a_payment"
_TRIES = 10


def create(credit: Credit, now: str | None = None) -> Item:
    """Put a new credit, or a debit if it is negative; return the item."""
    item = credit_items.item_of(credit, now or times.now())
    table.put_new(item)
    return item


def find(organization: str, obligation_id: int) -> Item | None:
    """The stored obligation, unless deleted for good. Conflict if two records share the id."""
    return id_index.find(organization, awards.OBLIGATION, obligation_id)


def act_on_all(organization: str, action: str, ids: Iterable[int], source: str | None = None) -> Bulk:
    """Perform an action on obligations by id; skips are named."""
    return bulk.each(ids, lambda obligation_id: act(organization, action, obligation_id, source))


@retried("the obligation", _TRIES)
def act(organization: str, action: str, obligation_id: int, source: str | None = None) -> str | None:
    """Perform an action on one obligation; return the reason if it changes nothing."""
    try:
        item = find(organization, obligation_id)
    except Conflict:
        return "ambiguous"
    if item is None or source not in (None, item["boundSource"]):
        return bulk.NOT_FOUND
    if item["listed"]["payoutId"] is not None:
        return "in_payout"
    if item["listed"].get("adjusts") is not None and not _settles(item, action):
        return ADJUSTS
    if action == PERMANENT:
        return _hide(item)
    return _move(item, action)


def _settles(item: Item, action: str) -> bool:
    """True for an action that says, or takes back, that an amount was paid elsewhere; its value stays.

    A rise that follows its obligation may have become too much meanwhile, so it stays paid."""
    reopens = action == "markPending" and item["listed"]["status"] == "complete" and "raises" not in item
    return action == "markComplete" or reopens


def _move(item: Item, action: str) -> str | None:
    status, (target, allowed) = item["listed"]["status"], ACTIONS[action]
    if status not in allowed or item.get("settled"):
        return bulk.ALREADY_SO if status == target else str(status)
    if not credit_items.is_credit(item):
        if status == "complete":
            return _reopen(item)
        if target in REVIEWED:
            return _review(item, REVIEWED[target])
    elif allocations.is_allocated(item) and target == "pending":
        return _reallocate(item)
    _write(item, target)
    return None


def _reallocate(item: Item) -> str | None:
    """Let an obligation follow its allocation again, though it was paid elsewhere; the reason if that is nothing."""
    distribution = table.get(*allocations.distribution_of(item))
    if distribution is None:
        return bulk.NOT_FOUND
    worth = allocations.worth_of(distribution, item["listed"]["collaboratorId"])
    if not worth and item["listed"]["status"] != "complete":
        return "nothing_allocated"
    actions = allocations.release_actions(item, distribution, times.now())
    table.transact([*actions, allocations.unchanged_action(distribution)])
    return None


def _review(item: Item, review: str) -> str | None:
    """Review the conversion behind an obligation, which then follows it."""
    organization, listed = item["organization"], item["listed"]
    reason = reviews.review(organization, review, listed["conversionId"])
    if reason is not None:
        return reason
    subject = "transaction" if listed["leadId"] is None else "lead"
    obligations.reconcile(organization, subject, listed[subject + "Id"], _cause(item))
    return None


def _reopen(item: Item) -> str | None:
    """Take back that an obligation was paid elsewhere: it is again what its conversion implies."""
    stored = awards.of_subject(item["organization"], *_subject(item), _cause(item)).values()
    (items,) = stored
    conversion, now = conversions.of_item(items[awards.CONVERSION]), times.now()
    if obligations.wanted_by(conversion).status == "complete":
        return "complete"  # as the shop reported: only the shop takes that back
    table.transact(obligations.release_actions(item, conversion, now))
    return None


def _subject(item: Item) -> tuple[str, int]:
    listed = item["listed"]
    subject = "transaction" if listed["leadId"] is None else "lead"
    return subject, listed[subject + "Id"]


def _cause(item: Item) -> awards.Cause:
    """The cause of an obligation's conversion, from its key."""
    kind, program_id, collaborator_id = item["sk"].removeprefix("award#").split("#")[:3]
    return awards.Cause(*_subject(item), kind, int(program_id), int(collaborator_id))


def _write(item: Item, status: str, also: Mapping[str, Any] | None = None) -> None:
    changes: Item = {"listed.#status": status, **touch(times.now(), item["version"] + 1), **(also or {})}
    changes |= _payable(item) if status == "pending" else owed_index.NOWHERE
    update_unchanged((item["pk"], item["sk"]), item["version"], changes)


def _payable(item: Item) -> Item:
    return credit_items.payable(
        item["organization"], item["listed"], item.get("earnedAt", item["listed"]["dateCreated"])
    )


@retried("the obligation", _TRIES)
def change(organization: str, obligation_id: int, given: Mapping[str, Any], target: str | None) -> str | None:
    """Change members of a credit (`value`, `dueAt`, `awardType`, `reason`), and its status to a target, in one write;
    return the reason if it changes nothing."""
    item = find(organization, obligation_id)
    if item is None:
        return bulk.NOT_FOUND
    if (reason := _follows(item)) is not None:
        return reason
    status = str(item["listed"]["status"])
    target = target or status
    if status in ("complete", *FINAL) or (target != status and not may_become(status, target)):
        return status
    _write(item, target, {f"listed.#{name}": value for name, value in given.items()})
    return None


def _follows(item: Item) -> str | None:
    """The reason for which the members of an obligation are not a person's to change."""
    if item["listed"]["payoutId"] is not None:
        return "in_payout"
    if item["listed"].get("adjusts") is not None:
        return ADJUSTS
    if not credit_items.is_credit(item):
        return "follows_conversion"
    return "follows_distribution" if allocations.is_allocated(item) else None


def _hide(item: Item) -> str | None:
    """Delete for good: the item stays, so that no report makes it again, but no list or id leads to it."""
    if item["listed"]["status"] not in (*FINAL, "rejected"):
        return str(item["listed"]["status"])
    nowhere = dict.fromkeys(("listPk", "listSk", "parent", "label"), GONE) | dict(owed_index.NOWHERE)
    changes: Item = {"listed.#status": "deleted", **touch(times.now(), item["version"] + 1), **nowhere}
    update_unchanged((item["pk"], item["sk"]), item["version"], changes)
    return None
