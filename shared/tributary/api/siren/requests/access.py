"""Access to an organization: its event sources and API keys."""

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from tributary.api.http.bodies import RequestBody
from tributary.api.http.fields import Moment, Name, TextOrNumber, Word
from tributary.api.http.inputs.numbers import whole
from tributary.api.http.inputs.taken import refuse, takes
from tributary.domain import times

_ACCOUNT = re.compile(r"[0-9]{12}")
_EVENT_SCOPE = re.compile(r"event:[a-z0-9][a-z0-9-]{0,63}")


@takes(type=["string", "integer"], pattern=f"^{_ACCOUNT.pattern}$", minimum=10**11, maximum=10**12 - 1)
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


class EventSourceBody(RequestBody):
    """A foreign event source that may speak for the organization."""

    source: Annotated[Name, AfterValidator(_foreign)]
    account: Annotated[TextOrNumber, BeforeValidator(whole), AfterValidator(_account)]
    only_source: Word | None = None


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


#: Two clients describe such a key as one of full access.
WITHOUT_SCOPES = "Made without scopes, this key sends events (*) and reads nothing; name scopes for more."


class ApiKeyBody(RequestBody):
    """A new API key."""

    names = frozenset({"source"})
    unread = {"propertyid": "is not supported: stores are not kept. A key may be bound to a source instead."}

    label: Annotated[str, Field(max_length=255)] = ""
    scopes: Annotated[list[Annotated[str, AfterValidator(_scope)]], Field(min_length=1, max_length=50)] = ["*"]
    expires_at: Annotated[Moment, AfterValidator(_future)] | None = None
    source: Word | None = None
