"""Connections to shops, and their own lists of orders to reconcile with."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints

from tributary.api.http.bodies import RequestBody
from tributary.api.http.fields import AnyCurrency, Name, Text, Word
from tributary.api.http.inputs.taken import refuse, takes
from tributary.api.siren.requests.checks import distinct, known
from tributary.domain.errors import Failure, ValidationFailed
from tributary.ledger.connections import connections
from tributary.shops.adapter import Names
from tributary.shops.vendors import EVENT_SOURCES, OURS, VENDORS

_SECRET = re.compile(r"[!-~]{8,255}")
_DEFAULTS = Names()
_EVENT_SOURCE = "|".join(re.escape(prefix) for prefix in EVENT_SOURCES.values())


@takes(pattern=f"^{_SECRET.pattern}$")
def _secret(value: str) -> str:
    if not _SECRET.fullmatch(value):
        raise refuse("FORMAT", "must be 8 to 255 characters of ASCII without spaces.")
    return value


Secret = Annotated[str, AfterValidator(_secret)]
NamesOf = Annotated[list[Word], Field(max_length=10), AfterValidator(distinct)]
EventSource = Annotated[
    str,
    StringConstraints(max_length=255, pattern=f"^({_EVENT_SOURCE}).+$"),
    Field(examples=["aws.partner/shopify.com/1234567/canal-goods"]),
]


class ConnectionSettings(RequestBody):
    """Names under which the shop carries our click id and a partner's alias, and its partner event source."""

    click_names: NamesOf | None = None
    alias_names: NamesOf | None = None
    event_source: EventSource | None = None

    @property
    def given(self) -> dict[str, Any]:
        return self.model_dump(by_alias=True, exclude_unset=True)


class ConnectionBody(RequestBody):
    """A new connection; its `source` is that of the sales it reports."""

    vendor: Annotated[str, known(*VENDORS)]
    source: Word
    label: Text | None = None
    secret: Secret | None = None
    settings: ConnectionSettings | None = None

    def shown(self) -> dict[str, Any]:
        """The members as stored. ValidationFailed for an event source of another vendor, and for a secret of a vendor
        that signs nothing."""
        given = self.settings.given if self.settings else {}
        require_event_source(self.vendor, given)
        if self.vendor == "gumroad" and self.secret is not None:
            sentence = "secret must be left out: Gumroad signs nothing, so a secret URL is made."
            raise ValidationFailed([Failure("secret", sentence, "FORMAT")])
        settings = {"clickNames": list(_DEFAULTS.clicks), "aliasNames": list(_DEFAULTS.aliases), "eventSource": None}
        kept = {name: value for name, value in given.items() if value is not None}
        return {
            "vendor": self.vendor,
            "label": self.label or self.vendor,
            "source": self.source,
            "settings": settings | kept,
        }


class ConnectionChange(RequestBody):
    """Members of a connection to change; absent ones stay unchanged, and `vendor` and `source` must be as they are."""

    vendor: Text | None = None
    source: Text | None = None
    label: Text | None = None
    secret: Secret | None = None
    status: Annotated[str, known(*connections.STATUSES)] | None = None
    settings: ConnectionSettings | None = None

    def given(self, listed: dict[str, Any]) -> dict[str, Any]:
        """The members to write. ValidationFailed for another vendor or source, an event source of another vendor, and a
        secret of a vendor that signs nothing."""
        self._require_same(listed)
        if listed["vendor"] == "gumroad" and self.secret is not None:
            sentence = "secret must be left out: rotate the connection to get another URL."
            raise ValidationFailed([Failure("secret", sentence, "FORMAT")])
        members = {"label": self.label, "status": self.status}
        given: dict[str, Any] = {name: value for name, value in members.items() if value is not None}
        if self.settings is not None:
            named = self.settings.given
            require_event_source(listed["vendor"], named)
            defaults = {"clickNames": list(_DEFAULTS.clicks), "aliasNames": list(_DEFAULTS.aliases)}
            changed = {name: defaults.get(name) if value is None else value for name, value in named.items()}
            given["settings"] = {**listed["settings"], **changed}
        return given

    def _require_same(self, listed: dict[str, Any]) -> None:
        named = {"vendor": self.vendor, "source": self.source}
        differing = [name for name, value in named.items() if value not in (None, listed[name])]
        sentence = "stays as it is: create another connection instead."
        if differing:
            raise ValidationFailed([Failure(name, f"{name} {sentence}", "ENUM") for name in differing])


def require_event_source(vendor: str, settings: dict[str, Any]) -> None:
    """ValidationFailed for a partner event source of another vendor."""
    name, prefix = settings.get("eventSource"), EVENT_SOURCES.get(vendor)
    if name is not None and (prefix is None or not name.startswith(prefix)):
        instead = ": the vendor has none" if prefix is None else f", or begin with {prefix}"
        sentence = f"settings.eventSource must be null{instead}."
        raise ValidationFailed([Failure("settings.eventSource", sentence, "FORMAT")])


def require_ours(vendor: str) -> None:
    """ValidationFailed for the rotation of a secret that is the vendor's."""
    if vendor not in OURS:
        sentence = f"id names a connection to {vendor}, whose secret is the shop's: change it with PATCH."
        raise ValidationFailed([Failure("id", sentence, "FORMAT")])


class OrderColumns(RequestBody):
    """Names of the columns of a shop's list of orders."""

    order: Name
    total: Name
    paid_at: Name
    currency: Name | None = None
    click_id: Name | None = None
    alias: Name | None = None
    coupon: Name | None = None


class OrderListBody(RequestBody):
    """A shop's own list of paid orders, to bring in those that are missing; amounts in major units.

    `currency` holds for all rows if there is no column of it. With `dryRun` nothing is recorded."""

    csv: Annotated[str, StringConstraints(max_length=500_000, pattern=r"\S")]
    columns: OrderColumns
    currency: AnyCurrency | None = None
    dry_run: bool = False
