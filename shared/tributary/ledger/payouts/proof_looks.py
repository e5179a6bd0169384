"""The looks of a proof: the records of each kind that disagree with those behind them, and the reasons."""

from collections.abc import Callable, Mapping, Sequence

from tributary.domain import times
from tributary.domain.proof import batch_disagrees, obligation_disagrees, payout_disagrees, share_disagrees
from tributary.ledger.earnings import allocations, credit_items
from tributary.ledger.earnings.awards import CONVERSION, OBLIGATION
from tributary.ledger.payouts import fulfillment_items, payouts
from tributary.ledger.sales import transaction_items
from tributary.ledger.store import holders, owed_index, table
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

#: Hours for which a record may wait for the messages about it.
_GRACE_HOURS = 1

Look = Callable[[Sequence[Key]], dict[Key, list[str]]]


def _fulfillments_wrong(places: Sequence[Key]) -> dict[Key, list[str]]:
    found: dict[Key, list[str]] = {}
    for place, item in table.batch_get(places).items():
        if not item["listed"]["generating"]:
            held = payouts.of_fulfillment(item["organization"], item["listed"]["id"])
            if reasons := list(batch_disagrees(item["listed"], [it["listed"] for it in held])):
                found[place] = reasons
    return found


def _payouts_wrong(places: Sequence[Key]) -> dict[Key, list[str]]:
    """A payout of a batch under way is passed over, and one that has ended while its release may still wait."""
    found: dict[Key, list[str]] = {}
    items = table.batch_get(places)
    batches = table.batch_get((place[0], fulfillment_items.SK) for place in items)
    for place, item in items.items():
        batch = batches.get((place[0], fulfillment_items.SK))
        releasing = item["listed"]["status"] not in payouts.LIVE and _is_recent(item)
        if releasing or (batch is not None and batch["listed"]["generating"]):
            continue
        entries = owed_index.of_payout(item["organization"], item["listed"]["id"])
        owed = table.batch_get((entry["pk"], entry["sk"]) for entry in entries)
        reasons = list(payout_disagrees(item["listed"], [held["listed"] for held in owed.values()]))
        if reasons:
            found[place] = reasons
    return found


def _obligations_wrong(places: Sequence[Key]) -> dict[Key, list[str]]:
    items = table.batch_get(places)
    awarded = {place: item for place, item in items.items() if not credit_items.is_credit(item)}
    allocated = {place: item for place, item in items.items() if allocations.is_allocated(item)}
    found = _awarded_wrong(awarded) | _allocated_wrong(allocated)
    paying = holders.of(items.values())
    for place, item in items.items():
        if item["listed"]["payoutId"] not in {None, *paying} and "fulfillmentId" in item:
            found[place] = [*found.get(place, ()), "payout_missing"]
    return found


def _conversions_wrong(places: Sequence[Key]) -> dict[Key, list[str]]:
    items = {place: item for place, item in table.batch_get(places).items() if item["listed"]["obligationId"]}
    return _without_obligations(items, {place: [_obligation_key(place)] for place in items})


def _distributions_wrong(places: Sequence[Key]) -> dict[Key, list[str]]:
    items = table.batch_get(places)
    return _without_obligations(items, {place: allocations.obligation_keys(item) for place, item in items.items()})


def _without_obligations(items: Mapping[Key, Item], owed: Mapping[Key, list[Key]]) -> dict[Key, list[str]]:
    """Records whose obligations were never issued, though their messages have had the time."""
    found = table.batch_get(key for keys in owed.values() for key in keys)
    missing = [place for place, keys in owed.items() if not all(key in found for key in keys)]
    return {place: ["obligation_missing"] for place in missing if not _is_recent(items[place])}


def _is_recent(item: Item) -> bool:
    return bool(item["changedAt"] > times.later(times.now(), hours=-_GRACE_HOURS))


def _allocated_wrong(items: Mapping[Key, Item]) -> dict[Key, list[str]]:
    distributions = table.batch_get(allocations.distribution_of(item) for item in items.values())
    found: dict[Key, list[str]] = {}
    for place, item in items.items():
        source = distributions.get(allocations.distribution_of(item))
        if source is None:
            found[place] = ["distribution_missing"]
            continue
        worth = allocations.worth_of(source, item["listed"]["collaboratorId"])
        if reasons := list(share_disagrees(item, worth, source["clawback"])):
            found[place] = reasons
    return found


def _awarded_wrong(items: Mapping[Key, Item]) -> dict[Key, list[str]]:
    sources = table.batch_get(_conversion_key(place) for place in items)
    sales = table.batch_get(
        (place[0], transaction_items.SK) for place, item in items.items() if item["listed"]["transactionId"] is not None
    )
    found: dict[Key, list[str]] = {}
    for place, item in items.items():
        source = sources.get(_conversion_key(place))
        if source is None:
            found[place] = ["conversion_missing"]
            continue
        sale = sales.get((place[0], transaction_items.SK))
        reasons = list(obligation_disagrees(item, source, sale["listed"]["status"] if sale else None))
        if reasons:
            found[place] = reasons
    return found


def _conversion_key(place: Key) -> Key:
    return place[0], place[1].rsplit("#", 1)[0] + "#" + CONVERSION


def _obligation_key(place: Key) -> Key:
    return place[0], place[1].rsplit("#", 1)[0] + "#" + OBLIGATION


#: The look per kind, in the order of a walk.
LOOKS: dict[str, Look] = {
    fulfillment_items.KIND: _fulfillments_wrong,
    payouts.KIND: _payouts_wrong,
    OBLIGATION: _obligations_wrong,
    CONVERSION: _conversions_wrong,
    allocations.SK: _distributions_wrong,
}
