"""Allocations: shares of a distribution, each owed by a credit that follows it until it is paid, then by adjustments.

Partition `<organization>#distribution#<id>`, item `distribution` with the share of each collaborator. A credit is
written on condition that the shares are still those read.
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from tributary.domain import times
from tributary.domain.ids import cause_id
from tributary.domain.obligation import FINAL
from tributary.ledger.earnings import adjustments, credit_items
from tributary.ledger.earnings.credit_items import Credit
from tributary.ledger.store import owed_index, table
from tributary.ledger.store.records import touch, update_unchanged_action
from tributary.ledger.store.retries import retried
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

SK = "distribution"
#: Each credit is up to two actions of a transaction of a hundred, which also checks the distribution.
_AT_ONCE = 49
_TRIES = 10


def distribution_key(organization: str, distribution_id: int) -> Key:
    return f"{organization}#distribution#{distribution_id}", SK


def allocation_id(organization: str, distribution_id: int, collaborator_id: int) -> int:
    return cause_id(organization, "allocation", distribution_id, collaborator_id)


def obligation_id(organization: str, distribution_id: int, collaborator_id: int) -> int:
    """The id of the obligation of an allocation, named by its distribution and collaborator."""
    return cause_id(organization, credit_items.KIND, credit_items.DISTRIBUTION, distribution_id, collaborator_id)


def is_allocated(item: Mapping[str, Any]) -> bool:
    """True for the obligation of an allocation, though not for its adjustments."""
    listed = item["listed"]
    return credit_items.is_credit(item) and "distributionId" in listed and "adjusts" not in listed


def distribution_of(item: Mapping[str, Any]) -> Key:
    """The distribution that the obligation of an allocation follows."""
    return distribution_key(item["organization"], item["listed"]["distributionId"])


@retried("the obligations", _TRIES)
def follow(organization: str, distribution_id: int) -> int:
    """Bring the obligations of a distribution to its shares; return the number written."""
    distribution = table.get(*distribution_key(organization, distribution_id))
    if distribution is None:
        return 0
    shares = {_credit_key(distribution, it["collaboratorId"]): it for it in _owed(distribution)}
    held, now = table.batch_get(shares), times.now()
    found = adjustments.rises(held.values())
    wanted = (_actions(distribution, it, held.get(place), found, now) for place, it in shares.items())
    changes, written = (actions for actions in wanted if actions), 0
    while some := list(islice(changes, _AT_ONCE)):
        table.transact([unchanged_action(distribution), *(action for actions in some for action in actions)])
        written += len(some)
    return written


def release_actions(item: Item, distribution: Item, now: str) -> list[Item]:
    """Transaction actions that take the obligation of an allocation out of its payout, at the version read, to the
    share that it has now; adjustments since are reversed."""
    changes = _following(item, worth_of(distribution, item["listed"]["collaboratorId"]), now)
    return adjustments.release_actions(item, changes | {"listed.payoutId": None})


def obligation_keys(distribution: Item) -> list[Key]:
    """The keys of the obligations that a distribution calls for."""
    return [_credit_key(distribution, it["collaboratorId"]) for it in _owed(distribution)]


def worth_of(distribution: Mapping[str, Any], collaborator_id: int) -> int:
    """The share of a collaborator now."""
    return next((int(it["value"]) for it in _owed(distribution) if it["collaboratorId"] == collaborator_id), 0)


def _owed(distribution: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    return (it for it in distribution.get("shares", ()) if it["weight"])


def _credit_key(distribution: Item, collaborator_id: int) -> Key:
    organization = distribution["organization"]
    number = obligation_id(organization, distribution["listed"]["id"], collaborator_id)
    return credit_items.key(organization, number)


def unchanged_action(distribution: Item) -> Item:
    """Transaction action: a check that the shares are those read. Sales that change nothing in them do not matter."""
    return table.check_action(distribution["pk"], SK, "revaluations = :seen", seen=distribution["revaluations"])


def _actions(
    distribution: Item, share: Mapping[str, Any], credit: Item | None, found: Mapping[Key, Item], now: str
) -> list[Item]:
    """Transaction actions that bring an obligation to its share; none if it is there, or was ended by hand.

    `found` has the open rises of paid ones."""
    worth = int(share["value"])
    if credit is None:
        return [table.put_action(credit_items.item_of(_issued(distribution, share["collaboratorId"], worth), now))]
    status, value = credit["listed"]["status"], credit["listed"]["value"]
    if status == "complete":
        return adjustments.adjust_actions(credit, worth, distribution["clawback"], found, {}, now)
    if status in FINAL or (status == "rejected" and value) or value == worth:
        return []
    return [update_unchanged_action((credit["pk"], credit["sk"]), credit["version"], _following(credit, worth, now))]


def _issued(distribution: Item, collaborator_id: int, worth: int) -> Credit:
    organization, listed = distribution["organization"], distribution["listed"]
    about = {"distributorId": listed["distributorId"], "distributionId": listed["id"]}
    number = obligation_id(organization, listed["id"], collaborator_id)
    kind, status = credit_items.DISTRIBUTION, "pending" if worth else "rejected"
    return Credit(organization, number, collaborator_id, worth, listed["currency"], kind, status, about=about)


def _following(credit: Item, worth: int, now: str) -> Item:
    """The changes by which an unpaid obligation follows its share; one of nothing is rejected."""
    changes: Item = {"listed.#status": "pending" if worth else "rejected", "listed.#value": worth}
    changes |= touch(now, credit["version"] + 1)
    if not worth:
        return {**changes, **owed_index.NOWHERE}
    return {**changes, **credit_items.payable(credit["organization"], credit["listed"], credit["earnedAt"])}
