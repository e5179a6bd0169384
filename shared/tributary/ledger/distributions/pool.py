"""Entries of sales in the revenue of a period: partition `<organization>#pool#<distributor>#<first day>`.

Item `entry#<transaction>` has the version of the sale that it reflects. It is written over an older version only, and
by a transaction with the distribution once the period has ended. A sale that moved leaves an entry of nothing behind.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress

from tributary.domain import times
from tributary.domain.distribution import Worth, worth
from tributary.domain.distributor import Distributor, Period
from tributary.domain.transaction import Transaction
from tributary.ledger.distributions import distributions
from tributary.ledger.distributions.distributions import Place
from tributary.ledger.sales import amendments, transaction_items
from tributary.ledger.store import table
from tributary.ledger.store.records import item_header
from tributary.ledger.store.retries import retried
from tributary.ledger.store.values import Item

KIND = "pool-entry"
#: Hours after its end in which no period is closed, so that a late writer never takes a closed one for open.
HOURS_OPEN = 1
_TRIES = 10
_READ_AT_ONCE = 100
_OLDER = (
    "attribute_not_exists(pk) OR transactionVersion < :version OR (transactionVersion = :version AND #rule <> :rule)"
)


def entries_of(place: Place) -> list[Item]:
    """The entries of a period, strongly consistent."""
    return table.query(place.pool, "entry#")


def revenue_of(entries: Iterable[Item]) -> Worth:
    """The sum of a period's entries."""
    return sum((Worth(entry["whole"], entry["value"]) for entry in entries), Worth())


def keep(distributor: Distributor, sale: Item, now: str) -> list[Place]:
    """Bring the entries of a sale to what it is now; return its places in closed periods, which may have changed."""
    transaction = transaction_items.of_item(sale)
    places = _places(distributor, sale, transaction)
    if len(places) == 1 and places[0].period.end > now:
        entry = _entry(places[0], distributor, transaction)
        with suppress(table.ConditionFailed):  # it reflects this version of the sale, or a later one
            table.put(entry, _OLDER, **_seen(entry))
        return []
    return _keep_all(distributor, places, transaction, now) if places else []


def refresh(place: Place, terms: Distributor, entries: Sequence[Item], now: str) -> None:
    """Make entries anew that were made by another rule than the terms'."""
    numbers = [entry["transactionId"] for entry in entries]
    for start in range(0, len(numbers), _READ_AT_ONCE):
        some = numbers[start : start + _READ_AT_ONCE]
        for sale in table.batch_get(transaction_items.key(place.organization, number) for number in some).values():
            _keep_all(terms, [place], transaction_items.of_item(sale), now)


@retried("the pool", _TRIES)
def _keep_all(distributor: Distributor, places: Sequence[Place], transaction: Transaction, now: str) -> list[Place]:
    """Write entries of several places, or of ended periods, together."""
    closed = table.batch_get(place.distribution for place in places if place.period.end <= now)
    entries = {
        place: _entry(place, _terms(distributor, closed.get(place.distribution)), transaction) for place in places
    }
    held = table.batch_get((entry["pk"], entry["sk"]) for entry in entries.values())
    actions = []
    for place, entry in entries.items():
        if _is_newer(entry, held.get((entry["pk"], entry["sk"]))):
            actions.append(table.put_action(entry, _OLDER, **_seen(entry)))
            actions += _with_distribution(place, place.distribution in closed, now)
    if actions:
        table.transact(actions)
    return [place for place in places if place.distribution in closed]


def _with_distribution(place: Place, is_closed: bool, now: str) -> list[Item]:
    """Transaction actions: an entry of a closed period changes its distribution; any other is still to be closed."""
    if is_closed:
        return [distributions.bump_action(place)]
    open_still = table.check_action(*place.distribution, "attribute_not_exists(pk)")
    return [open_still] if place.period.end <= now else []


def _terms(distributor: Distributor, distribution: Item | None) -> Distributor:
    return distributions.terms_of(distribution) if distribution else distributor


def _places(distributor: Distributor, sale: Item, transaction: Transaction) -> list[Place]:
    """The periods that a sale is or was in. Only an amended sale may have been in another, or in another currency."""
    moments, currencies = {transaction.sale.occurred_at}, {transaction.sale.currency}
    if {"occurred_at", "currency"} & sale.get("amended", {}).keys():
        told = [it["changes"] for it in amendments.history(transaction.organization, transaction.id)]
        moments |= {transaction.first.occurred_at, *(it["occurred_at"] for it in told if "occurred_at" in it)}
        currencies |= {transaction.first.currency, *(it["currency"] for it in told if "currency" in it)}
    if distributor.units not in currencies:
        return []
    periods: set[Period] = {distributor.period_of(at) for at in moments if distributor.takes(transaction, at)}
    return [Place(transaction.organization, distributor.id, it) for it in sorted(periods, key=lambda it: it.start)]


def _entry(place: Place, terms: Distributor, transaction: Transaction) -> Item:
    here = terms.period_of(transaction.sale.occurred_at) == place.period
    now_worth = worth(transaction, terms) if here else Worth()
    key = place.pool, f"entry#{transaction.id}"
    return {
        **item_header(KIND, place.organization, key),
        "transactionId": transaction.id,
        "transactionVersion": transaction.version,
        "rule": terms.rule,
        "whole": now_worth.whole,
        "value": now_worth.value,
    }


def _seen(entry: Item) -> Item:
    return {"version": entry["transactionVersion"], "rule": entry["rule"]}


def _is_newer(entry: Item, held: Item | None) -> bool:
    if held is None or held["transactionVersion"] != entry["transactionVersion"]:
        return held is None or bool(held["transactionVersion"] < entry["transactionVersion"])
    return bool(held["rule"] != entry["rule"])


def closes_at(period: Period) -> str:
    """The moment from which a period may be closed."""
    return times.later(period.end, hours=HOURS_OPEN)
