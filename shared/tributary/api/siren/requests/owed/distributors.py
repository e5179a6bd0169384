"""Distributors, and scores credited in their periods."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field, PlainValidator

from tributary.api.http.bodies import RequestBody
from tributary.api.http.collaborator_field import CollaboratorReference
from tributary.api.http.fields import (
    WHOLE,
    AnyCurrency,
    Identifier,
    LongText,
    NameOrNumber,
    PastMoment,
    Text,
)
from tributary.api.http.inputs import patterns
from tributary.api.http.inputs.numbers import decimal
from tributary.api.http.inputs.taken import SCHEMAS, both, refuse, reshapes
from tributary.api.siren.requests.checks import distinct, known
from tributary.api.siren.requests.programs import Filters
from tributary.domain import distributor, program
from tributary.domain.clawback import CARRY_FORWARD, CLAWBACKS

#: Few enough that all shares fit one record.
MAX_COLLABORATORS = 200
_LARGEST_SCORE = 10**9


@reshapes(
    lambda inner: both(SCHEMAS[decimal](inner), {"exclusiveMinimum": 0, "maximum": 100, "pattern": patterns.POSITIVE})
)
def _percent(given: Any) -> str:
    """Per cent as decimal text; never a float."""
    value = decimal(given)
    if not 0 < value <= 100:
        raise refuse("MAX", "must be more than 0 and at most 100.", min=0, max=100)
    if int(value.as_tuple().exponent) < -6:
        raise refuse("FORMAT", "must have at most 6 digits after the point.")
    return format(value, "f")


Percent = Annotated[str, PlainValidator(_percent)]


class DistributorChange(RequestBody):
    """The settings to change; absent ones stay unchanged. `units` and `period` may be sent back as read only."""

    names = frozenset({"name"})

    name: Text = ""
    description: LongText = ""
    status: Annotated[str, known(distributor.ACTIVE, distributor.INACTIVE)] = distributor.ACTIVE
    revenue_percentage: Percent = ""
    units: AnyCurrency = "USD"
    transaction_compilers: Annotated[
        list[Annotated[str, known(*program.COMPILERS)]], Field(max_length=20), AfterValidator(distinct)
    ] = []
    line_item_filters: Filters = Filters()
    collaborators: Annotated[list[Identifier], Field(max_length=MAX_COLLABORATORS)] = []
    resolver: Annotated[str, known(*distributor.RESOLVERS)] = distributor.WEIGHTED
    pool_remainder: Annotated[str, known(*program.POOL_REMAINDERS)] = "drop"
    period: Annotated[str, known(*distributor.PERIODS)] = distributor.MONTHLY
    clawback: Annotated[str, known(*CLAWBACKS)] = CARRY_FORWARD

    def settings(self, before: dict[str, Any] | None = None) -> dict[str, Any]:
        """The settings given, or all of a new distributor; filters keep the members that are not given."""
        given = self.model_dump(by_alias=True, exclude_unset=before is not None)
        if before is not None and "lineItemFilters" in given:
            given["lineItemFilters"] = {**before["lineItemFilters"], **given["lineItemFilters"]}
        if "collaborators" in given:
            given["collaborators"] = list(dict.fromkeys(given["collaborators"]))
        return given


class DistributorBody(DistributorChange):
    """A new distributor."""

    name: Text
    revenue_percentage: Percent


class MetricBody(RequestBody):
    """A score of a collaborator, counted in the period of `occurredAt`, which is now unless given.

    `metricId` is the caller's own name of it: the same one counts once. Without it each request counts."""

    names = frozenset({"metric_id"})

    distributor_id: Identifier
    collaborator_id: CollaboratorReference
    score: Annotated[int, Field(ge=1, le=_LARGEST_SCORE), WHOLE]
    metric_id: NameOrNumber | None = None
    occurred_at: PastMoment | None = None
