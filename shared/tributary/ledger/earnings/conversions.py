"""Conversions: credit for one cause, in one program, of one collaborator; decided once, then reconciled."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tributary.domain.attribution import Award
from tributary.domain.commission import counting_lines
from tributary.domain.conversion import due_at
from tributary.domain.earning_event import EarningEvent
from tributary.domain.frozen_award import frozen
from tributary.domain.remaining_value import claimed, remaining_value
from tributary.domain.transaction import Transaction
from tributary.ledger.earnings import awards
from tributary.ledger.earnings.awards import CONVERSION, OBLIGATION, Cause
from tributary.ledger.store.expressions import GONE
from tributary.ledger.store.records import touch, update_unchanged
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item


@dataclass(frozen=True)
class Conversion:
    """`value` is in minor units of `currency`, after refunds; `award` is frozen at the decision.

    `source` is the sale's. `due_at` and `settled` come from an affiliate sale; `settled` is None until the sale states
    a payment. `standing` is the status without the end of its sale, None unless that has ended. `gone` marks one
    deleted for good, whose key stays taken.
    """

    organization: str
    cause: Cause
    engagement_id: int
    obligation_id: int | None
    status: str
    value: int
    currency: str
    award: Mapping[str, Any]
    source: str | None
    version: int = 1
    due_at: str | None = None
    settled: bool | None = None
    standing: str | None = None
    earned_at: str | None = None
    gone: bool = False

    @property
    def id(self) -> int:
        return self.cause.id(self.organization, CONVERSION)

    @property
    def key(self) -> Key:
        return self.cause.key(self.organization, CONVERSION)

    @property
    def listed(self) -> Item:
        """The members shown by lists, without dates; also the form that the domain reads."""
        return {
            "id": self.id,
            "engagementId": self.engagement_id,
            "transactionId": self.cause.transaction_id,
            "leadId": self.cause.lead_id,
            "obligationId": self.obligation_id,
            "type": self.cause.type,
            "status": self.status,
            "programId": self.cause.program_id,
            "collaboratorId": self.cause.collaborator_id,
            "value": self.value,
            "currency": self.currency,
            "award": self.award,
        }


def of_award(
    earning_event: EarningEvent, source: str | None, award: Award, transaction: Transaction | None = None
) -> Conversion:
    """The new conversion of an award. `transaction` is its sale, part of which may be refunded already."""
    program, organization = award.program, earning_event.organization
    collaborator_id = award.engagement.collaborator_id
    cause = Cause(earning_event.subject, earning_event.id, earning_event.type, program.id, collaborator_id)
    conversion = Conversion(
        organization,
        cause,
        award.engagement.id,
        cause.id(organization, OBLIGATION) if award.value else None,
        award.status,
        award.value,
        earning_event.currency or program.units,
        frozen(award),
        source,
        earned_at=earning_event.occurred_at,
    )
    if transaction is None:
        return replace(conversion, due_at=due_at(conversion.award, earning_event.occurred_at, None))
    present = None if transaction.change is None else counting_lines(transaction.sale.details, program, collaborator_id)
    status, standing = _states(conversion, transaction)
    return _worth(replace(conversion, status=status, standing=standing), transaction, present)


def of_candidate(decision: Item, held: Item, transaction: Transaction, counting: Sequence[int]) -> Conversion:
    """The new conversion of an award that earned nothing before an edit of its sale."""
    (program,) = (it for it in decision["programs"] if it["id"] == held["programId"])
    cause = Cause("transaction", transaction.id, decision["type"], held["programId"], held["collaboratorId"])
    conversion = Conversion(
        decision["organization"],
        cause,
        held["engagementId"],
        None,
        "approved" if program["autoApprove"] else "pending",
        0,
        decision["currency"],
        held["award"],
        transaction.sale.source or None,
        earned_at=transaction.sale.occurred_at,
    )
    status, standing = _states(conversion, transaction)
    return _worth(replace(conversion, status=status, standing=standing), transaction, counting)


def _worth(conversion: Conversion, transaction: Transaction, counting: Sequence[int] | None) -> Conversion:
    """The conversion with the value that its sale leaves it, and an obligation if that is anything."""
    value = remaining_value(conversion.listed, transaction, counting)
    obligation_id = conversion.cause.id(conversion.organization, OBLIGATION) if value else conversion.obligation_id
    return replace(conversion, value=value, obligation_id=obligation_id, due_at=_due_at(conversion, transaction))


def _due_at(conversion: Conversion, transaction: Transaction) -> str | None:
    """A function of the present sale and the frozen award, so that the order of their changes does not matter."""
    return due_at(conversion.award, transaction.to_attribute.occurred_at, transaction.sale.due_at)


def item_of(conversion: Conversion, now: str) -> Item:
    """The stored form of a new conversion."""
    rare = {"dueAt": conversion.due_at, "standing": conversion.standing, "earnedAt": conversion.earned_at}
    rare = {name: value for name, value in rare.items() if value}
    listed = conversion.listed
    return awards.new_item(conversion.organization, conversion.source, conversion.cause, CONVERSION, listed, now) | rare


def new_items(
    earning_event: EarningEvent,
    source: str | None,
    given: Iterable[Award],
    now: str,
    transaction: Transaction | None = None,
) -> list[Item]:
    """The stored forms of the new conversions of a decision's awards."""
    return [item_of(of_award(earning_event, source, award, transaction), now) for award in given]


def of_item(item: Mapping[str, Any]) -> Conversion:
    """The conversion of a stored item."""
    listed = item["listed"]
    return Conversion(
        item["organization"],
        Cause.of_listed(listed),
        listed["engagementId"],
        listed["obligationId"],
        listed["status"],
        listed["value"],
        listed["currency"],
        listed["award"],
        item["boundSource"],
        item["version"],
        item.get("dueAt"),
        item.get("settled"),
        item.get("standing"),
        item.get("earnedAt", listed.get("dateCreated")),
        item.get("gone", False),
    )


def reconcile(
    conversion: Conversion, transaction: Transaction, now: str, counting: Sequence[int] | None = None
) -> bool:
    """Write the state that the transaction leaves to a conversion, at the version read; True if it was a change.

    ConditionFailed if the conversion has changed since.
    """
    if conversion.gone or conversion.status not in ("pending", "approved", "rejected", "deleted"):
        return False
    listed = conversion.listed
    left = remaining_value(listed, transaction, counting)
    status, standing = _states(conversion, transaction)
    settled = transaction.settled and claimed(listed, transaction)  # a manual credit is not paid with the claim
    apart = {"dueAt": _due_at(conversion, transaction), "settled": settled} if transaction.touched else {}
    seen = {"dueAt": conversion.due_at, "settled": conversion.settled or False} if apart else {}
    if (status, standing, left, apart) == (conversion.status, conversion.standing, conversion.value, seen):
        return False
    changes: Item = {"listed.#value": left} | (apart if apart != seen else {})
    if standing != conversion.standing:
        changes["standing"] = standing or GONE
    if left and conversion.obligation_id is None:
        changes["listed.obligationId"] = conversion.cause.id(conversion.organization, OBLIGATION)
    move(conversion, status, now, changes)
    return True


def _states(conversion: Conversion, transaction: Transaction) -> tuple[str, str | None]:
    """The status, and the standing one while the sale has ended, so that a withdrawal brings it back. A deleted
    conversion stays deleted."""
    if conversion.status == "deleted":
        return "deleted", None
    standing = conversion.standing or conversion.status
    return (standing, None) if transaction.status == "complete" else ("rejected", standing)


def move(conversion: Conversion, status: str, now: str, also: Mapping[str, Any] | None = None) -> None:
    """Write a status and other changes at the version read. ConditionFailed if the conversion has changed since."""
    update_unchanged(conversion.key, conversion.version, {**status_changes(conversion, status, now), **(also or {})})


def status_changes(conversion: Conversion, status: str, now: str) -> Item:
    """The changes that bring a conversion to a status."""
    return {"listed.#status": status, **touch(now, conversion.version + 1)}
