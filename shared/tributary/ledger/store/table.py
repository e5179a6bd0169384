"""The one DynamoDB table: its client, and calls with their conditions and retries.

botocore retries throttling and broken connections up to a limit. The rest is retried here: conflicts between
transactions, and throttling beyond that limit. `expressions` builds the conditions.
"""

import random
import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from botocore.exceptions import ClientError

from tributary import aws, settings
from tributary.ledger.store.expressions import condition_of, update_of
from tributary.ledger.store.trace import current_trace
from tributary.ledger.store.values import Item, decode_item, encode, encode_item

Key = tuple[str, str]

_TRIES = 12
_MAX_BATCH = 100
_PASSING = {
    "TransactionConflictException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ThrottlingException",
    "TransactionInProgressException",
}
_PASSING_IN_PART = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded", "RequestLimitExceeded"}


class ConditionFailed(Exception):
    """A failed write condition.

    `item` is the stored item of a single write or of a `showing` action, None if there is none; `positions` are the
    failed actions of a transaction.
    """

    def __init__(self, item: Item | None = None, positions: Sequence[int] = ()) -> None:
        super().__init__("condition failed")
        self.item, self.positions = item, positions


@cache
def client() -> Any:
    """The process's DynamoDB client.

    Parameters are not validated again, since `encode` refuses types that DynamoDB does not have.
    """
    return aws.client("dynamodb", max_pool_connections=20, parameter_validation=False)


def call(operation: str, **parameters: Any) -> Any:
    """Call one operation of DynamoDB, again while it is throttled or in conflict."""
    for attempt in range(_TRIES - 1):
        try:
            return getattr(client(), operation)(**parameters)
        except ClientError as error:
            if not passes(error):
                raise
            _pause(attempt)
    return getattr(client(), operation)(**parameters)


def get(pk: str, sk: str) -> Item | None:
    """One item, strongly consistent."""
    answer = call("get_item", **_on_table(Key=_key(pk, sk), ConsistentRead=True))
    return decode_item(answer["Item"]) if "Item" in answer else None


def batch_get(keys: Iterable[Key]) -> dict[Key, Item]:
    """The items that exist among the keys, strongly consistent; one request per hundred keys."""
    wanted = list(dict.fromkeys(keys))
    found: dict[Key, Item] = {}
    for start in range(0, len(wanted), _MAX_BATCH):
        for item in _one_batch(wanted[start : start + _MAX_BATCH]):
            found[item["pk"], item["sk"]] = item
    return found


def query(pk: str, sk_prefix: str = "", parts: str = "") -> list[Item]:
    """The items of a partition by sort key prefix, or only such `parts` of them, strongly consistent, in key order."""
    condition, values = "pk = :pk", {":pk": encode(pk)}
    if sk_prefix:
        condition, values[":sk"] = condition + " AND begins_with(sk, :sk)", encode(sk_prefix)
    projection = {"ProjectionExpression": parts, **condition_of("", {}, also=parts)} if parts else {}
    return _query(condition, values, **projection)


def query_between(pk: str, first: str, last: str) -> list[Item]:
    """The items of a partition with sort keys from `first` to `last`, strongly consistent, in key order."""
    values = {":pk": encode(pk), ":first": encode(first), ":last": encode(last)}
    return _query("pk = :pk AND sk BETWEEN :first AND :last", values)


def first_between(pk: str, first: str, last: str, limit: int) -> list[Item]:
    """The first `limit` items with such sort keys, in one request."""
    values = {":pk": encode(pk), ":first": encode(first), ":last": encode(last)}
    condition = "pk = :pk AND sk BETWEEN :first AND :last"
    asked = {"KeyConditionExpression": condition, "ExpressionAttributeValues": values, "ConsistentRead": True}
    return [decode_item(item) for item in call("query", **_on_table(**asked, Limit=limit))["Items"]]


def put_new(item: Item) -> None:
    """Put an item at a free key; ConditionFailed carries the item found there.

    The nonce recognizes an own put that was applied before its response was lost.
    """
    nonce = secrets.token_hex(6)
    marked = encode_item(_stamped(item) | {"nonce": nonce})
    try:
        single("put_item", Item=marked, ConditionExpression="attribute_not_exists(pk)")
    except ConditionFailed as failure:
        if failure.item is None or failure.item.get("nonce") != nonce:
            raise


def put(item: Item, condition: str, **values: Any) -> None:
    """Put an item if the condition holds.

    For writes that may be repeated: a repeat after a lost response finds its own condition failed.
    """
    single("put_item", Item=encode_item(_stamped(item)), **condition_of(condition, values))


def update(pk: str, sk: str, changes: Mapping[str, Any], condition: str, **values: Any) -> Item:
    """Set paths of an item (`{"listed.#status": "refunded"}`) if the condition holds, and return the new item."""
    expressions = update_of(_traced(changes), condition, values)
    answer = single("update_item", Key=_key(pk, sk), **expressions, ReturnValues="ALL_NEW")
    return decode_item(answer["Attributes"])


def put_action(item: Item, condition: str = "attribute_not_exists(pk)", **values: Any) -> Item:
    """Transaction action: a put."""
    return {"Put": _on_table(Item=encode_item(_stamped(item))) | condition_of(condition, values)}


def update_action(pk: str, sk: str, changes: Mapping[str, Any], condition: str, **values: Any) -> Item:
    """Transaction action: an update."""
    return {"Update": _on_table(Key=_key(pk, sk), **update_of(_traced(changes), condition, values))}


def check_action(pk: str, sk: str, condition: str, **values: Any) -> Item:
    """Transaction action: a condition on an item that the transaction does not write."""
    return {"ConditionCheck": _on_table(Key=_key(pk, sk)) | condition_of(condition, values)}


def showing(action: Item) -> Item:
    """The action, so that its failed condition shows the stored item."""
    return {name: parts | {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"} for name, parts in action.items()}


def delete_action(pk: str, sk: str, condition: str, **values: Any) -> Item:
    """Transaction action: a deletion."""
    return {"Delete": _on_table(Key=_key(pk, sk)) | condition_of(condition, values)}


def count_action(pk: str, sk: str, counter: str, by: int, most: int | None = None, **attributes: Any) -> Item:
    """Transaction action: add to a counter below `most`; make the item, with the attributes, if it is missing."""
    sets = ", ".join(f"#{name} = :{name}" for name in attributes)
    expression = f"ADD #{counter} :by SET {sets}"
    condition = "" if most is None else f"attribute_not_exists(#{counter}) OR #{counter} < :most"
    values = {"by": by, **attributes} | ({} if most is None else {"most": most})
    parameters = condition_of(condition, values, also=expression)
    return {"Update": _on_table(Key=_key(pk, sk), UpdateExpression=expression, **parameters)}


def transact(actions: Sequence[Item]) -> None:
    """Write all or none; ConditionFailed if a condition does not hold.

    All tries have one token: after a lost response, DynamoDB confirms what an earlier try wrote.
    """
    try:
        call("transact_write_items", TransactItems=list(actions), ClientRequestToken=secrets.token_hex(16))
    except ClientError as error:
        failed = [n for n, code in enumerate(_cancellations(error)) if code == "ConditionalCheckFailed"]
        if failed:
            raise ConditionFailed(_shown(error), failed) from error
        raise


def _query(condition: str, values: Item, **options: Any) -> list[Item]:
    asked: Item = {"KeyConditionExpression": condition, "ExpressionAttributeValues": values, "ConsistentRead": True}
    asked |= options
    items: list[Item] = []
    while True:
        answer = call("query", **_on_table(**asked))
        items += map(decode_item, answer["Items"])
        if "LastEvaluatedKey" not in answer:
            return items
        asked["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def _one_batch(keys: Sequence[Key]) -> list[Item]:
    name = settings.table_name()
    items: list[Item] = []
    asked: Any = {"Keys": [_key(*one) for one in keys], "ConsistentRead": True}
    for attempt in range(_TRIES):
        answer = call("batch_get_item", RequestItems={name: asked})
        items += map(decode_item, answer["Responses"].get(name, ()))
        asked = answer.get("UnprocessedKeys", {}).get(name)
        if not asked:
            return items
        _pause(attempt)
    raise TimeoutError("DynamoDB left keys unprocessed")


def single(operation: str, **parameters: Any) -> Any:
    """Call an operation on one item, on this table unless `TableName` names another; ConditionFailed shows the stored
    item."""
    try:
        return call(operation, **_on_table(**parameters), ReturnValuesOnConditionCheckFailure="ALL_OLD")
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        found: Any = error.response.get("Item")
        raise ConditionFailed(decode_item(found) if found else None) from error


def _key(pk: str, sk: str) -> Item:
    return {"pk": encode(pk), "sk": encode(sk)}


def _on_table(**parameters: Any) -> Item:
    return {"TableName": settings.table_name(), **parameters}


def _stamped(item: Item) -> Item:
    """The item with the trace of its request or event, for the events that follow."""
    return item | {"trace": trace} if (trace := current_trace()) else item


def _traced(changes: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**changes, "trace": trace} if (trace := current_trace()) else changes


def _shown(error: ClientError) -> Item | None:
    """The first stored item that a cancelled transaction shows."""
    reasons: Any = error.response.get("CancellationReasons", ())
    return next((decode_item(reason["Item"]) for reason in reasons if reason.get("Item")), None)


def _cancellations(error: ClientError) -> list[str]:
    """The reason code of each action of a cancelled transaction, "None" for those that would have passed."""
    reasons: Any = error.response.get("CancellationReasons", ())
    return [reason.get("Code", "None") for reason in reasons]


def passes(error: ClientError) -> bool:
    """True if the same call may succeed in a moment."""
    cancellations = set(_cancellations(error)) - {"None"}
    return error.response["Error"]["Code"] in _PASSING or (bool(cancellations) and cancellations <= _PASSING_IN_PART)


def _pause(attempt: int) -> None:
    """Sleep with full jitter, up to a second."""
    time.sleep(random.uniform(0, min(1.0, 0.02 * 2**attempt)))
