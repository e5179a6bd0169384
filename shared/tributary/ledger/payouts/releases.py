"""Releases: obligations of a payout that ended unpaid return to the state that their conversion implies now."""

import time
from collections.abc import Iterator, Sequence
from itertools import islice

from tributary.domain import times
from tributary.domain.errors import NotFound
from tributary.ledger.earnings import awards, conversions, credit_items, obligations
from tributary.ledger.payouts import payouts
from tributary.ledger.store import owed_index, table
from tributary.ledger.store.expressions import Tally
from tributary.ledger.store.records import touch, update_unchanged_action
from tributary.ledger.store.retries import retried
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

#: Each obligation is up to two actions of a transaction of a hundred.
_AT_ONCE = 40
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
    now = times.now()
    its = table.batch_get(awards.conversion_key(item) for item in held if not credit_items.is_credit(item))
    actions = [action for item in held for action in _actions(item, its, now)]
    counted = {"released": Tally(len(held)), **touch(now, Tally(1))}
    ended = "listed.#status = :failed OR listed.#status = :cancelled"
    statuses = {"failed": payouts.FAILED, "cancelled": payouts.CANCELLED}
    table.transact([*actions, table.update_action(payout["pk"], payout["sk"], counted, ended, **statuses)])
    return len(held)


def _actions(item: Item, found: dict[Key, Item], now: str) -> Iterator[Item]:
    if credit_items.is_credit(item):
        changes = {"listed.#status": "pending", "listed.payoutId": None, **touch(now, item["version"] + 1)}
        changes |= credit_items.payable(item["organization"], item["listed"], item["earnedAt"])
        yield update_unchanged_action((item["pk"], item["sk"]), item["version"], changes)
    else:
        conversion = conversions.of_item(found[awards.conversion_key(item)])
        yield from obligations.release_actions(item, conversion, now)
