"""Scores by fifths: a greater value never scores less, and each fifth is a fifth."""

from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tributary.domain.rfm import bounds_of, rows_of, score, scores_of


def customer(at: str, count: int, net: int, currency: str = "EUR") -> dict[str, Any]:
    return {
        "totals": [{"currency": currency, "ordersCount": count, "netSpent": net}],
        "lastOrders": {currency: at} if count else {},
    }


def moment(day: int) -> str:
    return f"2026-01-{day:02}T00:00:00.000Z"


def test_two_of_ten_customers_have_each_score() -> None:
    all_of_them = [customer(moment(n + 1), n + 1, 1000 - n) for n in range(10)]
    bounds = bounds_of(all_of_them)

    scores = [scores_of(it, bounds)[0] for it in all_of_them]
    assert [it["frequency"] for it in scores] == [it["recency"] for it in scores] == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert [it["monetary"] for it in scores] == [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]


def test_currencies_are_scored_separately_and_customers_without_a_purchase_not_at_all() -> None:
    euros, francs = customer(moment(1), 1, 5), customer(moment(2), 9, 500, "CHF")
    returned_only = customer(moment(3), 0, -5)
    bounds = bounds_of([euros, francs, returned_only])

    assert [it["currency"] for it in scores_of(francs, bounds)] == ["CHF"]
    assert rows_of(returned_only) == {}
    assert scores_of(returned_only, bounds) == scores_of(customer(moment(1), 1, 1, "USD"), bounds) == []


@given(st.lists(st.integers(-100, 100), min_size=1, max_size=60))
def test_scores_follow_the_order_of_the_values_and_equal_ones_are_equal(values: list[int]) -> None:
    bounds = bounds_of(customer(moment(1), 1, net) for net in values)["EUR"]["monetary"]
    scored = [(value, score(value, bounds)) for value in sorted(values)]

    assert [it for _, it in scored] == sorted(it for _, it in scored)
    assert {it for _, it in scored} <= {1, 2, 3, 4, 5}
    if len(set(values)) == len(values) and len(values) % 5 == 0:
        assert set(Counter(it for _, it in scored).values()) == {len(values) // 5}
