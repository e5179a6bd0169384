"""Retries around DynamoDB: errors that botocore does not retry, and puts with a lost response."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.stub import ANY, Stubber

from tributary.ledger.store import table
from tributary.ledger.store.table import ConditionFailed
from tributary.ledger.store.trace import tracing
from tributary.ledger.store.values import encode_item

ITEM = {"pk": "demo#transaction#7", "sk": "transaction", "total": 4999}


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    """DynamoDB, with the responses of the test and no others."""
    for name, value in {"TABLE_NAME": "ledger", "AWS_DEFAULT_REGION": "us-east-1"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    table.client.cache_clear()
    with Stubber(table.client()) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()
    table.client.cache_clear()


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Waiting times of the code, which does not sleep."""
    waited: list[float] = []
    monkeypatch.setattr(table.time, "sleep", waited.append)
    return waited


def conflict(dynamodb: Stubber, operation: str, times: int = 1) -> None:
    for _ in range(times):
        dynamodb.add_client_error(operation, "TransactionConflictException")


def cancelled(dynamodb: Stubber, *codes: str) -> None:
    reasons = [{"Code": code} for code in codes]
    modeled = {"CancellationReasons": reasons}
    dynamodb.add_client_error("transact_write_items", "TransactionCanceledException", modeled_fields=modeled)


def noted(operation: str, what: Callable[[Any], str]) -> list[str]:
    """A parameter of each request made from now on."""
    seen: list[str] = []

    def note(params: Any, model: Any, **_: Any) -> None:
        assert model.name == operation
        seen.append(what(params))

    table.client().meta.events.register_last("before-parameter-build", note)  # after botocore added its token
    return seen


def test_a_single_write_blocked_by_a_transaction_is_retried(dynamodb: Stubber, pauses: list[float]):
    conflict(dynamodb, "put_item", 3)
    dynamodb.add_response("put_item", {})

    table.put_new(ITEM)

    assert len(pauses) == 3
    assert all(0 <= pause <= 1 for pause in pauses)


def test_an_update_is_retried_likewise(dynamodb: Stubber):
    conflict(dynamodb, "update_item", 2)
    dynamodb.add_response("update_item", {"Attributes": encode_item(ITEM)})

    assert table.update("a", "b", {"total": 1}, "attribute_exists(pk)") == ITEM


@pytest.mark.parametrize(
    "code", ["ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"]
)
def test_throttling_beyond_botocores_retries_is_waited_out(dynamodb: Stubber, pauses: list[float], code: str):
    dynamodb.add_client_error("get_item", code)
    dynamodb.add_response("get_item", {"Item": encode_item(ITEM)})

    assert table.get(ITEM["pk"], ITEM["sk"]) == ITEM
    assert len(pauses) == 1


def test_a_conflict_that_never_ends_is_raised_in_the_end(dynamodb: Stubber, pauses: list[float]):
    conflict(dynamodb, "put_item", 12)

    with pytest.raises(table.ClientError, match="TransactionConflictException"):
        table.put_new(ITEM)

    assert len(pauses) == 11
    assert sum(pauses) < 11


@pytest.mark.parametrize(
    "codes",
    [
        ("TransactionConflict",),
        ("None", "TransactionConflict"),
        ("ThrottlingError", "TransactionConflict"),
        ("None", "RequestLimitExceeded"),
    ],
)
def test_a_transaction_cancelled_by_another_is_retried(dynamodb: Stubber, codes: tuple[str, ...]):
    cancelled(dynamodb, *codes)
    dynamodb.add_response("transact_write_items", {})

    table.transact([table.put_action(ITEM)])


def test_a_transaction_still_in_progress_from_an_earlier_try_is_waited_out(dynamodb: Stubber, pauses: list[float]):
    dynamodb.add_client_error("transact_write_items", "TransactionInProgressException")
    dynamodb.add_response("transact_write_items", {})

    table.transact([table.put_action(ITEM)])

    assert len(pauses) == 1


def test_all_tries_of_a_transaction_have_one_token_and_the_next_transaction_has_another(dynamodb: Stubber):
    cancelled(dynamodb, "TransactionConflict")
    for _ in range(2):
        dynamodb.add_response("transact_write_items", {})
    tokens = noted("TransactWriteItems", lambda params: params["ClientRequestToken"])

    table.transact([table.put_action(ITEM)])
    table.transact([table.put_action(ITEM)])

    assert [tokens[0] == tokens[1], tokens[1] == tokens[2]] == [True, False]


def test_a_failed_condition_names_its_positions_and_is_not_retried(dynamodb: Stubber, pauses: list[float]):
    cancelled(dynamodb, "None", "ConditionalCheckFailed", "TransactionConflict", "ConditionalCheckFailed")

    with pytest.raises(ConditionFailed) as failure:
        table.transact([table.put_action(ITEM)] * 4)

    assert list(failure.value.positions) == [1, 3]
    assert pauses == []


@pytest.mark.parametrize("codes", [("ValidationError",), ("TransactionConflict", "ItemCollectionSizeLimitExceeded")])
def test_a_transaction_that_can_never_pass_is_not_retried(dynamodb: Stubber, codes: tuple[str, ...]):
    cancelled(dynamodb, *codes)

    with pytest.raises(table.ClientError, match="TransactionCanceledException"):
        table.transact([table.put_action(ITEM)])


@pytest.mark.parametrize("code", ["ValidationException", "AccessDeniedException", "ResourceNotFoundException"])
def test_any_other_error_is_raised_unchanged(dynamodb: Stubber, code: str):
    dynamodb.add_client_error("put_item", code)

    with pytest.raises(table.ClientError, match=code):
        table.put_new(ITEM)


def test_a_put_to_a_taken_key_carries_the_stored_item(dynamodb: Stubber):
    occupied(dynamodb, {**ITEM, "nonce": "another"})

    with pytest.raises(ConditionFailed) as failure:
        table.put_new(ITEM)

    assert failure.value.item == {**ITEM, "nonce": "another"}


def test_a_put_whose_response_was_lost_recognizes_its_own_write(dynamodb: Stubber, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(table.secrets, "token_hex", lambda _: "mine")
    occupied(dynamodb, {**ITEM, "nonce": "mine"})

    table.put_new(ITEM)


def test_a_put_recognizes_its_own_write_even_after_a_change(dynamodb: Stubber, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(table.secrets, "token_hex", lambda _: "mine")
    conflict(dynamodb, "put_item")
    occupied(dynamodb, {**ITEM, "nonce": "mine", "version": 2})

    table.put_new(ITEM)


def test_two_puts_never_have_the_same_nonce(dynamodb: Stubber):
    nonces = noted("PutItem", lambda params: params["Item"]["nonce"]["S"])
    for _ in range(2):
        dynamodb.add_response("put_item", {})

    table.put_new(ITEM)
    table.put_new(ITEM)

    assert len(set(nonces)) == 2


def occupied(dynamodb: Stubber, item: dict[str, Any]) -> None:
    modeled = {"Item": encode_item(item)}
    dynamodb.add_client_error("put_item", "ConditionalCheckFailedException", modeled_fields=modeled)


def test_a_batch_requests_each_key_once_and_unprocessed_keys_again(dynamodb: Stubber, pauses: list[float]):
    first, second = ({"pk": "a", "sk": "1"}, {"pk": "b", "sk": "2"})
    left = {"ledger": {"Keys": [encode_item(second)], "ConsistentRead": True}}
    asked = {"ledger": {"Keys": [encode_item(first), encode_item(second)], "ConsistentRead": True}}
    answer = {"Responses": {"ledger": [encode_item(first)]}, "UnprocessedKeys": left}
    dynamodb.add_response("batch_get_item", answer, {"RequestItems": asked})
    dynamodb.add_response("batch_get_item", {"Responses": {"ledger": [encode_item(second)]}}, {"RequestItems": left})

    found = table.batch_get([("a", "1"), ("b", "2"), ("a", "1")])

    assert found == {("a", "1"): first, ("b", "2"): second}
    assert len(pauses) == 1


def test_more_than_a_hundred_keys_take_two_requests(dynamodb: Stubber):
    for _ in range(2):
        dynamodb.add_response("batch_get_item", {"Responses": {}}, {"RequestItems": ANY})

    assert table.batch_get((str(number), "x") for number in range(101)) == {}


def test_no_keys_take_no_request(dynamodb: Stubber):
    assert table.batch_get([]) == {}


def test_a_query_reads_every_page_strongly_consistently(dynamodb: Stubber):
    key = encode_item({"pk": "a", "sk": "1"})
    asked = {
        "TableName": "ledger",
        "KeyConditionExpression": "pk = :pk AND begins_with(sk, :sk)",
        "ExpressionAttributeValues": {":pk": {"S": "a"}, ":sk": {"S": "award#"}},
        "ConsistentRead": True,
    }
    dynamodb.add_response("query", {"Items": [key], "LastEvaluatedKey": key}, asked)
    dynamodb.add_response("query", {"Items": [key]}, asked | {"ExclusiveStartKey": key})

    assert table.query("a", "award#") == [{"pk": "a", "sk": "1"}] * 2


def test_every_write_carries_the_current_trace(dynamodb: Stubber):
    with tracing("request-1", "evt_1"):
        traced = table.put_action(ITEM)["Put"]["Item"]
        changed = table.update_action("a", "b", {"total": 1}, "")["Update"]
    untraced = table.put_action(ITEM)["Put"]["Item"]

    trace = encode_item({"trace": {"correlationId": "request-1", "causationId": "evt_1"}})
    assert traced == untraced | trace
    assert trace["trace"] in changed["ExpressionAttributeValues"].values()
