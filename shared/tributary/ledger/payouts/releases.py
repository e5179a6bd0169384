"""Releases: obligations of a payout that ended unpaid return to what their conversion or allocation implies now."""

import time
from collections.abc import Iterator, Sequence
from itertools import islice

from tributary.domain import times
from tributary.domain.errors import NotFound
from tributary.ledger.earnings import adjustments, allocations, awards, conversions, credit_items, obligations
from tributary.ledger.payouts import payouts
from tributary.ledger.store import owed_index, table
from tributary.ledger.store.expressions import Tally
from tributary.ledger.store.records import touch, update_unchanged_action
from tributary.ledger.store.retries import retried
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

#: Each obligation is up to three actions of a transaction of a hundred.
_AT_ONCE = 33
_TRIES = 10
#: Seconds between readings of the index, which lags behind the table by less as a rule.
_PAUSES = (0, 0.2, 1, 2)


class Lagging(NotFound):
    """The index does not show all obligations of the payout yet; another try will."""


def release(payout: Item) -> int:
    """Release all obligations of a payout that has ended; return their number. Lagging if some are not seen yet."""
    released = 0
    for pause in _PAUSES:
        time.sleep(pause)
        released += _release_seen(payout)
        now = table.get(payout["pk"], payout["sk"])
        if now is None or now.get("released", 0) >= now["listed"]["obligationCount"]:
            return released
    raise Lagging("The index does not show all obligations of the payout yet.")


def _release_seen(payout: Item) -> int:
    entries, released = owed_index.of_payout(payout["organization"], payout["listed"]["id"]), 0
    while page := list(islice(entries, _AT_ONCE)):
        released += _release_page(payout, [(entry["pk"], entry["sk"]) for entry in page])
    return released


@retried("the obligations", _TRIES)
def _release_page(payout: Item, keys: Sequence[Key]) -> int:
    found = table.batch_get(keys)
    held = [item for item in found.values() if item["listed"]["payoutId"] == payout["listed"]["id"]]
    if not held:
        return 0
    raised = _raised(held)
    its = table.batch_get(source for item in [*held, *raised.values()] if (source := _source(item)))
    now, rises = times.now(), [it for it in held if tuple(it.get("raises", ())) in raised]
    actions = [action for item in held if item not in rises for action in _actions(item, its, now)]
    for key, paid in raised.items():
        own = [it for it in rises if tuple(it["raises"]) == key]
        actions += adjustments.return_actions(paid, _worth(paid, its), own[::-1], now)
    actions += [allocations.unchanged_action(it) for it in its.values() if it["entity"] == allocations.SK]
    counted = {"released": Tally(len(held)), **touch(now, Tally(1))}
    ended = "listed.#status = :failed OR listed.#status = :cancelled"
    statuses = {"failed": payouts.FAILED, "cancelled": payouts.CANCELLED}
    table.transact([*actions, table.update_action(payout["pk"], payout["sk"], counted, ended, **statuses)])
    return len(held)


def _raised(held: Sequence[Item]) -> dict[Key, Item]:
    """The paid obligations that some of these rises follow; a rise of an earlier payment is owed as it is."""
    rises = [it for it in held if "raises" in it]
    found = table.batch_get((it["raises"][0], it["raises"][1]) for it in rises)
    named = {(it["raises"][0], it["raises"][1]) for it in rises if _follows(it, found)}
    return {key: found[key] for key in named}


def _follows(rise: Item, found: dict[Key, Item]) -> bool:
    paid = found.get((rise["raises"][0], rise["raises"][1]))
    return paid is not None and paid["listed"]["status"] == "complete" and adjustments.names(paid, rise)


def _worth(paid: Item, found: dict[Key, Item]) -> int:
    """The worth of a paid obligation now."""
    source = _source(paid)
    assert source is not None
    if allocations.is_allocated(paid):
        return allocations.worth_of(found[source], paid["listed"]["collaboratorId"])
    return obligations.worth_of(conversions.of_item(found[source]))


def _actions(item: Item, found: dict[Key, Item], now: str) -> Iterator[Item]:
    source = _source(item)
    if source is None:
        changes = {"listed.#status": "pending", "listed.payoutId": None, **touch(now, item["version"] + 1)}
        changes |= credit_items.payable(item["organization"], item["listed"], item["earnedAt"])
        yield update_unchanged_action((item["pk"], item["sk"]), item["version"], changes)
    elif allocations.is_allocated(item):
        yield from allocations.release_actions(item, found[source], now)
    else:
        yield from obligations.release_actions(item, conversions.of_item(found[source]), now)


def _source(item: Item) -> Key | None:
    """The record that an obligation follows: its conversion or its distribution."""
    if allocations.is_allocated(item):
        return allocations.distribution_of(item)
    return None if credit_items.is_credit(item) else awards.conversion_key(item)
