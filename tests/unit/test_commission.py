from decimal import Decimal

import pytest

from tests.unit.making import program
from tributary.domain import commission
from tributary.domain.transaction import Line

CART = [
    Line("Bag", 4999),
    Line("Sock", 1999, 3),
    Line("Box", 700, type="subscription"),
    Line("Post", 500, type="shipping"),
    Line("VAT", 900, type="tax"),
    Line("Off", -300, type="discount"),
    Line("Fee", 50, type="fee"),
    Line("Odd", 10, type="whatever"),
]


def test_nothing_counts_until_a_compiler_is_enabled():
    assert commission.counting_lines(CART, program(compilers=())) == []


def test_line_items_are_products_and_subscriptions():
    positions = commission.counting_lines(CART, program())

    assert positions == [0, 1, 2]
    assert commission.base(CART, positions) == 4999 + 3 * 1999 + 700


@pytest.mark.parametrize(
    ("base", "percent", "reward"),
    [(4999, "10", 500), (20, "12.5", 3), (4999, "0", 0), (0, "10", 0), (-4999, "10", 0), (100, "250", 250)],
)
def test_a_percentage_of_the_base_is_rounded_half_up_and_never_negative(base: int, percent: str, reward: int):
    assert commission.reward(base, program(percent=Decimal(percent))) == reward
