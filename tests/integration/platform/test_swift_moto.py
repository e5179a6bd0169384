"""The quicker parts of moto answer as its own."""

import copy
from typing import Any

import boto3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moto import mock_aws
from moto.dynamodb.exceptions import ItemSizeTooLarge
from moto.dynamodb.models.dynamo_type import DynamoType, LimitedSizeDict

from tests.stack.swift_moto import copied, shown, size, swift_moto

SCALARS = (
    st.fixed_dictionaries({"S": st.text("aé€𝄞", max_size=5)})
    | st.fixed_dictionaries({"N": st.integers().map(str)})
    | st.fixed_dictionaries({"BOOL": st.booleans()})
    | st.fixed_dictionaries({"NULL": st.just(True)})
    | st.fixed_dictionaries({"B": st.just("aGVsbG8=")})
    | st.fixed_dictionaries({"SS": st.lists(st.text("aé€𝄞", max_size=5), min_size=1, max_size=3)})
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.fixed_dictionaries({"L": st.lists(inner, max_size=3)})
        | st.fixed_dictionaries({"M": st.dictionaries(st.text("aé€𝄞", max_size=3), inner, max_size=3)})
    ),
    max_leaves=8,
)


@settings(deadline=None)
@given(VALUES)
def test_a_value_has_the_size_the_json_and_the_copy_of_moto(written):
    value = DynamoType(written)

    assert size(value) == value.size()
    assert shown(value) == value.to_regular_json()
    assert shown(copied(value)) == shown(copy.deepcopy(value)) == shown(value)


def test_requests_and_answers_are_those_of_moto():
    every_type = {
        "S": {"S": "aé€𝄞"},
        "N": {"N": "-1.50"},
        "B": {"B": b"hello"},
        "M": {"M": {"L": {"L": [{"BOOL": False}, {"NULL": True}, {"B": b"hello"}]}, "M": {"M": {}}}},
        "SS": {"SS": ["a", "b"]},
        "NS": {"NS": ["1", "2"]},
        "BS": {"BS": [b"a", b"b"]},
    }
    with mock_aws():
        answer = put_and_read(every_type)
    with swift_moto(), mock_aws():
        assert put_and_read(every_type) == answer
    assert answer == [every_type | {"pk": {"S": "key"}}] * 2


def put_and_read(item: dict[str, Any]) -> list[Any]:
    """The item as GetItem and Query give it."""
    key = {"pk": {"S": "key"}}
    client = client_of_a_table_with(item | key)
    asked = {"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": {":pk": key["pk"]}}
    (queried,) = client.query(TableName="table", **asked)["Items"]
    return [client.get_item(TableName="table", Key=key)["Item"], queried]


def client_of_a_table_with(item: dict[str, Any]) -> Any:
    client = boto3.client("dynamodb", "us-east-1", aws_access_key_id="key", aws_secret_access_key="secret")
    of_key: dict[str, Any] = {"KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}]}
    of_key["AttributeDefinitions"] = [{"AttributeName": "pk", "AttributeType": "S"}]
    client.create_table(TableName="table", BillingMode="PAY_PER_REQUEST", **of_key)
    client.put_item(TableName="table", Item=item)
    return client


@given(VALUES, VALUES)
def test_values_compare_as_those_of_moto(left, right):
    values = DynamoType(left), DynamoType(right)
    equal, hashes = values[0] == values[1], [hash(it) for it in values if it.type not in ("L", "M", "SS")]

    with swift_moto():
        assert (values[0] == values[1]) is equal
        assert [hash(it) for it in values if it.type not in ("L", "M", "SS")] == hashes


def test_a_copy_shares_no_list_and_no_map_with_its_original():
    value = DynamoType({"M": {"a": {"L": [{"SS": ["b"]}]}}})

    made = copied(value)
    made.value["a"].value[0].value.append("c")
    made.value["a"].value.append(DynamoType({"S": "d"}))

    assert value.to_regular_json() == {"M": {"a": {"L": [{"SS": ["b"]}]}}}


@pytest.mark.parametrize(("length", "count"), [(50_000, 9), (500_000, 1)])
def test_an_item_that_is_too_large_is_refused(length, count):
    item, value = LimitedSizeDict(), DynamoType({"S": "x" * length})

    with swift_moto():
        for place in range(count - 1):
            item[str(place)] = value
        with pytest.raises(ItemSizeTooLarge):
            item["last"] = value


SET_AND_REMOVE = "SET #n = #n + :one, kept = if_not_exists(kept, :one), #m.#n = :one REMOVE gone"


@pytest.mark.parametrize(
    ("expression", "values"),
    [
        (SET_AND_REMOVE, {":one": {"N": "1"}}),
        ("ADD #n :one DELETE sorts :sort", {":one": {"N": "1"}, ":sort": {"SS": ["a"]}}),
        ("SET #n = :one SET kept = :one", {":one": {"N": "1"}}),
        ("SET #n = :one, #n = :one", {":one": {"N": "1"}}),
        ("SET #m.absent.inner = :one", {":one": {"N": "1"}}),
        ("SET pk = :one", {":one": {"S": "1"}}),
    ],
    ids=["set and remove", "add and delete", "two clauses of a kind", "one path twice", "path nowhere", "the key"],
)
def test_updates_are_those_of_moto(expression: str, values: Any):
    with mock_aws():
        told = updated(expression, values)
    with swift_moto(), mock_aws():
        assert updated(expression, values) == told


def updated(expression: str, values: Any) -> Any:
    """The item after an update made twice, or the refusal."""
    key = {"pk": {"S": "key"}}
    whole = {**key, "n": {"N": "1"}, "m": {"M": {}}, "gone": {"S": "x"}, "sorts": {"SS": ["a", "b"]}}
    client = client_of_a_table_with(whole)
    names = {placeholder: placeholder[1:] for placeholder in ("#n", "#m") if placeholder in expression}
    asked = {"UpdateExpression": expression, "ExpressionAttributeValues": values}
    asked |= {"ExpressionAttributeNames": names} if names else {}
    try:
        for _ in range(2):
            client.update_item(TableName="table", Key=key, **asked)
    except client.exceptions.ClientError as error:
        return error.response["Error"]
    return client.get_item(TableName="table", Key=key)["Item"]
