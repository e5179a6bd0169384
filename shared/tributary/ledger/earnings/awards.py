"""Awards: the conversion of each winner and its obligation, next to each other in the partition of the sale or lead.

Keys are named by the cause: `award#<type>#<program>#<collaborator>#conversion` and `…#obligation`. Ids are digests of
the same cause, found through the id index, and refused if two records ever share one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tributary.domain.ids import cause_id
from tributary.ledger.sales import transaction_items
from tributary.ledger.store import table
from tributary.ledger.store.id_index import label
from tributary.ledger.store.lists import listing
from tributary.ledger.store.records import item_header
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

CONVERSION, OBLIGATION = "conversion", "obligation"


@dataclass(frozen=True)
class Cause:
    """The name of an award within an organization: the `transaction` or `lead` that earned it, and the earner."""

    subject: str
    subject_id: int
    type: str
    program_id: int
    collaborator_id: int

    @property
    def prefix(self) -> str:
        return f"award#{self.type}#{self.program_id}#{self.collaborator_id}#"

    @property
    def transaction_id(self) -> int | None:
        return self.subject_id if self.subject == "transaction" else None

    @property
    def lead_id(self) -> int | None:
        return self.subject_id if self.subject == "lead" else None

    def id(self, organization: str, kind: str) -> int:
        return cause_id(
            organization, kind, self.subject, self.subject_id, self.type, self.program_id, self.collaborator_id
        )

    def key(self, organization: str, kind: str) -> Key:
        return pk(organization, self.subject, self.subject_id), self.prefix + kind

    @classmethod
    def of_listed(cls, listed: Mapping[str, Any]) -> "Cause":
        """The cause of a conversion that a list shows."""
        subject = "transaction" if listed["leadId"] is None else "lead"
        return cls(subject, listed[subject + "Id"], listed["type"], listed["programId"], listed["collaboratorId"])


def pk(organization: str, subject: str, subject_id: int) -> str:
    """The partition of the record that earned the awards."""
    return f"{organization}#{subject}#{subject_id}"


def conversion_key(obligation: Item) -> Key:
    """The key of the conversion beside an obligation's item."""
    return obligation["pk"], obligation["sk"].removesuffix(OBLIGATION) + CONVERSION


def of_subject(
    organization: str, subject: str, subject_id: int, cause: Cause | None = None
) -> dict[str, dict[str, Item]]:
    """The items of a sale's or lead's awards, or of one cause's: kind to item, by cause prefix. One Query."""
    items = table.query(pk(organization, subject, subject_id), cause.prefix if cause else "award#")
    awards: dict[str, dict[str, Item]] = {}
    for item in items:
        prefix, kind = item["sk"].rsplit("#", 1)
        awards.setdefault(prefix, {})[kind] = item
    return awards


def new_item(
    organization: str, source: str | None, cause: Cause, kind: str, listed: Mapping[str, Any], now: str
) -> Item:
    """The item of a new conversion or obligation, listed and found by its id."""
    return {
        **item_header(kind, organization, cause.key(organization, kind), now),
        "boundSource": source,
        "listed": {
            **listed,
            "source": transaction_items.binding(source) if source else None,
            "dateCreated": now,
            "dateModified": now,
        },
        **label(organization, kind, listed["id"]),
        **listing(organization, kind, listed["id"], now),
    }
