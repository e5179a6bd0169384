"""Purchases: details sum up to the amount paid, and their units to the quantity sold."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tributary.api.noticia.requests.exact_json import exact_json
from tributary.domain.ids import is_named, named_id, number_of, unnamed_id
from tributary.domain.money import MAX_MINOR
from tributary.domain.sales_event import Article, balanced

WHOLE = st.integers(1, 10**6)
ARTICLES = st.builds(Article, st.just("Hat"), WHOLE, st.integers(0, 10**12))
BY_WEIGHT = st.decimals("0.000001", 10**6, places=6).filter(lambda it: it % 1 != 0)


@given(ARTICLES)
def test_sum_and_units_of_a_line_stay_exact_in_at_most_two_details(article: Article) -> None:
    details = article.details

    assert sum(it.total for it in details) == article.total
    assert sum(it.quantity for it in details) == article.quantity
    assert len(details) <= 2
    assert max(it.value for it in details) - min(it.value for it in details) <= 1


@given(BY_WEIGHT, st.integers(0, 10**12))
def test_a_line_by_weight_is_one_detail_worth_its_total(quantity: Decimal, total: int) -> None:
    (detail,) = Article("Cheese", quantity, total, price="3.99").details

    assert (detail.total, detail.quantity) == (total, 1)
    assert Decimal(detail.attributes["quantity"]) == quantity
    assert detail.attributes["unitAmount"] == "3.99"


@given(st.lists(ARTICLES, max_size=6), st.integers(1, 10**13))
def test_details_sum_up_to_the_amount_paid_and_only_a_discount_is_negative(articles: list[Article], total: int) -> None:
    lines = balanced(articles, total)

    assert sum(it.total for it in lines) == total
    assert all((it.value < 0) == (it.type == "discount") for it in lines)
    assert sum(it.quantity for it in lines if it.type == "product") == sum(it.quantity for it in articles)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.decimals(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(JSON)
def test_json_is_read_back_with_the_same_meaning(document: Any) -> None:
    text = exact_json(document)

    again = json.loads(text, parse_float=Decimal)
    assert again == document
    assert exact_json(again) == text


@pytest.mark.parametrize("text", ["1.0", "1.50", "-0.0", "0.1", "1E+400", "0.30000000000000004", '{"a":[1,true,null]}'])
def test_numbers_keep_their_digits(text: str) -> None:
    assert exact_json(json.loads(text, parse_float=Decimal)) == text


def test_text_ids_derive_from_their_cause_or_are_random() -> None:
    assert named_id("evt", "demo", "1") == named_id("evt", "demo", "1") != named_id("evt", "demo", "2")
    assert unnamed_id("evt") != unnamed_id("evt")
    for one in (named_id("evt", "demo", "1"), unnamed_id("evt")):
        assert is_named("evt", one)
        assert not is_named("store", one)
        assert 0 <= number_of(one) <= MAX_MINOR
