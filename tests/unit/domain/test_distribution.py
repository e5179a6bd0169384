"""Revenue, pool and shares of a distribution: exact, never more than there is, and nothing of what is given back."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.builders import distributor, given_back, transaction
from tests.unit.examples import EXAMPLES
from tributary.domain.distribution import Scored, Worth, pool_of, shares_of, weighed, worth
from tributary.domain.distributor import Distributor
from tributary.domain.program import LineItemFilters
from tributary.domain.transaction import Line, Transaction

BOOK, POSTAGE = Line("Book", 10000), Line("Postage", 500, type="shipping")
OFF = Line("Coupon", -2000, type="discount")
MONTHLY = distributor()


def owned(value: int, *owners: int) -> Line:
    return Line("Song", value, attributes={"collaborators": str(list(owners))})


def test_a_sale_is_worth_the_lines_that_count():
    assert worth(transaction(BOOK, POSTAGE), MONTHLY) == Worth(10000, 10000)
    assert worth(transaction(BOOK, POSTAGE), distributor(compilers=("includeShipping",))) == Worth(500, 500)
    assert worth(transaction(BOOK, POSTAGE), distributor(compilers=())) == Worth()


def test_a_refund_lowers_what_a_sale_is_worth_after_refunds_only():
    assert worth(given_back(transaction(BOOK), loose=2500), MONTHLY) == Worth(10000, 7500)


@pytest.mark.parametrize("status", ["refunded", "cancelled", "deleted"])
def test_an_ended_sale_is_worth_nothing(status: str):
    assert worth(transaction(BOOK, status=status), MONTHLY) == Worth(10000, 0)


def test_a_sale_in_another_currency_is_worth_nothing():
    assert worth(transaction(BOOK, currency="EUR"), MONTHLY) == Worth()


def test_a_sale_of_before_the_distributor_or_after_its_end_is_worth_nothing():
    later = distributor(created_at="2025-03-10T09:00:00.001Z")
    ended = distributor(ended_at="2025-03-10T09:00:00.000Z")

    assert worth(transaction(BOOK), later) == worth(transaction(BOOK), ended) == Worth()
    assert worth(transaction(BOOK), distributor(created_at="2025-03-10T09:00:00.000Z")).value == 10000


def test_discounts_lower_the_revenue_if_they_are_counted_and_never_below_zero():
    both = ("includeLineItems", "includeDiscounts")

    assert worth(transaction(BOOK, OFF), MONTHLY).value == 10000
    assert worth(transaction(BOOK, OFF), distributor(compilers=both)).value == 8000
    assert worth(transaction(BOOK, total=7000), distributor(compilers=both)).value == 7000
    assert worth(transaction(BOOK, OFF), distributor(compilers=("includeDiscounts",))) == Worth()


def test_the_owner_filter_takes_lines_of_any_of_the_collaborators():
    sale = transaction(owned(100, 1), owned(200, 2, 9), owned(400, 9), owned(800))
    only_owned = distributor(filters=LineItemFilters(collaborator_owned=True))

    assert worth(sale, only_owned).value == 300
    assert worth(sale, replace(only_owned, collaborators=(7,))) == Worth()


def scored(*weights: int) -> list[Scored]:
    return [Scored(number + 1, weight, weight) for number, weight in enumerate(weights)]


@pytest.mark.parametrize(
    ("resolver", "weights"),
    [("sharedPool", [1, 1, 1]), ("weightedPool", [5, 9, 9]), ("topScoreWins", [0, 1, 0])],
)
def test_each_resolver_weighs_scores_in_its_own_way(resolver: str, weights: list[int]):
    found = weighed(distributor(resolver=resolver), {1: 5, 2: 9, 3: 9, 4: 50}, {1, 2, 3, 4})

    assert [(it.collaborator_id, it.weight) for it in found] == list(zip((1, 2, 3), weights, strict=True))


def test_a_collaborator_without_a_score_or_not_active_gets_no_share():
    found = weighed(MONTHLY, {1: 5, 2: 7}, {2, 3})

    assert [(it.collaborator_id, it.score, it.weight) for it in found] == [(1, 5, 0), (2, 7, 7)]
    assert shares_of(MONTHLY, Worth(10000, 10000), found) == [0, 1000]
    assert shares_of(MONTHLY, Worth(10000, 10000), []) == []
    assert shares_of(MONTHLY, Worth(10000, 10000), weighed(MONTHLY, {1: 5}, set())) == [0]


def test_the_pool_is_rounded_half_up_once():
    assert pool_of(distributor(percentage=Decimal("12.5")), Worth(100, 100)) == 13
    assert pool_of(distributor(percentage=Decimal("12.4")), Worth(100, 100)) == 12


@pytest.mark.parametrize(
    ("remainder", "weights", "revenue", "shares"),
    [
        ("drop", (1, 1, 1), Worth(1000, 1000), [33, 33, 33]),
        ("largest", (1, 1, 1), Worth(1000, 1000), [34, 33, 33]),
        ("largest", (1, 1, 1), Worth(1000, 500), [17, 17, 16]),
        ("largest", (1, 3, 3), Worth(40, 40), [0, 2, 2]),
        ("largest", (1, 3, 3), Worth(40, 30), [0, 1, 1]),
    ],
)
def test_odd_units_are_handed_out_as_of_shared_rewards(remainder, weights, revenue, shares):
    assert shares_of(distributor(pool_remainder=remainder), revenue, scored(*weights)) == shares


amounts = st.lists(st.integers(0, 5000), min_size=1, max_size=5)
distributors = st.builds(
    distributor,
    percentage=st.integers(1, 1000).map(lambda tenths: Decimal(tenths) / 10),
    resolver=st.sampled_from(["sharedPool", "weightedPool", "topScoreWins"]),
    pool_remainder=st.sampled_from(["drop", "largest"]),
)


def sale_of(amount: int, back: int) -> Transaction:
    sale = transaction(Line("Book", amount), POSTAGE)
    refunded = given_back(sale, loose=min(back, sale.refundable))
    return replace(refunded, status="refunded") if back >= sale.refundable else refunded


def revenue_of(rule: Distributor, sold: list[int], back: list[int]) -> Worth:
    return sum((worth(sale_of(*pair), rule) for pair in zip(sold, back, strict=True)), Worth())


@settings(deadline=None, max_examples=EXAMPLES)
@given(distributors, amounts, st.data(), st.dictionaries(st.integers(1, 3), st.integers(1, 9), min_size=1))
def test_shares_never_exceed_the_pool_and_never_rise_with_refunds(rule, sold, data, scores):
    less, more = (data.draw(st.lists(st.integers(0, 6000), min_size=len(sold), max_size=len(sold))) for _ in range(2))
    more = [max(pair) for pair in zip(less, more, strict=True)]
    found = weighed(rule, scores, {1, 2, 3})
    before, after = revenue_of(rule, sold, less), revenue_of(rule, sold, more)

    assert 0 <= sum(shares_of(rule, before, found)) <= pool_of(rule, before) <= before.value <= before.whole
    assert all(
        later <= sooner
        for sooner, later in zip(shares_of(rule, before, found), shares_of(rule, after, found), strict=True)
    )


@settings(deadline=None, max_examples=EXAMPLES)
@given(distributors, amounts, st.dictionaries(st.integers(1, 3), st.integers(1, 9)))
def test_everything_given_back_leaves_no_share(rule, sold, scores):
    nothing = revenue_of(rule, sold, [10_000] * len(sold))

    assert (
        nothing.value == pool_of(rule, nothing) == sum(shares_of(rule, nothing, weighed(rule, scores, {1, 2, 3}))) == 0
    )


@settings(deadline=None, max_examples=EXAMPLES)
@given(distributors, st.integers(0, 9999), st.dictionaries(st.integers(1, 3), st.integers(1, 9), min_size=1))
def test_the_whole_pool_is_shared_where_odd_units_are_handed_out(rule, revenue, scores):
    handing_out, found = replace(rule, pool_remainder="largest"), weighed(rule, scores, {1, 2, 3})

    assert sum(shares_of(handing_out, Worth(revenue, revenue), found)) == pool_of(rule, Worth(revenue, revenue))
