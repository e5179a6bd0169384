"""The index of obligations that wait for a payout, by collaborator and currency, and of those that a payout claimed.

Sparse: an obligation that is neither payable nor in a payout is not in it. A walk may lag behind the table, so each
claim and release is conditional on the version read.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from tributary import settings
from tributary.ledger.store.expressions import GONE
from tributary.ledger.store.table import call
from tributary.ledger.store.values import Item, decode_item, encode

INDEX = "owed"
#: Changes that take an obligation off the index.
NOWHERE: Mapping[str, Any] = {"owedPk": GONE, "owedSk": GONE}
#: Partitions of an organization's payable obligations. Never changed: all that a collaborator is owed must lie in one.
PARTITIONS = 8
_ID_DIGITS = 16
_LIMIT = 1000
_LAST = "~"


def payable(organization: str, collaborator_id: int, currency: str, earned_at: str) -> Item:
    """The attributes of an obligation that waits; those of one collaborator and currency lie side by side.

    Sort keys of an index may repeat, so the obligation's id is left out: the item stays within one write unit."""
    place = _of(collaborator_id, currency) + earned_at
    return {"owedPk": _partition(organization, collaborator_id % PARTITIONS), "owedSk": place}


def claimed(organization: str, payout_id: int, obligation_id: int) -> Item:
    """The attributes of an obligation in a payout."""
    return {"owedPk": _payout(organization, payout_id), "owedSk": f"{obligation_id:0{_ID_DIGITS}d}"}


def partitions(organization: str) -> list[str]:
    """The partitions of everything payable; a collaborator is in one of them."""
    return [_partition(organization, number) for number in range(PARTITIONS)]


def of_payout(organization: str, payout_id: int) -> Iterator[Item]:
    """The obligations in a payout."""
    return walk(_payout(organization, payout_id))


def of_collaborator(organization: str, collaborator_id: int) -> Iterator[Item]:
    """The payable obligations of a collaborator."""
    start = _of(collaborator_id)
    return walk(_partition(organization, collaborator_id % PARTITIONS), start, start + _LAST)


def is_owed(organization: str, collaborator_id: int) -> bool:
    """True if an amount above zero is payable to the collaborator."""
    return any(entry["listed"]["value"] > 0 for entry in of_collaborator(organization, collaborator_id))


def walk(partition: str, after: str = "0", end: str = _LAST) -> Iterator[Item]:
    """Entries of a partition in order, after a sort key, as items with `pk`, `sk`, `owedSk`, `listed`, `version` and
    `earnedAt`. One Query per 1,000."""
    asked: Item = {
        "TableName": settings.table_name(),
        "IndexName": INDEX,
        "KeyConditionExpression": "owedPk = :name AND owedSk BETWEEN :after AND :end",
        "ExpressionAttributeValues": {":name": encode(partition), ":after": encode(after), ":end": encode(end)},
        "Limit": _LIMIT,
    }
    while True:
        answer = call("query", **asked)
        yield from (entry for entry in map(decode_item, answer["Items"]) if entry["owedSk"] != after)
        if "LastEvaluatedKey" not in answer:
            return
        asked["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def after_group(collaborator_id: int, currency: str) -> str:
    """The sort key after everything payable to a collaborator in a currency."""
    return _of(collaborator_id, currency) + _LAST


def _partition(organization: str, number: int) -> str:
    return f"{organization}#payable#{number}"


def _of(collaborator_id: int, currency: str | None = None) -> str:
    return f"{collaborator_id:0{_ID_DIGITS}d}#" + (f"{currency}#" if currency else "")


def _payout(organization: str, payout_id: int) -> str:
    return f"{organization}#payout#{payout_id}"
