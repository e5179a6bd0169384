"""The id index: from the id of a record in another's partition to its key.

Such ids are digests of the record's cause. If two records ever share one, the id finds neither.
"""

from tributary import settings
from tributary.domain.errors import Conflict
from tributary.ledger.store import table
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item, encode


def label(organization: str, kind: str, record_id: int) -> Item:
    """The attribute that puts a record into the id index."""
    return {"label": _label(organization, kind, record_id)}


def find(organization: str, kind: str, record_id: int) -> Item | None:
    """The record with this id, read strongly after the index lookup. Conflict if two records share the id."""
    keys = _keys(organization, kind, record_id)
    if len(keys) > 1:
        raise Conflict(f"More than one {kind} has this id; name it by its transaction.", {"id": record_id})
    return table.get(*keys[0]) if keys else None


def _keys(organization: str, kind: str, record_id: int) -> list[Key]:
    answer = table.call(
        "query",
        TableName=settings.table_name(),
        IndexName="labels",
        KeyConditionExpression="label = :label",
        ExpressionAttributeValues={":label": encode(_label(organization, kind, record_id))},
        Limit=2,
    )
    return [(item["pk"]["S"], item["sk"]["S"]) for item in answer["Items"]]


def _label(organization: str, kind: str, record_id: int) -> str:
    return f"{organization}#{kind}#{record_id}"
