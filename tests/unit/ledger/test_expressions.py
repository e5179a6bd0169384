"""Update expressions: changes that set, add, count from nothing, copy and remove."""

from tributary.ledger.store.expressions import GONE, Plus, Same, Tally, update_of


def test_a_tally_adds_to_zero_where_there_is_nothing():
    found = update_of({"listed.totals.#USD": Tally(500)}, "", {})

    assert found["UpdateExpression"] == "SET listed.totals.#USD = if_not_exists(listed.totals.#USD, :zero) + :set0"
    assert found["ExpressionAttributeValues"] == {":set0": {"N": "500"}, ":zero": {"N": "0"}}
    assert found["ExpressionAttributeNames"] == {"#USD": "USD"}


def test_a_plus_adds_to_what_is_there_and_needs_no_zero():
    found = update_of({"#version": Plus(1)}, "", {})

    assert found["UpdateExpression"] == "SET #version = #version + :set0"
    assert found["ExpressionAttributeValues"] == {":set0": {"N": "1"}}


def test_changes_of_every_kind_share_one_expression():
    found = update_of({"#a": 1, "#b": Tally(-2), "#c": Same("#a"), "#d": GONE}, "#a = :seen", {"seen": 3})

    assert found["UpdateExpression"] == "SET #a = :set0, #b = if_not_exists(#b, :zero) + :set1, #c = #a REMOVE #d"
    assert found["ConditionExpression"] == "#a = :seen"
    values = {":seen": {"N": "3"}, ":set0": {"N": "1"}, ":set1": {"N": "-2"}, ":zero": {"N": "0"}}
    assert found["ExpressionAttributeValues"] == values
