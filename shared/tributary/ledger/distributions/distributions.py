"""Distributions: the closed periods of distributors, each with its terms, its revenue and the share of everybody.

Partition `<organization>#distribution#<id>`, item `distribution`. `version` counts every change of its sales' entries
too, so that a writer that has not seen one of them fails; `revaluations` counts changes of the shares.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tributary.domain.distribution import COMPLETE, PROCESSING, Scored, Worth, pool_of, shares_of
from tributary.domain.distributor import Distributor, Period
from tributary.domain.ids import cause_id
from tributary.ledger.earnings import allocations
from tributary.ledger.store import table
from tributary.ledger.store.expressions import Plus
from tributary.ledger.store.lists import listing, parent_attributes
from tributary.ledger.store.records import item_header, touch, update_unchanged
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

KIND, SK = "distribution", allocations.SK


@dataclass(frozen=True)
class Place:
    """A period of a distributor, and the distribution that closes it."""

    organization: str
    distributor_id: int
    period: Period

    @property
    def distribution_id(self) -> int:
        return cause_id(self.organization, KIND, self.distributor_id, self.period.name)

    @property
    def distribution(self) -> Key:
        return allocations.distribution_key(self.organization, self.distribution_id)

    @property
    def pool(self) -> str:
        """The partition of the entries and scores of the period."""
        return f"{self.organization}#pool#{self.distributor_id}#{self.period.name}"


def get(organization: str, distribution_id: int) -> Item | None:
    """The stored item, strongly consistent."""
    return table.get(*allocations.distribution_key(organization, distribution_id))


def place_of(item: Mapping[str, Any]) -> Place:
    listed = item["listed"]
    period = Period(listed["periodStart"], listed["periodEnd"])
    return Place(item["organization"], listed["distributorId"], period)


def terms_of(item: Mapping[str, Any]) -> Distributor:
    """The settings by which the period was closed."""
    return Distributor.of(item["terms"])


def begin(place: Place, settings: Mapping[str, Any], now: str) -> Item:
    """Close a period to new scores, by these settings; return the distribution. A repeat returns the one there is."""
    number, terms = place.distribution_id, Distributor.of(settings)
    listed = {
        "id": number,
        "distributorId": place.distributor_id,
        "periodStart": place.period.start,
        "periodEnd": place.period.end,
        "status": PROCESSING,
        "revenuePercentage": settings["revenuePercentage"],
        **_amounts(Worth(), 0, 0, 0),
        "currency": terms.units,
        "dateCreated": now,
        "dateModified": now,
    }
    item = {
        **item_header(KIND, place.organization, place.distribution, now),
        "listed": listed,
        "terms": dict(settings),
        "clawback": terms.clawback,
        "rule": terms.rule,
        "revaluations": 0,
        **listing(place.organization, KIND, number, now),
        **parent_attributes(place.organization, KIND, place.distributor_id),
    }
    try:
        table.put_new(item)
    except table.ConditionFailed as failure:
        return failure.item or item
    return item


def freeze(item: Item, scored: Iterable[Scored]) -> Item:
    """Keep the scores of the closed period, once; return the item."""
    shares = [
        {"collaboratorId": it.collaborator_id, "score": it.score, "weight": it.weight, "value": 0} for it in scored
    ]
    changes: Item = {"shares": shares, "#version": Plus(1)}
    try:
        return table.update(item["pk"], SK, changes, "attribute_not_exists(shares)")
    except table.ConditionFailed as failure:
        return failure.item or item


def bump_action(place: Place) -> Item:
    """Transaction action: note that an entry of the closed period changes."""
    return table.update_action(*place.distribution, {"#version": Plus(1)}, "attribute_exists(pk)")


def revalue(item: Item, revenue: Worth, sales: int, now: str) -> bool:
    """Bring the shares to a revenue at the version read; True if that changed anything. ConditionFailed if an entry has
    changed since."""
    terms, before = terms_of(item), item["shares"]
    scored = [Scored(it["collaboratorId"], it["score"], it["weight"]) for it in before]
    values = shares_of(terms, revenue, scored)
    shares = [{**it, "value": value} for it, value in zip(before, values, strict=True)]
    amounts = {**_amounts(revenue, pool_of(terms, revenue), sum(values), sales), "status": COMPLETE}
    if shares == before and all(item["listed"][name] == value for name, value in amounts.items()):
        return False
    changes: Item = {f"listed.#{name}": value for name, value in amounts.items()}
    changes |= {"shares": shares, "revaluations": Plus(1), **touch(now, item["version"] + 1)}
    update_unchanged((item["pk"], SK), item["version"], changes)
    return True


def shown(item: Mapping[str, Any]) -> Sequence[Item]:
    """The allocations of a distribution, with the obligation of each; those of no weight have none."""
    organization, listed = item["organization"], item["listed"]
    return [
        {
            "id": allocations.allocation_id(organization, listed["id"], it["collaboratorId"]),
            "collaboratorId": it["collaboratorId"],
            "score": it["score"],
            "value": it["value"],
            "currency": listed["currency"],
            "obligationId": allocations.obligation_id(organization, listed["id"], it["collaboratorId"])
            if it["weight"]
            else None,
        }
        for it in item.get("shares", ())
    ]


def _amounts(revenue: Worth, pool: int, allocated: int, sales: int) -> Item:
    return {
        "sales": sales,
        "grossRevenue": revenue.whole,
        "revenue": revenue.value,
        "pool": pool,
        "allocated": allocated,
    }
