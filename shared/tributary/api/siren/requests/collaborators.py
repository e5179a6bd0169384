"""Collaborators and their codes."""

from collections.abc import Collection
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from tributary.api.http.bodies import RequestBody
from tributary.api.http.fields import Email, Identifier, Name, NameOrNumber, Text, Word
from tributary.api.http.inputs.taken import refuse, reshapes
from tributary.api.siren.requests.checks import known
from tributary.api.siren.requests.conversions import MAX_BULK
from tributary.domain.errors import Failure, ValidationFailed
from tributary.ledger.programs import bulk_changes, programs
from tributary.ledger.programs.collaborators import Alias


@reshapes(lambda inner: inner | {"pattern": rf"^\s*{inner['pattern'].strip('^$')}\s*$"})
def _trimmed(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


class AliasBody(RequestBody):
    """A code that leads to a collaborator."""

    names = frozenset({"type"})

    type: Annotated[Word, BeforeValidator(_trimmed)] = "tracking"
    code: Annotated[Name, BeforeValidator(_trimmed)]

    @model_validator(mode="after")
    def _plain(self) -> "AliasBody":
        if ":" in self.type:
            raise refuse("FORMAT", "must have a type without a colon.")
        return self


class CollaboratorChange(RequestBody):
    """The members of a profile to change; absent ones stay unchanged. Aliases are added, never removed; another
    `referralCode` is issued as the newest."""

    names = frozenset({"full_name"})

    full_name: Text = ""
    nickname: Annotated[str, Field(max_length=255)] = ""
    email: Email | None = None
    user_id: NameOrNumber | None = None
    status: Annotated[str, known("active", "inactive", "pending", "rejected")] = "active"
    programs: Annotated[list[Identifier], Field(max_length=90)] = []
    aliases: Annotated[list[AliasBody], Field(max_length=20)] = []
    referral_code: Annotated[Name, BeforeValidator(_trimmed)] | None = None

    def profile(self, *, whole: bool) -> dict[str, Any]:
        given = self.model_dump(by_alias=True, exclude={"aliases", "referral_code"}, exclude_unset=not whole)
        if "programs" in given:
            given["programs"] = list(dict.fromkeys(given["programs"]))
        return given

    def require_programs(self, organization: str, enrolled: Collection[int] = ()) -> None:
        """ValidationFailed for programs of no or another organization and deleted ones, unless already enrolled in."""
        known = programs.now_current(organization).programs if self.programs else {}
        there = {it.id for it in known.values() if it.status != "deleted"} | set(enrolled)
        unknown = [place for place, program_id in enumerate(self.programs) if program_id not in there]
        if unknown:
            fields = [f"programs[{place}]" for place in unknown]
            raise ValidationFailed([Failure(field, f"{field} is not a program.", "UNKNOWN") for field in fields])

    def codes(self) -> list[Alias]:
        codes = [Alias(alias.type, alias.code) for alias in self.aliases]
        return list({(code.type, code.compared): code for code in codes}.values())


class CollaboratorBody(CollaboratorChange):
    """A new collaborator."""

    full_name: Text


class CollaboratorsBulkBody(RequestBody):
    """Collaborators to change together."""

    action: Annotated[str, known(*bulk_changes.COLLABORATORS.actions)]
    ids: Annotated[list[Identifier], Field(min_length=1, max_length=MAX_BULK)]
