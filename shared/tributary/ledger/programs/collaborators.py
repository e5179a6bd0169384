"""Collaborators: partition `<organization>#collaborator#<id>`, item `collaborator` with its enrolments and aliases.

Codes and e-mail addresses are unique in an organization: each has a link item, put in the same transaction. An e-mail's
key is a hash. A code leads to its collaborator for good.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tributary.domain import times
from tributary.domain.errors import Conflict
from tributary.domain.ids import text_digest
from tributary.ledger.store import table
from tributary.ledger.store.lists import listing
from tributary.ledger.store.records import gone, item_header, replace_unchanged_action, unless_gone
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

KIND = SK = "collaborator"
STATUSES = ("active", "inactive", "pending", "rejected", "deleted")
#: The profile of a collaborator deleted for good; rankings and exports show its name.
_ERASED: Item = {
    "fullName": "<deleted>", "nickname": "", "email": None, "userId": None, "status": "deleted", "referralCode": None,
    "aliases": [], "programs": [],
}  # fmt: skip
_CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # no vowels, so no words; no look-alike letters
#: Few enough that the longest codes fit one item.
MAX_ALIASES = 200
_CODE_LENGTH = 7
_CODE_TRIES = 10


@dataclass(frozen=True)
class Alias:
    """A code of a type (`tracking`, `coupon`, …) that leads to a collaborator, stripped of surrounding spaces. Codes
    are compared in upper case and shown as written."""

    type: str
    code: str

    def __post_init__(self) -> None:
        for name in ("type", "code"):
            object.__setattr__(self, name, getattr(self, name).strip())

    @property
    def compared(self) -> str:
        return self.code.upper()

    def leads_like(self, other: "Alias") -> bool:
        """True for the same code of the same type."""
        return (self.type, self.compared) == (other.type, other.compared)


def pk(organization: str, collaborator_id: int) -> str:
    return f"{organization}#collaborator#{collaborator_id}"


def key(organization: str, collaborator_id: int) -> Key:
    return pk(organization, collaborator_id), SK


def alias_key(organization: str, alias: Alias) -> Key:
    return f"{organization}#alias#{text_digest(alias.type, alias.compared)}", "alias"


def _email_key(organization: str, email: str) -> Key:
    return f"{organization}#email#{text_digest(email.casefold())}", "email"


def get(organization: str, collaborator_id: int) -> Item | None:
    """The stored item, strongly consistent; None for one deleted for good."""
    return unless_gone(table.get(*key(organization, collaborator_id)))


def named(organization: str, name: int | Alias) -> Item | None:
    """The stored item of a collaborator by id or alias, strongly consistent."""
    if not isinstance(name, Alias):
        return get(organization, name)
    alias = table.get(*alias_key(organization, name))
    return get(organization, alias["collaboratorId"]) if alias else None


def with_email(organization: str, email: str) -> int | None:
    """The id of the collaborator with this e-mail."""
    found = table.get(*_email_key(organization, email))
    return found["collaboratorId"] if found else None


def active(organization: str, ids: Iterable[int]) -> set[int]:
    """The active ones among the collaborators, strongly consistent."""
    found = table.batch_get(key(organization, collaborator_id) for collaborator_id in ids)
    return {item["listed"]["id"] for item in found.values() if item["listed"]["status"] == "active"}


def free_referral_code(organization: str, choose: Callable[[str], str] = secrets.choice) -> str:
    """A code that no collaborator has as a tracking alias now. It is not reserved: creation decides."""
    for _ in range(_CODE_TRIES):
        code = "".join(choose(_CODE_LETTERS) for _ in range(_CODE_LENGTH))
        if table.get(*alias_key(organization, Alias("tracking", code))) is None:
            return code
    raise OverflowError("no free referral code was found")


def create(
    organization: str,
    collaborator_id: int,
    profile: Mapping[str, Any],
    aliases: Sequence[Alias],
    now: str | None = None,
    referral_code: str | None = None,
) -> Item:
    """Create a collaborator with its codes and return the item. Conflict if its e-mail or a code is another's.

    The latest `tracking` alias is the referral code; one is generated if there is none.
    """
    now = now or times.now()
    if referral_code is not None:
        issued = Alias("tracking", referral_code)
        aliases = [*(it for it in aliases if not it.leads_like(issued)), issued]
    if not any(alias.type == "tracking" for alias in aliases):
        aliases = [*aliases, Alias("tracking", free_referral_code(organization))]
    listed = {
        "id": collaborator_id,
        **profile,
        "aliases": [_shown(alias, now) for alias in aliases],
        "dateCreated": now,
        "dateModified": now,
    }
    listed["referralCode"] = _referral_code(listed["aliases"])
    item = {
        **item_header("collaborator", organization, (pk(organization, collaborator_id), SK), now),
        "listed": listed,
        **listing(organization, KIND, collaborator_id, now),
    }
    _write(table.put_action(item), _claims(item, aliases, profile["email"]))
    return item


def change(
    stored: Item,
    profile: Mapping[str, Any],
    aliases: Sequence[Alias],
    now: str | None = None,
    referral_code: str | None = None,
) -> Item:
    """Change the given profile members and add codes at the version read; return the item.

    Another `referral_code` is issued as the newest code, even one that was issued before. Conflict if the record has
    changed since, if the e-mail or a code is another's, and beyond MAX_ALIASES.
    """
    now = now or times.now()
    before = stored["listed"]
    new = _new_codes(before, aliases, referral_code)
    listed = {**before, **profile, "aliases": before["aliases"] + [_shown(a, now) for a in new], "dateModified": now}
    if len(listed["aliases"]) > MAX_ALIASES:
        raise Conflict(f"A collaborator has at most {MAX_ALIASES} codes.", {"limit": MAX_ALIASES})
    listed["referralCode"] = _referral_code(listed["aliases"])
    item = {**stored, "version": stored["version"] + 1, "changedAt": now, "listed": listed}
    moved = listed["email"] if _folded(listed["email"]) != _folded(before["email"]) else None
    others = _claims(item, new, moved)
    if before["email"] is not None and _folded(listed["email"]) != _folded(before["email"]):
        others.append(table.delete_action(*_email_key(stored["organization"], before["email"]), condition=""))
    _write(replace_unchanged_action(item, stored["version"]), others)
    return item


def _new_codes(before: Mapping[str, Any], aliases: Sequence[Alias], referral_code: str | None) -> list[Alias]:
    """The codes to add to those that a collaborator has."""
    known = [Alias(held["type"], held["code"]) for held in before["aliases"]]
    new = [alias for alias in aliases if not any(alias.leads_like(held) for held in known)]
    if referral_code is None:
        return new
    issued = Alias("tracking", referral_code)
    if before["referralCode"] and issued.leads_like(Alias("tracking", before["referralCode"])):
        return new
    return [*(alias for alias in new if not alias.leads_like(issued)), issued]


def delete_for_good(stored: Item, now: str | None = None) -> None:
    """Erase a collaborator's profile at the version read; its e-mail is free, its codes never lead to another. Conflict
    if another writer came first."""
    now = now or times.now()
    before = stored["listed"]
    listed = {**before, **_ERASED, "dateModified": now}
    item = gone({**stored, "version": stored["version"] + 1, "changedAt": now, "listed": listed})
    links = []
    if before["email"] is not None:
        links.append(table.delete_action(*_email_key(stored["organization"], before["email"]), condition=""))
    _write(replace_unchanged_action(item, stored["version"]), links)


def _folded(email: str | None) -> str | None:
    return email.casefold() if email else email


def _shown(alias: Alias, now: str) -> Item:
    return {"type": alias.type, "code": alias.code, "issuedDate": now}


def _referral_code(aliases: Sequence[Mapping[str, str]]) -> str | None:
    return next((alias["code"] for alias in reversed(aliases) if alias["type"] == "tracking"), None)


def _claims(item: Item, aliases: Sequence[Alias], email: str | None) -> list[Item]:
    """Transaction actions that claim codes and the e-mail for this collaborator."""
    organization, collaborator_id = item["organization"], item["listed"]["id"]
    wanted = [("alias", alias_key(organization, alias)) for alias in aliases]
    wanted += [("email", _email_key(organization, email))] if email is not None else []
    return [
        table.put_action(
            {
                **item_header(entity, organization, (partition, name)),
                "collaboratorId": collaborator_id,
            },
            "attribute_not_exists(pk) OR collaboratorId = :own",
            own=collaborator_id,
        )
        for entity, (partition, name) in wanted
    ]


def _write(record: Item, claims: Sequence[Item]) -> None:
    """Write the record with its claims. A failed condition of the record means a concurrent change; of a claim, another
    owner."""
    try:
        table.transact([record, *claims])
    except table.ConditionFailed as failure:
        if failure.positions and 0 not in failure.positions:
            raise Conflict("The email or an alias already belongs to another collaborator.") from failure
        raise Conflict("The collaborator was changed at the same time; read it again.") from failure
