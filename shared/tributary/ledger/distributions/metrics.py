"""Metrics: scores credited to collaborators in the open periods of a distributor, each once by its own id.

Partition `<organization>#metric#<distributor>#<digest>`, item `metric`; and an item `score#<collaborator>#<digest>` in
the period's partition, so that its scores are summed by one Query.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tributary.domain.errors import Conflict
from tributary.domain.ids import cause_id, text_digest
from tributary.ledger.distributions.distributions import Place
from tributary.ledger.store import table
from tributary.ledger.store.records import item_header
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

KIND = "metric"


@dataclass(frozen=True)
class Metric:
    """A score above zero, with the caller's own id."""

    organization: str
    distributor_id: int
    metric_id: str
    collaborator_id: int
    score: int
    occurred_at: str

    @property
    def digest(self) -> str:
        return text_digest(self.metric_id)[:32]


def find(organization: str, distributor_id: int, metric_id: str) -> Item | None:
    """The stored metric of a distributor by the caller's own id."""
    return table.get(*_key(organization, distributor_id, text_digest(metric_id)[:32]))


def credit(metric: Metric, place: Place, now: str) -> tuple[Item, bool]:
    """Count a metric once; the item, and true if this call made it. Conflict once its period is closed."""
    item = _item(metric, place, now)
    actions = [
        table.showing(table.put_action(item)),
        table.put_action(_score(metric, place)),
        table.check_action(*place.distribution, "attribute_not_exists(pk)"),
    ]
    try:
        table.transact(actions)
    except table.ConditionFailed as failure:
        if failure.item is not None:
            return failure.item, False
        context = {"field": "occurredAt", "periodStart": place.period.start, "periodEnd": place.period.end}
        raise Conflict("occurredAt is in a period that is closed.", context) from failure
    return item, True


def scores_of(place: Place) -> Mapping[int, int]:
    """The sum of each collaborator's scores in a period."""
    sums: Counter[int] = Counter()
    for item in table.query(place.pool, "score#"):
        sums[item["collaboratorId"]] += item["score"]
    return sums


def _key(organization: str, distributor_id: int, digest: str) -> Key:
    return f"{organization}#{KIND}#{distributor_id}#{digest}", KIND


def _item(metric: Metric, place: Place, now: str) -> Item:
    listed: dict[str, Any] = {
        "id": cause_id(metric.organization, KIND, metric.distributor_id, metric.metric_id),
        "metricId": metric.metric_id,
        "distributorId": metric.distributor_id,
        "collaboratorId": metric.collaborator_id,
        "score": metric.score,
        "occurredAt": metric.occurred_at,
        "periodStart": place.period.start,
        "periodEnd": place.period.end,
        "dateCreated": now,
    }
    key = _key(metric.organization, metric.distributor_id, metric.digest)
    return item_header(KIND, metric.organization, key, now) | {"listed": listed}


def _score(metric: Metric, place: Place) -> Item:
    key = place.pool, f"score#{metric.collaborator_id}#{metric.digest}"
    counted = {"collaboratorId": metric.collaborator_id, "score": metric.score}
    return item_header("metric-score", metric.organization, key) | counted
