"""Webhook subscriptions, rotations of their secrets, and replays."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field, PlainValidator

from tributary import settings
from tributary.api.http.bodies import RequestBody
from tributary.api.http.fields import LongText, Moment, Word, moment
from tributary.api.http.inputs.taken import NAMED, refuse, reshapes, takes
from tributary.api.siren.requests.checks import boolean, distinct, known
from tributary.domain import times, webhooks
from tributary.domain.errors import Failure, ValidationFailed
from tributary.ledger.store.lists import POSITION, is_position
from tributary.ledger.webhooks import deliveries
from tributary.outbound import guard
from tributary.workflows.webhooks.replays import Span

_WORDS = {"private_address": "private_address, which is one of this machine or of a private network"}
_EXAMPLE = "https://example.com/hooks"
_POSITION = "2026-11-21T12:00:00.000Z#0000000000004711"


@takes(format="uri", examples=[_EXAMPLE], description="An https address that is public.")
def _target(value: str) -> str:
    if reason := guard.refused_url(value, settings.webhooks_to_loopback()):
        raise refuse("FORMAT", f"must be an https address that is public: {_WORDS.get(reason, reason)}.")
    return value


@reshapes(lambda _: {"anyOf": [{NAMED: "Moment"}, {"type": "string", "pattern": POSITION, "examples": [_POSITION]}]})
def _moment_or_position(value: str) -> str:
    return value if is_position(value) else moment(value)


TargetUrl = Annotated[str, Field(max_length=2048), AfterValidator(_target)]
#: Any text, as clients of other versions may list names that this one does not know.
Events = Annotated[list[Word], Field(min_length=1, max_length=100), AfterValidator(distinct)]


class WebhookBody(RequestBody):
    """A new webhook."""

    target_url: TargetUrl
    events: Events
    description: LongText = ""


class WebhookChange(RequestBody):
    """Members of a webhook to change; absent ones stay unchanged."""

    target_url: TargetUrl | None = None
    events: Events | None = None
    description: LongText | None = None
    status: Annotated[str, known(*webhooks.STATUSES)] | None = None

    @property
    def given(self) -> dict[str, Any]:
        return self.model_dump(by_alias=True, exclude_none=True)


class RotationBody(RequestBody):
    """A rotation; `force` ends that of the day before."""

    force: Annotated[bool, PlainValidator(boolean)] = False


class ReplayBody(RequestBody):
    """A span of deliveries: those that failed or were not sent, unless other statuses are named.

    `from` is a moment, or `next` of the part before.
    """

    start: Annotated[str, AfterValidator(_moment_or_position), Field(alias="from")]
    until: Moment | None = None
    types: Annotated[list[Word], Field(max_length=100)] = []
    statuses: Annotated[
        list[Annotated[str, known(*deliveries.STATUSES)]], Field(min_length=1, max_length=4, examples=[["failed"]])
    ] = [
        deliveries.FAILED,
        deliveries.NOT_SENT,
    ]

    def to_span(self) -> Span:
        """ValidationFailed for a span that ends before it starts."""
        end = self.until or times.now()
        if end <= self.start.partition("#")[0]:
            raise ValidationFailed([Failure("until", "until must be later than from.", "MIN")])
        return Span(self.start, end, self.types, self.statuses)
