"""Awards: the conversion of each winner and its obligation, side by side in the transaction's partition.

Keys are named by the cause: `award#<type>#<program>#<collaborator>#conversion` and `…#obligation`. Their ids are
digests of the same cause and labels only: looked up through an index, and refused if two records should ever share one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tributary import settings
from tributary.domain.attribution import Award
from tributary.domain.conversion import ObligationWanted
from tributary.domain.errors import Conflict
from tributary.domain.ids import cause_id
from tributary.domain.transaction import Transaction
from tributary.ledger import table, transactions
from tributary.ledger.lists import listing
from tributary.ledger.table import Key
from tributary.ledger.values import Item, encode

CONVERSION, OBLIGATION = "conversion", "obligation"


@dataclass(frozen=True)
class Cause:
    """What names an award within an organization."""

    transaction_id: int
    type: str
    program_id: int
    collaborator_id: int

    @property
    def prefix(self) -> str:
        return f"award#{self.type}#{self.program_id}#{self.collaborator_id}#"

    def id(self, organization: str, kind: str) -> int:
        return cause_id(organization, kind, self.transaction_id, self.type, self.program_id, self.collaborator_id)


def of_transaction(organization: str, transaction_id: int, cause: Cause | None = None) -> dict[str, dict[str, Item]]:
    """The awards of a transaction, or the one of a cause: per cause prefix its `conversion` and its `obligation`. One
    Query."""
    items = table.query(transactions.pk(organization, transaction_id), cause.prefix if cause else "award#")
    awards: dict[str, dict[str, Item]] = {}
    for item in items:
        prefix, kind = item["sk"].rsplit("#", 1)
        awards.setdefault(prefix, {})[kind] = item
    return awards


def find(organization: str, kind: str, record_id: int) -> Item | None:
    """The conversion or obligation with this id, read strongly after the index has told its key."""
    keys = labelled(organization, kind, record_id)
    return table.get(*keys[0]) if keys else None


def labelled(organization: str, kind: str, record_id: int) -> list[Key]:
    """The key of the record with this id, or none. Conflict when two records share the id: it then names neither."""
    answer = table.call(
        "query",
        TableName=settings.table_name(),
        IndexName="labels",
        KeyConditionExpression="label = :label",
        ExpressionAttributeValues={":label": encode(_label(organization, kind, record_id))},
        Limit=2,
    )
    keys = [(item["pk"]["S"], item["sk"]["S"]) for item in answer["Items"]]
    if len(keys) > 1:
        raise Conflict(f"More than one {kind} has this id; name it by its transaction.", {"id": record_id})
    return keys


def conversion_item(transaction: Transaction, award: Award, now: str) -> Item:
    """A new conversion with its frozen award: what it was worked out from stays with it."""
    program, engagement = award.program, award.engagement
    cause = Cause(transaction.id, "sale", program.id, engagement.collaborator_id)
    listed = {
        "id": cause.id(transaction.organization, CONVERSION),
        "engagementId": engagement.id,
        "transactionId": transaction.id,
        "obligationId": cause.id(transaction.organization, OBLIGATION) if award.reward else None,
        "type": cause.type,
        "status": award.status,
        "programId": program.id,
        "collaboratorId": engagement.collaborator_id,
        "value": award.reward,
        "currency": transaction.sale.currency,
        "award": {
            "base": award.base,
            "reward": award.reward,
            "incentiveType": program.incentive,
            "transactionPercent": str(program.percent),
            "lines": list(award.lines),
            "clawback": program.clawback,
            "programVersion": program.version,
        },
    }
    return _item(transaction.organization, transaction.sale.source, cause, CONVERSION, listed, now)


def obligation_item(conversion: Item, wanted: ObligationWanted, now: str) -> Item:
    """The first obligation of a conversion."""
    held = conversion["listed"]
    cause = Cause(held["transactionId"], held["type"], held["programId"], held["collaboratorId"])
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
        "transactionId": cause.transaction_id,
        "dueAt": None,
    }
    item = _item(conversion["organization"], conversion["boundSource"], cause, OBLIGATION, listed, now)
    return item | {"conversionVersion": conversion["version"]}


def status_changes(item: Item, status: str, now: str) -> Item:
    """The paths to set when a record moves to a status."""
    return {
        "listed.#status": status,
        "listed.dateModified": now,
        "#version": item["version"] + 1,
        "changedAt": now,
    }


def _label(organization: str, kind: str, record_id: int) -> str:
    return f"{organization}#{kind}#{record_id}"


def _item(organization: str, source: str, cause: Cause, kind: str, listed: Mapping[str, Any], now: str) -> Item:
    return {
        "pk": transactions.pk(organization, cause.transaction_id),
        "sk": cause.prefix + kind,
        "entity": kind,
        "organization": organization,
        "version": 1,
        "changedAt": now,
        "label": _label(organization, kind, listed["id"]),
        "boundSource": source,
        "listed": {**listed, "source": transactions.binding(source), "dateCreated": now, "dateModified": now},
        **listing(organization, kind, listed["id"], now),
    }
