"""Credits: obligations without a conversion of their own, given by hand or adjusting what was paid out.

Partition `<organization>#credit#<id>`, item `obligation`. Its id is derived from its cause, so a repeat finds it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tributary.domain.ids import cause_id
from tributary.ledger.store import owed_index
from tributary.ledger.store.id_index import label
from tributary.ledger.store.lists import listing, parent_attributes
from tributary.ledger.store.records import item_header
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

KIND = "obligation"
#: Award types of obligations that no conversion called for.
ADJUSTMENT, BY_HAND, DISTRIBUTION = "adjustment", "credit", "distribution"


@dataclass(frozen=True)
class Credit:
    """An amount in minor units, negative if it is kept back; `about` names the records behind it."""

    organization: str
    id: int
    collaborator_id: int
    value: int
    currency: str
    award_type: str
    status: str = "pending"
    due_at: str | None = None
    about: Mapping[str, Any] = field(default_factory=dict)
    reason: str | None = None

    @property
    def key(self) -> Key:
        return key(self.organization, self.id)


def key(organization: str, credit_id: int) -> Key:
    return f"{organization}#credit#{credit_id}", KIND


def is_credit(item: Mapping[str, Any]) -> bool:
    """True for the item of an obligation without a conversion that it follows."""
    return bool(item["sk"] == KIND)


def adjustment_id(organization: str, obligation_id: int, version: int) -> int:
    """The id of an adjustment, named by the version of the paid obligation read, so that each is made once."""
    return cause_id(organization, KIND, ADJUSTMENT, obligation_id, version)


def item_of(credit: Credit, now: str) -> Item:
    """The stored form of a new credit."""
    nothing = dict.fromkeys(("conversionId", "programId", "transactionId", "leadId"))
    listed = {
        "id": credit.id,
        "collaboratorId": credit.collaborator_id,
        "awardType": credit.award_type,
        "value": credit.value,
        "currency": credit.currency,
        "status": credit.status,
        "payoutId": None,
        **nothing,
        **credit.about,
        "dueAt": credit.due_at,
        "source": None,
        "dateCreated": now,
        "dateModified": now,
    } | ({"reason": credit.reason} if credit.reason else {})
    organization, number = credit.organization, credit.id
    return {
        **item_header(KIND, organization, credit.key, now),
        "boundSource": None,
        "earnedAt": now,
        "listed": listed,
        **label(organization, KIND, number),
        **listing(organization, KIND, number, now),
        **parent_attributes(organization, KIND, credit.collaborator_id),
        **(payable(organization, listed, now) if credit.status == "pending" else {}),
    }


def payable(organization: str, listed: Mapping[str, Any], earned_at: str) -> Item:
    """The attributes that let payouts find a payable credit."""
    return owed_index.payable(organization, listed["collaboratorId"], listed["currency"], earned_at)
