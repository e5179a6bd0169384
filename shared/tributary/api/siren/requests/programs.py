"""Programs and their groups."""

import re
from itertools import islice
from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field, PlainValidator

from tributary.api.http import unread_members
from tributary.api.http.bodies import RequestBody
from tributary.api.http.failures import MAX_SHOWN
from tributary.api.http.fields import (
    MAX_MEMBERS,
    AnyCurrency,
    Identifier,
    LongText,
    Moment,
    Slug,
    Text,
    TextOrNumber,
    Word,
)
from tributary.api.http.inputs import patterns
from tributary.api.http.inputs.numbers import decimal, not_negative, of_digits
from tributary.api.http.inputs.taken import SCHEMAS, Schema, refuse, reshapes, takes
from tributary.api.siren.requests.checks import boolean, distinct, known
from tributary.api.siren.requests.conversions import MAX_BULK
from tributary.domain import program
from tributary.domain.clawback import CLAWBACKS
from tributary.domain.errors import Failure, ValidationFailed
from tributary.domain.incentives import INCENTIVES
from tributary.ledger.programs import bulk_changes, program_groups

#: Per unit, so that the largest sale's reward stays an exact integer for every client.
_LARGEST_PAYOUT = 10**9
#: The longest cursor of a simulation, which names visitors.
MAX_CURSOR = 20_000
_SPAN = ("from", "to", "cursor")
#: Members of a program as read that no request sets.
_NO_SETTINGS = {"id", "version", "dateCreated", "dateModified"}
_TRIGGER = rf"^([a-z0-9][a-z0-9-]{{0,63}}|{'|'.join(program.TRIGGERS)})$"


def _digits_up_to(most: int) -> Schema:
    return {"type": ["integer", "string"], "minimum": 0, "maximum": most, "pattern": f"^{patterns.digits(most, 0)}$"}


@reshapes(lambda inner: SCHEMAS[not_negative](SCHEMAS[decimal](inner)) | {"maximum": 1000})
def _percent(given: Any) -> str:
    """Per cent as decimal text; never a float."""
    value = decimal(given)
    if not 0 <= value <= 1000:
        raise refuse("MAX", "must be from 0 to 1000.", min=0, max=1000)
    if int(value.as_tuple().exponent) < -6:
        raise refuse("FORMAT", "must have at most 6 digits after the point.")
    return format(value, "f")


@takes(**_digits_up_to(_LARGEST_PAYOUT))
def _payout(given: Any) -> int:
    """Minor units, as an integer or its digits."""
    payout = of_digits(given)
    if payout is None:
        raise refuse("TYPE", "must be an integer in minor units.")
    if not 0 <= payout <= _LARGEST_PAYOUT:
        raise refuse("MAX", f"must be from 0 to {_LARGEST_PAYOUT}.", min=0, max=_LARGEST_PAYOUT)
    return payout


@takes(pattern=_TRIGGER)
def _trigger(name: str) -> str:
    """A built-in trigger, or the slug of a registered event."""
    if not re.fullmatch(_TRIGGER, name):
        raise refuse("ENUM", f"must be a registered event or one of {', '.join(program.TRIGGERS)}.")
    return name


_MOST_POINTS = 1_000_000
_POINTS = _digits_up_to(_MOST_POINTS)


@takes(anyOf=[{"type": "object", "properties": {"value": _POINTS}, "required": ["value"]}, _POINTS])
def _points(value: Any) -> dict[str, str]:
    """`{"value": "100"}`, or the bare number."""
    points = value.get("value") if isinstance(value, dict) else value
    points = of_digits(points)
    if points is None:
        raise refuse("TYPE", "must be an object whose value is an integer.")
    if not 0 <= points <= _MOST_POINTS:
        raise refuse("MAX", f"must have a value from 0 to {_MOST_POINTS}.", min=0, max=_MOST_POINTS)
    return {"value": str(points)}


def _days(given: Any, least: int) -> int:
    """Days, as an integer or its digits."""
    days = of_digits(given)
    if days is None:
        raise refuse("TYPE", "must be an integer.")
    if days < least:
        raise refuse("MIN", f"must be at least {least}.", min=least)
    if days > program.MAX_DAYS:
        raise refuse("MAX", f"must be at most {program.MAX_DAYS}.", max=program.MAX_DAYS)
    return days


@takes(**_digits_up_to(program.MAX_DAYS))
def _days_or_none(given: Any) -> int:
    return _days(given, 0)


@takes(**_digits_up_to(program.MAX_DAYS) | {"minimum": 1, "pattern": f"^{patterns.digits(program.MAX_DAYS)}$"})
def _days_from_one(given: Any) -> int:
    return _days(given, 1)


Days = Annotated[int, PlainValidator(_days_or_none)]

#: Rules of other programs' software, in one spelling, that would change amounts.
_NO_RULE = "is not supported: incentiveCalculation has the rules by which a program pays."
_RULES = dict.fromkeys(
    """cap capperperiod cappersale commission commissionrate commissionrates commissiontype fixedamount maxcommission
    maxpayout payoutpersale percent percentage rate rates recurring recurringcommission tiered tieredpercent tiers
    transactionfixed""".split(),
    _NO_RULE,
)


class Calculation(RequestBody):
    """Calculation of a program's incentive. Fixed payouts are in minor units."""

    unread = _RULES

    transaction_percent: Annotated[str, PlainValidator(_percent)] | None = None
    payout_per_transaction: Annotated[int, PlainValidator(_payout)] | None = None
    payout_per_product: Annotated[int, PlainValidator(_payout)] | None = None
    payout_per_lead: Annotated[int, PlainValidator(_payout)] | None = None
    lead_requalification_days: Days | None = None
    active_conversion_types: Annotated[list[Slug], Field(min_length=1, max_length=20)] | None = None
    auto_approve: Annotated[bool, PlainValidator(boolean)] = False


class Filters(RequestBody):
    """Filters of product and subscription lines; an empty filter accepts all."""

    unread = dict.fromkeys(
        "excludecategories excludeskus incategory notincategories withnames withoutskus withsku".split(),
        "is not supported: send withTypes, inCategories, withSkus or collaboratorOwned.",
    )

    with_types: Annotated[list[Word], Field(max_length=20)] = []
    in_categories: Annotated[list[Text], Field(max_length=100)] = []
    with_skus: Annotated[list[TextOrNumber], Field(max_length=100)] = []
    collaborator_owned: Annotated[bool, PlainValidator(boolean)] = False


class ProgramChange(RequestBody):
    """The settings to change; absent ones stay unchanged. `programGroupId` may be sent back as read, but only its group
    can change it."""

    names = frozenset({"name"})
    unread = _RULES

    name: Text = ""
    description: LongText = ""
    incentive_type: Annotated[str, known(*INCENTIVES)] = ""
    incentive_resolver_type: Annotated[str, known(*program.RESOLVERS)] = "newestBindingWins"
    status: Annotated[str, known("active", "inactive", "draft")] = "active"
    units: AnyCurrency = "USD"
    engagement_types: Annotated[
        dict[Annotated[str, AfterValidator(_trigger)], Annotated[dict[str, str], PlainValidator(_points)]],
        Field(max_length=20),
    ] = {"siteVisited": {"value": "100"}}
    transaction_compilers: Annotated[
        list[Annotated[str, known(*program.COMPILERS)]], Field(max_length=20), AfterValidator(distinct)
    ] = []
    line_item_filters: Filters = Filters()
    incentive_calculation: Calculation = Calculation()
    expiration_days: Annotated[int, PlainValidator(_days_from_one)] = 30
    program_group_id: Identifier | None = None
    holding_days: Days = 0
    minimum_payout: Annotated[int, PlainValidator(_payout)] | None = None
    clawback: Annotated[str, known(*CLAWBACKS)] = "none"
    pool_remainder: Annotated[str, known(*program.POOL_REMAINDERS)] = "drop"

    def settings(self, before: dict[str, Any] | None = None) -> dict[str, Any]:
        """All settings after the change; null removes a member of a calculation. ValidationFailed if the incentive
        lacks a setting, or the group differs."""
        given = self.model_dump(by_alias=True, exclude_unset=before is not None)
        before = before or {}
        group_id = given.pop("programGroupId", None)
        for nested in ("incentiveCalculation", "lineItemFilters"):
            if nested in given:
                merged = {**before.get(nested, {}), **given[nested]}
                given[nested] = {name: value for name, value in merged.items() if value is not None}
        whole = {**before, **given}
        incentive = INCENTIVES[whole["incentiveType"]]
        kind, needed = incentive.kind, incentive.setting
        failures = []
        types = whole["incentiveCalculation"].setdefault("activeConversionTypes", [kind])
        if not any((name == "sale") == (kind == "sale") for name in types):
            field = "incentiveCalculation.activeConversionTypes"
            failures.append(Failure(field, f"{field} has nothing that a {kind} incentive pays.", "ENUM"))
        if whole["incentiveCalculation"].get(needed) is None:
            field = f"incentiveCalculation.{needed}"
            failures.append(Failure(field, f"{field} is required.", "REQUIRED"))
        if group_id not in (None, before.get("programGroupId")):
            failures.append(Failure("programGroupId", "programGroupId is changed by /program-groups.", "UNKNOWN"))
        if failures:
            raise ValidationFailed(failures)
        return whole


class ProgramBody(ProgramChange):
    """A new program."""

    name: Text
    incentive_type: Annotated[str, known(*INCENTIVES)]


def _closed(schema: Schema) -> None:
    """Document the members that a simulation takes, since it refuses any other."""
    parts = schema["properties"]
    for place, names in _members().items():
        told = {"propertyNames": {"enum": sorted(names)}}
        if place:
            parts[place] = {"$ref": parts[place]["$ref"], **told}
        else:
            schema |= told


class SimulationBody(ProgramChange):
    """Other settings of a program, and the span of sales recorded in it, by their `dateCreated`.

    What a program shows besides its settings may be sent back as read; any other member is refused."""

    model_config = ConfigDict(json_schema_extra=_closed)

    start: Annotated[Moment | None, Field(alias="from")] = None
    end: Annotated[Moment | None, Field(alias="to")] = None
    cursor: Annotated[str, Field(max_length=MAX_CURSOR)] | None = None

    def settings(self, before: dict[str, Any] | None = None) -> dict[str, Any]:
        whole = super().settings(before)
        return {name: value for name, value in whole.items() if name not in _SPAN}

    @classmethod
    def strangers(cls, document: Any) -> list[Failure]:
        """Failures for members that no program has: they would change nothing unnoticed."""
        if not isinstance(document, dict):
            return []
        fields = (
            f"{place}.{name}" if place else name
            for place, names in _members().items()
            for part in [document.get(place) if place else document]
            if isinstance(part, dict) and len(part) <= MAX_MEMBERS  # of more, that alone is said
            for name in part
            if name not in names
        )
        refused = {failure.field for failure in unread_members.failures(cls, document)}
        unknown = islice((field for field in fields if field not in refused), MAX_SHOWN)
        return [Failure(field[:200], f"{field[:200]} is not a setting of a program.", "UNKNOWN") for field in unknown]


def _members() -> dict[str, set[str]]:
    """The members of a simulation's document, and of each part of it."""
    whole = _names(SimulationBody) | _NO_SETTINGS
    return {"": whole, "incentiveCalculation": _names(Calculation), "lineItemFilters": _names(Filters)}


def _names(model: type[RequestBody]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


class ProgramsBulkBody(RequestBody):
    """Programs to change together."""

    action: Annotated[str, known(*bulk_changes.PROGRAMS.actions)]
    ids: Annotated[list[Identifier], Field(min_length=1, max_length=MAX_BULK)]


class ProgramGroupChange(RequestBody):
    """The settings of a group to change; `programs` is the complete list."""

    names = frozenset({"name"})

    name: Text = ""
    description: LongText = ""
    sorter: Annotated[str, known(*program.SORTERS)] = "newestBindingWins"
    programs: Annotated[list[Identifier], Field(max_length=program_groups.MAX_PROGRAMS)] = []

    def settings(self, *, whole: bool) -> dict[str, Any]:
        given = self.model_dump(by_alias=True, exclude_unset=not whole)
        if "programs" in given:
            given["programs"] = list(dict.fromkeys(given["programs"]))
        return given


class ProgramGroupBody(ProgramGroupChange):
    """A new program group."""

    name: Text


class ProgramGroupsBulkBody(RequestBody):
    """Program groups to delete together."""

    action: Annotated[str, known(bulk_changes.DELETE)]
    ids: Annotated[list[Identifier], Field(min_length=1, max_length=MAX_BULK)]
