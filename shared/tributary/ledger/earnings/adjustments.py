"""Adjustments: credits and debits for the difference between a paid obligation and its worth since.

Without clawback, rises that no payout has taken follow the worth too: a paid obligation names them (`rises`), and each
of them the obligation that it raises (`raises`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tributary.domain.clawback import CARRY_FORWARD, NONE, adjustment
from tributary.ledger.earnings import credit_items
from tributary.ledger.earnings.credit_items import Credit
from tributary.ledger.store import owed_index, table
from tributary.ledger.store.expressions import GONE
from tributary.ledger.store.records import touch, update_unchanged_action
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

#: Members of an obligation that its adjustments repeat.
_ABOUT = ("conversionId", "programId", "transactionId", "leadId", "distributorId", "distributionId")


def rises(paid: Iterable[Item]) -> dict[Key, Item]:
    """The rises of paid obligations, those in payouts too, by key. One BatchGetItem per hundred, none without one."""
    return table.batch_get(place for item in paid for place in _rise_keys(item))


def adjust_actions(
    item: Item, worth: int, clawback: str, found: Mapping[Key, Item], also: Item, now: str
) -> list[Item]:
    """Transaction actions that adjust a paid obligation, at the version read, to its worth; none if it is adjusted.

    `found` has its rises, `also` further changes of the obligation."""
    waiting = [
        rise for place in _rise_keys(item) if (rise := found.get(place)) and rise["listed"]["status"] == "pending"
    ]
    unpaid, moved = sum(rise["listed"]["value"] for rise in waiting), item.get("moved", 0)
    by = adjustment(item["listed"]["value"], moved, worth, clawback, unpaid)
    if not by:
        return []
    changes = {"moved": moved + by, **also}
    if by < 0 and clawback == NONE:
        return [_changed(item, changes, now), *_lowered(waiting[::-1], -by, now)]
    if waiting:
        return [_changed(item, changes, now), _valued(waiting[-1], waiting[-1]["listed"]["value"] + by, {}, now)]
    added = _adjustment(item, by)
    put = credit_items.item_of(added, now)
    if clawback != CARRY_FORWARD:
        changes |= {"rises": [*item.get("rises", ()), added.id]}
        put |= {"raises": [item["pk"], item["sk"]]}
    return [_changed(item, changes, now), table.put_action(put)]


def release_actions(item: Item, changes: Item) -> list[Item]:
    """Transaction actions that make a paid obligation, at the version read, an unpaid one without adjustments."""
    moved, place = item.get("moved", 0), (item["pk"], item["sk"])
    if not moved:
        return [update_unchanged_action(place, item["version"], changes)]
    back = table.put_action(credit_items.item_of(_adjustment(item, -moved), changes["changedAt"]))
    return [update_unchanged_action(place, item["version"], {**changes, "moved": 0, "rises": GONE}), back]


def names(item: Item, rise: Item) -> bool:
    """True if the rise belongs to the present payment of an obligation."""
    return rise["listed"]["id"] in item.get("rises", ())


def return_actions(item: Item, worth: int, back: Sequence[Item], now: str) -> list[Item]:
    """Transaction actions that release rises from their payout, less what a paid obligation is no longer worth."""
    above = max(0, item["listed"]["value"] + item.get("moved", 0) - worth)
    taken = min(above, sum(rise["listed"]["value"] for rise in back))
    changes = {"moved": item.get("moved", 0) - taken}
    return [_changed(item, changes, now), *_lowered(back, above, now, {"listed.payoutId": None})]


def _lowered(rises: Sequence[Item], by: int, now: str, also: Item | None = None) -> Iterator[Item]:
    """Transaction actions that lower rises, the first ones first, by so much in all; `also` changes each of them."""
    for rise in rises:
        value: int = rise["listed"]["value"]
        taken = min(by, value)
        by -= taken
        if taken or also:
            yield _valued(rise, value - taken, also or {}, now)


def _rise_keys(item: Item) -> list[Key]:
    return [credit_items.key(item["organization"], number) for number in item.get("rises", ())]


def _valued(rise: Item, value: int, also: Item, now: str) -> Item:
    """Transaction action: a payable rise of another value; one of nothing is rejected."""
    listed = rise["listed"]
    payable = credit_items.payable(rise["organization"], listed, rise["earnedAt"])
    status, place = ("pending", payable) if value else ("rejected", owed_index.NOWHERE)
    return _changed(rise, {"listed.#value": value, "listed.#status": status, **also, **place}, now)


def _changed(item: Item, changes: Mapping[str, Any], now: str) -> Item:
    changes = {**changes, **touch(now, item["version"] + 1)}
    return update_unchanged_action((item["pk"], item["sk"]), item["version"], changes)


def _adjustment(item: Item, by: int) -> Credit:
    """The adjustment of a paid obligation, named by it and the version read."""
    organization, listed = item["organization"], item["listed"]
    about = {name: listed[name] for name in _ABOUT if name in listed} | {"adjusts": listed["id"]}
    number = credit_items.adjustment_id(organization, listed["id"], item["version"])
    payee, currency = listed["collaboratorId"], listed["currency"]
    return Credit(organization, number, payee, by, currency, credit_items.ADJUSTMENT, about=about)
