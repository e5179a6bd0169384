"""What programme managers write: programs, collaborators, reviews, event sources, API keys. What is written is what
is read."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, Field, PlainValidator, model_validator

from tributary.api.fields import (
    Currency,
    Identifier,
    LongText,
    Moment,
    RequestBody,
    Text,
    TextOrNumber,
    Word,
    decimal,
    refuse,
    takes,
)
from tributary.domain import program, times
from tributary.domain.conversion import REVIEWS
from tributary.domain.errors import Failure, ValidationFailed
from tributary.ledger import programs
from tributary.ledger.collaborators import Alias

MAX_BULK = 500
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_EVENT_SCOPE = re.compile(r"event:[a-z0-9][a-z0-9-]{0,63}")
_ACCOUNT = re.compile(r"[0-9]{12}")


def _known(*names: str) -> AfterValidator:
    @takes(enum=list(names))
    def check(value: str) -> str:
        if value not in names:
            raise refuse("ENUM", f"must be one of {', '.join(names)}.", known=list(names))
        return value

    return AfterValidator(check)


@takes(description="Not supported.")
def _not_yet(value: Any) -> None:
    """A setting that decides about money must not be passed over."""
    if value:
        raise refuse("UNKNOWN", "is not supported.")


@takes(type=["number", "string"], minimum=0, maximum=1000, pattern=r"^\s*[-+.0-9eE]+\s*$")
def _percent(given: Any) -> str:
    """Per cent as decimal text; never a float."""
    value = decimal(given)
    if not 0 <= value <= 1000:
        raise refuse("MAX", "must be from 0 to 1000.", min=0, max=1000)
    if int(value.as_tuple().exponent) < -6:
        raise refuse("FORMAT", "must have at most 6 digits after the point.")
    return format(value, "f")


@takes(enum=[True, False, "1", "0"])
def _boolean(value: Any) -> bool:
    """true and false, and the "1" and "0" that forms send."""
    if value in ("1", "0"):
        return bool(value == "1")
    if not isinstance(value, bool):
        raise refuse("TYPE", "must be true or false.")
    return value


_POINTS = {"type": ["integer", "string"], "minimum": 0, "maximum": 1_000_000, "pattern": "^[0-9]+$"}


@takes(anyOf=[{"type": "object", "properties": {"value": _POINTS}, "required": ["value"]}, _POINTS])
def _points(value: Any) -> dict[str, str]:
    """`{"value": "100"}`, or the bare number."""
    points = value.get("value") if isinstance(value, dict) else value
    if isinstance(points, bool) or not (
        isinstance(points, int) or (isinstance(points, str) and points.isascii() and points.isdigit())
    ):
        raise refuse("TYPE", "must be an object whose value is an integer.")
    if not 0 <= int(points) <= 1_000_000:
        raise refuse("MAX", "must have a value from 0 to 1000000.", min=0, max=1_000_000)
    return {"value": str(int(points))}


@takes(pattern=f"^{_EMAIL.pattern}$")
def _email(value: str) -> str:
    if not _EMAIL.fullmatch(value):
        raise refuse("FORMAT", "must be an e-mail address.")
    return value


@takes(pattern=f"^{_ACCOUNT.pattern}$")
def _account(value: str) -> str:
    if not _ACCOUNT.fullmatch(value):
        raise refuse("FORMAT", "must be the 12 digits of an AWS account.")
    return value


@takes(**{"not": {"const": "tributary"}})
def _foreign(value: str) -> str:
    if value == "tributary":
        raise refuse("FORMAT", "must be another system's source.")
    return value


@takes(description="ISO 8601, in the future; without an offset it is UTC.")
def _future(value: str) -> str:
    if value <= times.now():
        raise refuse("MIN", "must be in the future.")
    return value


class Calculation(RequestBody):
    """How a program's incentive is worked out."""

    transaction_percent: Annotated[str, PlainValidator(_percent)] | None = None
    payout_per_transaction: Annotated[Any, AfterValidator(_not_yet)] = None
    payout_per_product: Annotated[Any, AfterValidator(_not_yet)] = None
    payout_per_lead: Annotated[Any, AfterValidator(_not_yet)] = None
    lead_requalification_days: Annotated[Any, AfterValidator(_not_yet)] = None
    active_conversion_types: list[Annotated[str, _known(*program.CONVERSION_TYPES)]] = ["sale"]
    auto_approve: Annotated[bool, PlainValidator(_boolean)] = False


class ProgramChange(RequestBody):
    """The settings to change; those left out stay as they are."""

    name: Text = ""
    description: LongText = ""
    incentive_type: Annotated[str, _known(*program.INCENTIVES)] = ""
    incentive_resolver_type: Annotated[str, _known(*program.RESOLVERS)] = "newestBindingWins"
    status: Annotated[str, _known("active", "inactive", "draft")] = "active"
    units: Currency = "USD"
    engagement_types: dict[
        Annotated[str, _known(*program.TRIGGERS)], Annotated[dict[str, str], PlainValidator(_points)]
    ] = {"siteVisited": {"value": "100"}}
    transaction_compilers: list[Annotated[str, _known(*program.COMPILERS)]] = []
    line_item_filters: Annotated[Any, AfterValidator(_not_yet)] = None
    incentive_calculation: Calculation = Calculation()
    expiration_days: Annotated[int, Field(ge=1, le=3650)] = 30
    program_group_id: Annotated[Any, AfterValidator(_not_yet)] = None
    clawback: Annotated[str, _known("none")] = "none"

    def settings(self, before: dict[str, Any] | None = None) -> dict[str, Any]:
        """The whole settings after the change. ValidationFailed if the incentive lacks what it needs."""
        given = self.model_dump(by_alias=True, exclude_unset=before is not None)
        for name in ("lineItemFilters", "programGroupId"):
            given.pop(name, None)
        if "incentiveCalculation" in given:
            kept = {name: value for name, value in given["incentiveCalculation"].items() if value is not None}
            given["incentiveCalculation"] = {**(before or {}).get("incentiveCalculation", {}), **kept}
        whole = {"lineItemFilters": {}, **(before or {}), **given}
        if whole["incentiveCalculation"].get("transactionPercent") is None:
            field = "incentiveCalculation.transactionPercent"
            raise ValidationFailed([Failure(field, f"{field} is required.", "REQUIRED")])
        return whole


class ProgramBody(ProgramChange):
    """A new program."""

    name: Text
    incentive_type: Annotated[str, _known(*program.INCENTIVES)]


class AliasBody(RequestBody):
    """A code that leads to a collaborator."""

    type: Word = "tracking"
    code: Text

    @model_validator(mode="after")
    def _plain(self) -> "AliasBody":
        if ":" in self.type:
            raise refuse("FORMAT", "must have a type without a colon.")
        return self


class CollaboratorChange(RequestBody):
    """The members of a profile to change; those left out stay. Aliases are added, never taken away."""

    full_name: Text = ""
    nickname: Annotated[str, Field(max_length=255)] = ""
    email: Annotated[Annotated[str, Field(max_length=254)], AfterValidator(_email)] | None = None
    user_id: TextOrNumber | None = None
    status: Annotated[str, _known("active", "inactive", "pending", "rejected")] = "active"
    programs: Annotated[list[Identifier], Field(max_length=90)] = []
    aliases: Annotated[list[AliasBody], Field(max_length=20)] = []

    def profile(self, *, whole: bool) -> dict[str, Any]:
        given = self.model_dump(by_alias=True, exclude={"aliases"}, exclude_unset=not whole)
        if "programs" in given:
            given["programs"] = list(dict.fromkeys(given["programs"]))
        return given

    def require_programs(self, organization: str) -> None:
        """ValidationFailed for programs that the organization does not have."""
        known = programs.all_ids(organization) if self.programs else ()
        unknown = [place for place, program_id in enumerate(self.programs) if program_id not in known]
        if unknown:
            fields = [f"programs[{place}]" for place in unknown]
            raise ValidationFailed([Failure(field, f"{field} is not a program.", "UNKNOWN") for field in fields])

    def codes(self) -> list[Alias]:
        codes = {
            (alias.type, Alias(alias.type, alias.code).compared): Alias(alias.type, alias.code)
            for alias in self.aliases
        }
        return list(codes.values())


class CollaboratorBody(CollaboratorChange):
    """A new collaborator."""

    full_name: Text


class ReviewBody(RequestBody):
    """A review of conversions in bulk."""

    action: Annotated[str, _known(*REVIEWS)]
    ids: Annotated[list[Identifier], Field(min_length=1, max_length=MAX_BULK)]


class EventSourceBody(RequestBody):
    """A foreign event source that may speak for the organization."""

    source: Annotated[Text, AfterValidator(_foreign)]
    account: Annotated[TextOrNumber, AfterValidator(_account)]


_SCOPES = (
    "*", "event:*", "ledger:conversions:read", "ledger:transactions:read", "ledger:obligations:read",
    "ledger:payouts:read", "webhook-subscriptions:read", "webhook-subscriptions:manage", "admin",
)  # fmt: skip


@takes(anyOf=[{"enum": ["events:write", *_SCOPES]}, {"pattern": f"^{_EVENT_SCOPE.pattern}$"}])
def _scope(value: str) -> str:
    if value == "events:write":
        return "event:*"
    if value not in _SCOPES and not _EVENT_SCOPE.fullmatch(value):
        raise refuse("ENUM", f"must be event:<slug> or one of {', '.join(_SCOPES)}.", known=list(_SCOPES))
    return value


class ApiKeyBody(RequestBody):
    """A new API key."""

    label: Annotated[str, Field(max_length=255)] = ""
    scopes: Annotated[list[Annotated[str, AfterValidator(_scope)]], Field(min_length=1, max_length=50)] = ["*"]
    expires_at: Annotated[Moment, AfterValidator(_future)] | None = None
    source: Word | None = None
