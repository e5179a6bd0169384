from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.builders import program
from tributary.domain.commission import base, counting_lines, positions_of, ranges, reward
from tributary.domain.program import COMPILERS, LineItemFilters
from tributary.domain.transaction import Line

BASKET = (
    Line("Book", 1000, 2, attributes={"sku": "B-1", "categories": '["books", "new"]', "collaborators": "[88, 89]"}),
    Line("Song", 300, attributes={"sku": "S-1", "categories": '["music"]', "collaborators": "[90]"}),
    Line("Club", 500, type="subscription", attributes={"categories": '["books"]'}),
    Line("Post", 400, type="shipping"),
    Line("Tax", 200, type="tax"),
    Line("Gift wrap", 150, type="fee"),
    Line("Sale", -250, type="discount"),
    Line("Wish", 100, type="donation"),
)
ALL = tuple(COMPILERS)


@pytest.mark.parametrize(
    ("compilers", "counting"),
    [
        ((), ()),
        (("includeLineItems",), (0, 1, 2)),
        (("includeDiscounts",), (6,)),
        (("includeFees",), (5,)),
        (("includeShipping",), (3,)),
        (("includeTaxes",), (4,)),
        (ALL, (0, 1, 2, 3, 4, 5, 6)),
    ],
)
def test_a_compiler_counts_its_own_line_types_only(compilers: tuple[str, ...], counting: tuple[int, ...]):
    assert counting_lines(BASKET, program(compilers=compilers), 88) == counting


@pytest.mark.parametrize(
    ("filters", "counting"),
    [
        ({}, (0, 1, 2)),
        ({"types": ("product",)}, (0, 1)),
        ({"categories": ("new", "music")}, (0, 1)),
        ({"skus": ("S-1",)}, (1,)),
        ({"collaborator_owned": True}, (0,)),
        ({"types": ("subscription",), "categories": ("books",)}, (2,)),
        ({"types": ("subscription",), "collaborator_owned": True}, ()),
    ],
)
def test_a_filter_counts_matching_items_only(filters: dict[str, object], counting: tuple[int, ...]):
    assert counting_lines(BASKET, program(filters=LineItemFilters(**filters)), 88) == counting


def test_filters_apply_to_items_and_not_to_other_lines():
    filtered = program(compilers=ALL, filters=LineItemFilters(skus=("nothing",), collaborator_owned=True))

    assert counting_lines(BASKET, filtered, 88) == (3, 4, 5, 6)


@pytest.mark.parametrize("held", ["{}", "88", '"books"', "null"])
def test_an_attribute_that_is_not_a_list_matches_nothing(held: str):
    line = Line("Odd", 100, attributes={"categories": held, "collaborators": held})

    assert counting_lines([line], program(filters=LineItemFilters(categories=("books",))), 88) == ()
    assert counting_lines([line], program(filters=LineItemFilters(collaborator_owned=True)), 88) == ()


@pytest.mark.parametrize(
    ("settings", "owed"),
    [
        ({"percent": Decimal("12.5")}, 306),
        ({"percent": Decimal(0)}, 0),
        ({"incentive": "saleFixedPerTransaction", "payout": 700}, 700),
        ({"incentive": "saleFixedPerProduct", "payout": 800}, 2400),
    ],
)
def test_the_reward_follows_from_the_counting_lines(settings: dict[str, object], owed: int):
    counting = (0, 1, 3, 6)

    assert base(BASKET, counting) == 2 * 1000 + 300 + 400 - 250
    assert reward(BASKET, counting, program(**settings)) == owed


@pytest.mark.parametrize(
    ("amount", "percent", "owed"),
    [(4999, "10", 500), (20, "12.5", 3), (4999, "0", 0), (0, "10", 0), (-4999, "10", 0), (100, "250", 250)],
)
def test_a_percentage_of_the_base_is_rounded_half_up_and_never_negative(amount: int, percent: str, owed: int):
    assert reward([Line("Bag", amount)], [0], program(percent=Decimal(percent))) == owed


def test_a_negative_base_makes_no_negative_reward():
    assert reward(BASKET, (6,), program(compilers=ALL, percent=Decimal(10))) == 0


@pytest.mark.parametrize("amount", [0, -1])
@pytest.mark.parametrize("incentive", ["saleFixedPerTransaction", "saleFixedPerProduct"])
def test_a_fixed_payout_needs_a_base_above_zero(incentive: str, amount: int):
    lines = [Line("Bag", 500), Line("Gift", amount - 500, type="discount")]
    fixed = program(incentive=incentive, payout=700)

    assert reward(lines, [0, 1], fixed) == 0
    assert reward(lines, [0], fixed) == 700


def test_a_free_line_is_no_unit_of_a_payout_per_product():
    lines = [Line("Bag", 500, 2), Line("Gift", 0, 3)]

    assert reward(lines, [0, 1], program(incentive="saleFixedPerProduct", payout=700)) == 1400


def test_a_lead_pays_without_a_base():
    assert reward([], [], program(incentive="leadFixed", payout=700)) == 700


@given(st.sets(st.integers(0, 999)))
def test_positions_written_as_ranges_are_read_back_unchanged(positions: set[int]):
    assert positions_of(ranges(sorted(positions))) == sorted(positions)


@pytest.mark.parametrize(
    ("positions", "text"),
    [([], ""), ([0], "0"), ([0, 1, 2, 3, 7], "0-3,7"), ([5, 7, 8], "5,7-8"), (range(1000), "0-999")],
)
def test_ranges_are_as_short_as_possible(positions: list[int], text: str):
    assert ranges(positions) == text
