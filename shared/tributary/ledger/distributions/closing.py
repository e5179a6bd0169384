"""Closing of periods, and the way of a changed sale into those that are closed. All of it may be repeated."""

from tributary.domain import times
from tributary.domain.distribution import weighed
from tributary.domain.distributor import ACTIVE, Distributor, Period
from tributary.ledger.distributions import distributions, distributors, metrics, pool
from tributary.ledger.distributions.distributions import Place
from tributary.ledger.earnings import allocations
from tributary.ledger.programs import collaborators
from tributary.ledger.sales import transaction_items
from tributary.ledger.store import table
from tributary.ledger.store.retries import retried
from tributary.ledger.store.values import Item

_TRIES = 10


def enter(organization: str, transaction_id: int, now: str | None = None) -> int:
    """Bring a sale's entries of all distributors to what it is now, and closed periods to their entries; return the
    number of closed periods it is in."""
    now = now or times.now()
    sale, version = transaction_items.key(organization, transaction_id), distributors.version_key(organization)
    found = table.batch_get([sale, version])
    if sale not in found:
        return 0
    closed = [
        place
        for distributor in distributors.current(organization, found.get(version))
        for place in pool.keep(distributor, found[sale], now)
    ]
    for place in closed:
        reconcile(organization, place.distribution_id, now)
    return len(closed)


def due(stored: Item, now: str) -> list[Period]:
    """The periods of a distributor that are to be closed, oldest first; those of an inactive one wait."""
    distributor = Distributor.of(stored["listed"])
    if distributor.status != ACTIVE:
        return []
    return [it for it in distributor.ended_periods(now, stored.get("closedUpTo")) if pool.closes_at(it) <= now]


def close_due(organization: str, distributor_id: int, now: str | None = None) -> int:
    """Close the ended periods of a distributor; return their number."""
    now = now or times.now()
    stored = distributors.get(organization, distributor_id)
    periods = due(stored, now) if stored else []
    for period in periods:
        close(Place(organization, distributor_id, period), now)
    if stored and periods:
        distributors.note_closed(stored, periods[-1])
    return len(periods)


def close(place: Place, now: str) -> None:
    """Close a period: no further score counts in it, and its shares become obligations that follow its sales."""
    item = distributions.begin(place, distributors.at(place.organization, place.distributor_id, place.period), now)
    if "shares" not in item:
        scores = metrics.scores_of(place)
        terms = distributions.terms_of(item)
        active = collaborators.active(place.organization, scores.keys() & set(terms.collaborators))
        distributions.freeze(item, weighed(terms, scores, active))
    reconcile(place.organization, place.distribution_id, now)


def reconcile(organization: str, distribution_id: int, now: str) -> bool:
    """Bring a closed period to its entries, then its obligations to its shares; True if anything changed."""
    revalued = _revalue(organization, distribution_id, now)
    return allocations.follow(organization, distribution_id) > 0 or revalued


@retried("the distribution", _TRIES)
def _revalue(organization: str, distribution_id: int, now: str) -> bool:
    item = distributions.get(organization, distribution_id)
    if item is None or "shares" not in item:
        return False
    place = distributions.place_of(item)
    entries = pool.entries_of(place)
    if stale := [entry for entry in entries if entry["rule"] != item["rule"]]:
        pool.refresh(place, distributions.terms_of(item), stale, now)
        return _revalue(organization, distribution_id, now)
    sales = sum(1 for entry in entries if entry["whole"])
    return distributions.revalue(item, pool.revenue_of(entries), sales, now)
