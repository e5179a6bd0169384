"""Events of distributors, of the scores in their periods, and of the distributions that close these."""

from tributary.domain.announced import Announced, Item, pick

_AMOUNTS = ("revenue", "pool", "allocated")
_COMPLETE = "complete"


def distributor(old: Item | None, new: Item) -> Announced:
    """Notes on a record that change no setting are not announced."""
    if old is None or old["listed"] != new["listed"]:
        data = {"distributorId": new["listed"]["id"], **pick(new, "status")}
        yield "DistributorCreated" if old is None else "DistributorUpdated", new["version"], data


def metric(old: Item | None, new: Item) -> Announced:
    if old is None:
        yield "MetricCredited", 1, pick(new, "distributorId", "metricId", "collaboratorId", "score", "occurredAt")


def distribution(old: Item | None, new: Item) -> Announced:
    if new["listed"]["status"] != _COMPLETE:
        return
    data = {"distributionId": new["listed"]["id"]}
    data |= pick(new, "distributorId", "periodStart", "periodEnd", *_AMOUNTS, "currency")
    if old is None or old["listed"]["status"] != _COMPLETE:
        yield "DistributionClosed", new["version"], data
    elif old["listed"] != new["listed"]:
        yield "DistributionRevalued", new["version"], data
