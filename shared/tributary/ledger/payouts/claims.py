"""Claims: one transaction takes up to 98 obligations into a payout and adds exactly their sum.

An amount that changed, a crash and another batch at the same time are all harmless: each obligation is claimed at the
version read, and one that is already in this payout counts as done.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tributary.domain import times
from tributary.domain.payable import CHANGED, Arguments, Choice, Owed
from tributary.ledger.payouts import fulfillment_items, payouts
from tributary.ledger.payouts.payouts import Payout
from tributary.ledger.payouts.selection import owed_of
from tributary.ledger.store import owed_index, table
from tributary.ledger.store.records import touch
from tributary.ledger.store.values import Item

#: DynamoDB takes a hundred actions; two are the payout and its batch.
MOST = 98
_TRIES = 20


class Stopped(Exception):
    """The batch is no longer being made: it was failed meanwhile."""


class Changed(Exception):
    """Obligations changed since the preview that the batch must equal."""

    def __init__(self, ids: Sequence[int]) -> None:
        super().__init__("changed since the preview")
        self.ids = tuple(ids)


@dataclass
class _Progress:
    """The payout so far: whether it exists, its sum of this run, and whether anything was lost on the way."""

    exists: bool
    differs: bool = False


def claim(payout: Payout, choice: Choice, arguments: Arguments, *, strict: bool, resumed: bool) -> str | None:
    """Claim a group's obligations for its payout; return the reason if it pays nothing after all.

    `strict` raises Changed for obligations that have changed. `resumed` looks for a payout of an earlier run, whose sum
    decides with this one's."""
    begun = resumed and table.get(*payout.key) is not None
    progress = _Progress(exists=begun, differs=begun and not strict)
    for start in range(0, len(choice.pays), MOST):
        _claim_all(payout, choice.pays[start : start + MOST], progress, None if strict else arguments)
    if not progress.differs:
        return None
    return _checked(payout, choice)


def _claim_all(payout: Payout, chunk: Sequence[Owed], progress: _Progress, arguments: Arguments | None) -> None:
    for _ in range(_TRIES):
        if not chunk:
            return
        try:
            _transact(payout, chunk, progress)
        except table.ConditionFailed:
            chunk = _again(payout, chunk, progress, arguments)
        else:
            return
    raise TimeoutError(f"gave up after {_TRIES} conflicting writes to obligations")


def _transact(payout: Payout, chunk: Sequence[Owed], progress: _Progress) -> None:
    now, value = times.now(), sum(owed.value for owed in chunk)
    header = payouts.raise_action if progress.exists else payouts.new_action
    batch = fulfillment_items.tally_action(
        payout.organization,
        payout.fulfillment_id,
        payout.currency,
        value,
        0 if progress.exists else 1,
        now,
        building=True,
    )
    table.transact(
        [*(_claim_action(payout, owed, now) for owed in chunk), header(payout, value, len(chunk), now), batch]
    )
    progress.exists = True


def _claim_action(payout: Payout, owed: Owed, now: str) -> Item:
    changes = {"listed.#status": "complete", "listed.payoutId": payout.id, **touch(now, owed.version + 1)}
    changes |= {"fulfillmentId": payout.fulfillment_id}
    changes |= owed_index.claimed(payout.organization, payout.id, owed.id)
    condition = "#version = :seen AND listed.#status = :payable"
    return table.update_action(*owed.key, changes, condition, seen=owed.version, payable="pending")


def _again(payout: Payout, chunk: Sequence[Owed], progress: _Progress, arguments: Arguments | None) -> Sequence[Owed]:
    """The obligations still to claim, as they are now. Changed for any that differ, if there are no arguments by which
    to choose again."""
    batch = fulfillment_items.get(payout.organization, payout.fulfillment_id)
    if batch is None or not batch["listed"]["generating"]:
        raise Stopped
    held = table.get(*payout.key)
    progress.exists = held is not None
    left, lost = _as_they_are(payout, chunk)
    if held is not None and held["listed"]["status"] != payouts.UNPAID:
        # Paid or ended while its batch was being made: what is left waits for the next batch.
        left, lost = [], {*lost, *(owed.id for owed in left)}
    if lost and arguments is None:
        raise Changed(sorted(lost))
    progress.differs = progress.differs or bool(lost)
    return [owed for owed in left if arguments is None or arguments.due(owed)]


def _as_they_are(payout: Payout, chunk: Sequence[Owed]) -> tuple[list[Owed], set[int]]:
    """The obligations still payable, and the ids of those that changed; claims of this payout count as done."""
    found = table.batch_get(owed.key for owed in chunk)
    left: list[Owed] = []
    lost: set[int] = set()
    for owed in chunk:
        item = found.get(owed.key)
        if item and item["listed"]["payoutId"] == payout.id:
            continue
        if item and item["listed"]["status"] == "pending" and "owedSk" in item:
            left.append(owed_of(item))
        if not left or (left[-1].id, left[-1].value, left[-1].version) != (owed.id, owed.value, owed.version):
            lost.add(owed.id)
    return left, lost


def _checked(payout: Payout, choice: Choice) -> str | None:
    """Cancel a payout that changes have left without an amount to pay; its obligations are released."""
    item = table.get(*payout.key)
    if item is None or item["listed"]["status"] not in payouts.LIVE:
        return CHANGED
    if item["listed"]["value"] > 0 and item["listed"]["value"] >= choice.minimum:
        return None
    return CHANGED if payouts.cancel(item, CHANGED) else None
