"""Calls about distributors, as the Siren surface words them."""

from collections.abc import Sequence

from aws_lambda_powertools.event_handler import Response

from tributary.api.http import edge, repeats
from tributary.api.siren.requests.owed.distributors import DistributorBody, DistributorChange, MetricBody
from tributary.domain import times
from tributary.domain.distributor import DELETED, FIXED, Distributor
from tributary.domain.errors import Conflict, Failure, NotFound, ValidationFailed
from tributary.domain.ids import random_id
from tributary.ledger.distributions import distributors, metrics
from tributary.ledger.distributions.distributions import Place
from tributary.ledger.distributions.metrics import Metric
from tributary.ledger.programs import collaborators
from tributary.ledger.programs.collaborators import Alias
from tributary.ledger.store import table
from tributary.ledger.store.values import Item

_METRIC = ("id", "metricId", "distributorId", "collaboratorId", "score", "occurredAt", "periodStart", "periodEnd")


def create(organization: str, body: DistributorBody) -> Item:
    """A new distributor. ValidationFailed for unknown collaborators, Conflict beyond the limit."""
    settings = body.settings()
    _require_collaborators(organization, settings["collaborators"])
    return distributors.create(organization, random_id(), settings)


def change(organization: str, distributor_id: int, body: DistributorChange) -> Item:
    """A distributor with other settings. Conflict for those that are fixed, and for a deleted one."""
    stored = _found(organization, distributor_id)
    settings = body.settings(stored["listed"])
    if stored["listed"]["status"] == DELETED:
        raise Conflict("The distributor is deleted.", {"id": distributor_id})
    fixed = [name for name in FIXED if settings.get(name, stored["listed"][name]) != stored["listed"][name]]
    if fixed:
        sentence = f"{fixed[0]} of a distributor cannot be changed; create another one."
        raise Conflict(sentence, {"field": fixed[0], "id": distributor_id})
    known = set(stored["listed"]["collaborators"])
    _require_collaborators(organization, settings.get("collaborators", []), known)
    return distributors.change(stored, settings)


def delete(organization: str, distributor_id: int) -> Item | None:
    """A deleted distributor; None once it is deleted for good."""
    return distributors.delete(_found(organization, distributor_id))


def credit(organization: str, body: MetricBody) -> Response[str]:
    """Credit a score, once by its own id; a repeat learns what it says differently."""
    now = times.now()
    stored = _found(organization, body.distributor_id)
    if stored["listed"]["status"] == DELETED:
        raise _unknown(body.distributor_id)
    collaborator_id = _collaborator(organization, body)
    metric_id = body.metric_id or str(random_id())
    given = Metric(organization, body.distributor_id, metric_id, collaborator_id, body.score, body.occurred_at or now)
    if (first := metrics.find(organization, body.distributor_id, metric_id)) is not None:
        return _repeated(first, given, body)
    distributor = Distributor.of(stored["listed"])
    _require_scoring(distributor, given)
    place = Place(organization, distributor.id, distributor.period_of(given.occurred_at))
    item, created = metrics.credit(given, place, now)
    return edge.answer(_shown(item), 201) if created else _repeated(item, given, body)


def _shown(metric: Item) -> Item:
    return {name: metric["listed"][name] for name in (*_METRIC, "dateCreated")}


def _repeated(first: Item, again: Metric, body: MetricBody) -> Response[str]:
    told: Item = {"collaboratorId": again.collaborator_id, "score": again.score}
    told |= {"occurredAt": again.occurred_at} if body.occurred_at else {}
    return edge.answer(_shown(first), 200, repeats.headers(repeats.differing(first["listed"], told)))


def _collaborator(organization: str, body: MetricBody) -> int:
    named = body.collaborator_id
    found = collaborators.named(organization, named)
    if found is None:
        spelled = f"{named.type}:{named.code}" if isinstance(named, Alias) else str(named)
        raise NotFound("There is no such collaborator.", {"collaboratorId": spelled[:64]})
    return int(found["listed"]["id"])


def _require_scoring(distributor: Distributor, metric: Metric) -> None:
    """Refuse a score that no distribution would ever count."""
    failures = []
    if metric.collaborator_id not in distributor.collaborators:
        sentence = "collaboratorId is not one of the distributor's collaborators."
        failures.append(Failure("collaboratorId", sentence, "UNKNOWN"))
    if metric.occurred_at < distributor.period_of(distributor.created_at).start:
        first = distributor.period_of(distributor.created_at).start
        failures.append(Failure("occurredAt", f"occurredAt must not be before {first}.", "MIN", {"min": first}))
    if failures:
        raise ValidationFailed(failures)


def _require_collaborators(organization: str, ids: Sequence[int], known: set[int] | None = None) -> None:
    new = [number for number in ids if number not in (known or ())]
    found = table.batch_get(collaborators.key(organization, number) for number in new)
    there = {item["listed"]["id"] for item in found.values() if item["listed"]["status"] != "deleted"}
    fields = [f"collaborators[{place}]" for place, number in enumerate(ids) if number in set(new) - there]
    if fields:
        raise ValidationFailed([Failure(field, f"{field} is not a collaborator.", "UNKNOWN") for field in fields])


def _found(organization: str, distributor_id: int) -> Item:
    item = distributors.get(organization, distributor_id)
    if item is None:
        raise _unknown(distributor_id)
    return item


def _unknown(distributor_id: int) -> NotFound:
    return NotFound("There is no such distributor.", {"distributorId": distributor_id})
