"""Awards: the conversion of each winner and its obligation, side by side in the sale's or lead's partition.

Keys are named by the cause: `award#<type>#<program>#<collaborator>#conversion` and `…#obligation`. Their ids are
digests of the same cause and labels only: looked up through an index, and refused if two records should ever share one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tributary.domain.attribution import Award
from tributary.domain.commission import ranges
from tributary.domain.conversion import ObligationWanted
from tributary.domain.earning_event import EarningEvent
from tributary.domain.ids import cause_id
from tributary.domain.refund import value_after_refunds
from tributary.domain.transaction import Transaction
from tributary.ledger.sales import transaction_items
from tributary.ledger.store import table
from tributary.ledger.store.id_index import label
from tributary.ledger.store.lists import listing, parent_attributes
from tributary.ledger.store.records import item_header, touch
from tributary.ledger.store.values import Item

CONVERSION, OBLIGATION = "conversion", "obligation"


@dataclass(frozen=True)
class Cause:
    """What names an award within an organization: the record it was earned by (`transaction` or `lead`), and who
    earned what."""

    subject: str
    subject_id: int
    type: str
    program_id: int
    collaborator_id: int

    @property
    def prefix(self) -> str:
        return f"award#{self.type}#{self.program_id}#{self.collaborator_id}#"

    def id(self, organization: str, kind: str) -> int:
        return cause_id(
            organization, kind, self.subject, self.subject_id, self.type, self.program_id, self.collaborator_id
        )


def pk(organization: str, subject: str, subject_id: int) -> str:
    """The partition of the record that awards were earned by."""
    return f"{organization}#{subject}#{subject_id}"


def of_subject(
    organization: str, subject: str, subject_id: int, cause: Cause | None = None
) -> dict[str, dict[str, Item]]:
    """The awards of a sale or lead, or the one of a cause: per cause prefix its `conversion` and its `obligation`. One
    Query."""
    items = table.query(pk(organization, subject, subject_id), cause.prefix if cause else "award#")
    awards: dict[str, dict[str, Item]] = {}
    for item in items:
        prefix, kind = item["sk"].rsplit("#", 1)
        awards.setdefault(prefix, {})[kind] = item
    return awards


def conversion_item(
    earning_event: EarningEvent, source: str | None, award: Award, now: str, transaction: Transaction | None = None
) -> Item:
    """A new conversion with its frozen award: what it was worked out from stays with it. `transaction` is the sale it
    is of, of which a part may be refunded already."""
    program, engagement = award.program, award.engagement
    cause = Cause(earning_event.subject, earning_event.id, earning_event.type, program.id, engagement.collaborator_id)
    listed = {
        "id": cause.id(earning_event.organization, CONVERSION),
        "engagementId": engagement.id,
        "transactionId": earning_event.id if earning_event.is_sale else None,
        "leadId": None if earning_event.is_sale else earning_event.id,
        "obligationId": cause.id(earning_event.organization, OBLIGATION) if award.value else None,
        "type": cause.type,
        "status": award.status,
        "programId": program.id,
        "collaboratorId": engagement.collaborator_id,
        "value": value_after_refunds(award.value, award.base, award.lines, transaction) if transaction else award.value,
        "currency": earning_event.currency or program.units,
        "award": frozen(award),
    }
    due = {"dueAt": transaction.sale.due_at} if transaction and transaction.sale.due_at else {}
    return _item(earning_event.organization, source, cause, CONVERSION, listed, now) | due


def frozen(award: Award) -> Item:
    """What an award was worked out from, as it is kept: amounts in minor units, the counting lines by position, and
    the winner's share of the whole reward as weight / weights."""
    program = award.program
    override = {"override": True} if award.overridden else {}
    return override | {
        "base": award.base,
        "reward": award.reward,
        "value": award.value,
        "weight": award.weight,
        "weights": award.weights,
        "lines": ranges(award.lines),
        "incentiveType": program.incentive,
        "transactionPercent": None if program.percent is None else str(program.percent),
        "payout": program.payout,
        "clawback": program.clawback,
        "programVersion": program.version,
    }


def cause_of(listed: Mapping[str, Any]) -> Cause:
    """The cause of a conversion as it is listed."""
    subject = "transaction" if listed["leadId"] is None else "lead"
    return Cause(subject, listed[subject + "Id"], listed["type"], listed["programId"], listed["collaboratorId"])


def obligation_item(conversion: Item, wanted: ObligationWanted, now: str) -> Item:
    """The first obligation of a conversion."""
    held = conversion["listed"]
    cause = cause_of(held)
    listed = {
        "id": held["obligationId"],
        "collaboratorId": cause.collaborator_id,
        "awardType": "commission",
        "value": wanted.value,
        "currency": wanted.currency,
        "status": wanted.status,
        "payoutId": None,
        "conversionId": held["id"],
        "programId": cause.program_id,
        "transactionId": held["transactionId"],
        "leadId": held["leadId"],
        "dueAt": conversion.get("dueAt"),
    }
    item = _item(conversion["organization"], conversion["boundSource"], cause, OBLIGATION, listed, now)
    return (
        item
        | parent_attributes(item["organization"], OBLIGATION, cause.collaborator_id)
        | {"conversionVersion": conversion["version"]}
        | ({"settled": True} if wanted.status == "complete" else {})
    )


def status_changes(item: Item, status: str, now: str) -> Item:
    """The paths to set when a record moves to a status."""
    return {"listed.#status": status, **touch(now, item["version"] + 1)}


def _item(organization: str, source: str | None, cause: Cause, kind: str, listed: Mapping[str, Any], now: str) -> Item:
    return {
        **item_header(
            kind, organization, (pk(organization, cause.subject, cause.subject_id), cause.prefix + kind), now
        ),
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
