"""Placed orders: sales of the amount paid, whatever the prices."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.examples import EXAMPLES
from tributary.domain.order import STATUSES, OrderItem, job_id, order_digest, paid_lines, read_job_id
from tributary.domain.transaction import Line

DECIMALS = st.decimals("0.000001", 1000, places=6)
PRICES = st.integers(0, 2**53 - 1) | st.decimals(0, 10**9, places=6)
ITEMS = st.builds(
    OrderItem,
    st.sampled_from(["p-1", "p-2"]),
    st.just("Widget"),
    st.integers(1, 1000) | DECIMALS,
    st.none() | st.integers(0, 10**6) | DECIMALS,
)


def paid(total: int, *items: tuple[int, int | None]) -> list[tuple[int, int]]:
    """Value and quantity of each detail of items given as (quantity, price)."""
    bought = [OrderItem(f"p-{place}", "Widget", quantity, price) for place, (quantity, price) in enumerate(items)]
    return [(line.value, line.quantity) for line in paid_lines(total, "USD", bought)]


def test_prices_that_make_the_total_are_the_values():
    assert paid(4999, (2, 1500), (1, 1999)) == [(1500, 2), (1999, 1)]


def test_discounts_and_surcharges_are_spread_by_price():
    assert paid(900, (1, 500), (1, 500)) == [(450, 1), (450, 1)]
    assert paid(1200, (1, 750), (1, 250)) == [(900, 1), (300, 1)]


def test_items_without_a_price_share_the_rest_by_quantity():
    assert paid(1000, (1, None), (3, None)) == [(250, 1), (250, 3)]
    assert paid(1000, (1, 600), (2, None)) == [(600, 1), (200, 2)]


def test_a_free_item_among_priced_items_has_a_zero_share():
    assert paid(500, (1, 500), (1, 0), (1, None)) == [(500, 1), (0, 1), (0, 1)]


def test_items_that_are_all_free_share_a_total_by_quantity():
    assert paid(300, (1, 0), (2, 0)) == [(100, 1), (100, 2)]


def test_an_amount_that_does_not_divide_evenly_makes_two_details():
    assert paid(1000, (3, None)) == [(333, 2), (334, 1)]


def test_a_quantity_with_decimals_is_one_detail_with_its_price_before_discounts():
    (line,) = paid_lines(500, "USD", [OrderItem("p", "Cheese", Decimal("0.50"), 1250)])

    assert (line.value, line.quantity) == (500, 1)
    assert line.attributes == {"externalId": "p", "quantity": "0.50", "unitAmount": "12.50"}


def test_a_detail_names_its_product_and_variant():
    (line,) = paid_lines(5, "USD", [OrderItem("p", "Widget", 1, 5, {"sku": "s"})])

    assert (line.name, line.type, line.attributes) == ("Widget", "product", {"externalId": "p", "sku": "s"})


@given(total=st.integers(0, 10**9), items=st.lists(ITEMS, max_size=8))
def test_details_sum_up_to_the_total_and_keep_every_unit(total: int, items: list[OrderItem]):
    lines = paid_lines(total, "USD", items)

    units = [item.quantity if item.quantity % 1 == 0 else 1 for item in items]
    assert sum(line.quantity for line in lines) == sum(units)
    assert sum(line.total for line in lines) == (total if items else 0)
    assert all(line.value >= 0 for line in lines)


@settings(max_examples=EXAMPLES)
@given(st.lists(st.builds(OrderItem, st.just("p"), st.just("W"), DECIMALS, PRICES), max_size=8))
def test_prices_by_weight_that_make_the_total_are_wrong_by_half_a_minor_unit_at_most(items: list[OrderItem]):
    exact = [Fraction(item.quantity) * Fraction(item.price or 0) for item in items]
    rounded = [floor(it + Fraction(1, 2)) for it in exact]

    lines = paid_lines(sum(rounded), "USD", items)

    of_items = _totals(lines)
    assert of_items == rounded
    assert all(abs(total - it) <= Fraction(1, 2) for total, it in zip(of_items, exact, strict=True))


def _totals(lines: Sequence[Line]) -> list[int]:
    """The total of each item."""
    totals: list[int] = []
    for line in lines:
        if line.continues:
            totals[-1] += line.total
        else:
            totals.append(line.total)
    return totals


@given(st.text(min_size=1), st.text(min_size=1), st.sampled_from(STATUSES), st.none() | st.text(min_size=1))
def test_the_id_of_a_job_leads_to_its_order(source: str, order_id: str, status: str, refund_id: str | None):
    found = read_job_id(job_id(source, order_id, status, refund_id))

    assert found is not None
    assert found[0] == order_digest(source, order_id)
    assert found[1].startswith(status)
