from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from boto3.dynamodb.types import TypeDeserializer
from hypothesis import given
from hypothesis import strategies as st

from tributary.ledger.store.values import decode, decode_item, encode, encode_item, size

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=9)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**37), 10**37) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(TEXT, PLAIN, max_size=4))
def test_plain_values_survive_a_round_trip_through_the_ledger(item: dict[str, Any]):
    back = decode_item(encode_item(item))

    assert back == item
    assert repr(back) == repr(item)  # 1 is not True


@given(PLAIN)
def test_the_encoding_is_the_one_that_boto_reads(value: Any):
    read = TypeDeserializer().deserialize(encode(value))

    assert read == value


@pytest.mark.parametrize("value", [1.5, 5.0, float("nan"), Decimal("1"), {1}, datetime.now(UTC), object()])
def test_a_value_that_is_not_plain_is_refused(value: Any):
    for held in (value, [value], {"deep": [value]}):
        with pytest.raises(TypeError, match="does not belong in the ledger"):
            encode(held)


def test_a_tuple_is_stored_as_a_list_and_a_bool_is_not_a_number():
    assert decode(encode((1, "a"))) == [1, "a"]
    assert encode(True) == {"BOOL": True}


def dynamodb_size(value: Any) -> int:
    """An item's bytes, counted as in the developer guide."""
    if isinstance(value, str):
        return len(value.encode())
    if isinstance(value, bool) or value is None:
        return 1
    if isinstance(value, int):
        return (len(str(abs(value)).rstrip("0")) + 1) // 2 + 1 + (value < 0)
    if isinstance(value, dict):
        return 3 + sum(len(name.encode()) + dynamodb_size(held) + 1 for name, held in value.items())
    return 3 + sum(1 + dynamodb_size(held) for held in value)


@given(st.dictionaries(TEXT, PLAIN, max_size=4))
def test_a_size_is_never_less_than_dynamodb_counts(item: dict[str, Any]):
    assert size(item) >= dynamodb_size(item)
