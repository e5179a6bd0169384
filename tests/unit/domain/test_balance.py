"""Worked numbers and properties of the balance of a sale: 10 % of the products unless said."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.examples import EXAMPLES
from tributary.domain.balance import Balance, Versions, balance
from tributary.domain.given_back import FINE, GivenBack
from tributary.domain.shares import spread
from tributary.domain.transaction import Line

TENTH = 10


def product(value: int, name: str = "P", **members: object) -> Line:
    return Line(name, value, attributes={"externalId": name}, **members)  # type: ignore[arg-type]


def other(value: int, kind: str, name: str = "O") -> Line:
    return Line(name, value, type=kind, attributes={"externalId": name})


@dataclass(frozen=True)
class Case:
    """A sale, the refunds of it and the commission that stays owed, in cents."""

    lines: tuple[Line, ...]
    total: int | None
    given: GivenBack
    owed: int
    left: int


def back(loose: int = 0, rests: int = 0, **items: int) -> GivenBack:
    return GivenBack(
        by_external_id={name: cents * FINE for name, cents in items.items()}, loose=loose * FINE, rests=rests
    )


def tenth_of(lines: Iterable[Line]) -> int:
    return sum(line.total for line in lines if line.type == "product") // TENTH


def products_of(lines: Iterable[Line]) -> list[int]:
    return [place for place, line in enumerate(lines) if line.type == "product"]


P80 = product(8000)
CASES = {
    "half of a total with postage": Case((P80,), 8800, back(4400), 400, 4400),
    "both halves of a total with postage": Case((P80,), 8800, back(8800), 0, 0),
    "half of a total above its subtotal": Case((product(10000),), 10800, back(5400), 500, 5400),
    "items and loose money": Case(
        (product(3000, "L"), product(7000, "D"), other(1000, "shipping", "P")),
        11000,
        back(1000, P=1000, L=3000, D=3500),
        250,
        2500,
    ),
    "postage by item, nearly all by amount": Case(
        (product(3000, "A"), other(7000, "shipping", "S")), None, back(2999, S=7000), 1, 1
    ),
    "half of a total with a basket discount": Case((product(10000, "A"),), 9000, back(4500), 500, 4500),
    "an item, with a discount line": Case(
        (product(10000, "A"), other(-2000, "discount")), None, back(A=4000), 500, 4000
    ),
    "a discount of all": Case((product(10000, "A"), other(-10000, "discount")), None, back(), 0, 0),
    "an item at its listed value, discounted": Case(
        (product(5000, "A"), other(5000, "shipping", "S")), 8000, back(A=5000), 0, 3000
    ),
    "postage at its listed value, discounted": Case(
        (product(5000, "A"), other(5000, "shipping", "S")), 8000, back(S=5000), 375, 3000
    ),
    "postage twice": Case((other(6000, "shipping", "S"), product(4000, "B")), None, back(S=10000), 0, 0),
    "an item that never was": Case((product(10000),), None, back(X=6000), 400, 4000),
    "more than was paid": Case((product(10000),), None, back(12000), 0, 0),
    "all the rest and a part": Case((product(10000),), None, back(4000, rests=1), 0, 0),
    "a part, with the rest withdrawn": Case((product(10000),), None, back(4000), 600, 6000),
    "more than a changed sale": Case((product(5000),), None, back(6000), 0, 0),
    "a sale changed to more": Case((product(12000),), None, back(6000), 600, 6000),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_worked_numbers(case: Case):
    made = balance(case.lines, case.total, case.given)

    assert made.owed(tenth_of(case.lines), products_of(case.lines)) == case.owed
    assert made.left == case.left


def test_the_share_of_what_is_left_is_rounded_down_once():
    """17.5 % of 333.33, given back as 100.01, 100.01 and 33.31."""
    made = balance((product(33333),), None, back(10001 + 10001 + 3331))

    assert made.owed(5833, [0]) == 1750


def test_a_fixed_reward_is_reduced_by_the_share_of_what_was_paid():
    made = balance((product(100, "A"), other(1, "shipping")), None, back(1))

    assert made.owed(500, [0]) == 496


def test_a_discount_that_no_line_lists_lowers_the_base_of_a_program_that_counts_discounts():
    made = balance((product(10000, "A"),), 9000, back(4500))

    assert made.owed(900, [0]) == 450


def test_an_item_of_a_version_that_is_gone_takes_nothing():
    made = balance((product(6000, "A"),), None, back(B=4000), Versions(2, frozenset({"A", "B"})))

    assert made.owed(600, [0]) == 600


def test_lines_at_their_own_rates_weigh_by_them():
    lines = (product(10000, "A"), product(10000, "B"))
    rates = {0: 20, 1: 5}

    assert balance(lines, None, back(A=5000)).owed(2500, [0, 1], rates) == 1500
    assert balance(lines, None, back(10000)).owed(2500, [0, 1], rates) == 1250


def test_a_capped_reward_is_reduced_after_the_cap():
    assert balance((product(100000),), None, back(50000)).owed(5000, [0]) == 2500


def test_units_of_a_fine_price_are_rounded_together():
    """2 × 8.165 at 10 %: one unit back, then the other."""
    details = (product(816, "A"), product(817, "A", continues=True))
    unit = 8_165 * FINE // 10

    one = balance(details, None, GivenBack(by_position={0: unit}))
    both = balance(details, None, GivenBack(by_position={0: 2 * unit}))

    assert one.owed(163, [0, 1]) == 81 + 1
    assert (both.owed(163, [0, 1]), both.left, both.loose) == (0, 0, 0)


# properties

AMOUNTS = st.integers(0, 3000)
SIGNED = st.integers(-1500, 3000)
NAMES = st.sampled_from("ABCX")


@st.composite
def sales(draw: st.DrawFn) -> tuple[tuple[Line, ...], int | None]:
    values = draw(st.lists(st.tuples(SIGNED, st.integers(1, 3), st.sampled_from(["product", "shipping"])), max_size=4))
    lines = tuple(
        Line("L", value, quantity, kind, attributes={"externalId": "ABC"[place % 3]})
        for place, (value, quantity, kind) in enumerate(values)
    )
    return lines, draw(st.none() | st.integers(0, 9000))


@st.composite
def refunds(draw: st.DrawFn) -> GivenBack:
    fine = st.integers(0, 3000 * 10**3).map(lambda it: it * 10**9)
    return GivenBack(
        draw(st.dictionaries(st.integers(0, 4), fine, max_size=3)),
        draw(st.dictionaries(NAMES, fine, max_size=3)),
        draw(fine),
        draw(st.sampled_from([0, 0, 0, 1])),
    )


def value(made: Balance, lines: Iterable[Line], reward: int) -> int:
    return made.owed(reward, products_of(lines))


@settings(deadline=None, max_examples=EXAMPLES)
@given(sales(), refunds(), refunds(), st.integers(0, 5000))
def test_a_further_refund_never_raises_the_amount_owed(sale, first, second, reward):
    lines, total = sale

    before, after = (balance(lines, total, it) for it in (first, first + second))

    assert value(after, lines, reward) <= value(before, lines, reward)
    assert after.left <= before.left


@settings(deadline=None, max_examples=EXAMPLES)
@given(sales(), refunds(), st.integers(0, 5000))
def test_the_amount_owed_is_the_exact_share_rounded_up(sale, back, reward):
    """Also: nothing back is the whole, everything back is zero."""
    lines, total = sale
    made = balance(lines, total, back)
    owed = value(made, lines, reward)
    whole = sum(made.paid[place] for place in products_of(lines))

    assert 0 <= owed <= reward
    if not made.given_back and whole:
        assert owed == reward
    if not made.left:
        assert owed == 0
    if whole and made.total > sum(made.back):
        kept = whole - sum(made.back[place] for place in products_of(lines))
        rest = made.total - sum(made.back)
        numerator, denominator = reward * kept * (rest - made.loose), whole * rest
        assert numerator <= owed * denominator < numerator + denominator


@settings(deadline=None, max_examples=EXAMPLES)
@given(sales(), refunds())
def test_a_balance_adds_up(sale, back):
    lines, total = sale
    made = balance(lines, total, back)

    assert 0 <= made.given_back <= made.total
    assert all(0 <= part <= paid for part, paid in zip(made.back, made.paid, strict=True))
    assert sum(made.paid) <= made.total
    assert made.left == made.total - made.given_back


@settings(deadline=None, max_examples=EXAMPLES)
@given(sales(), refunds(), st.integers(0, 5000), st.data())
def test_an_item_in_two_details_is_owed_the_same(sale, back, reward, data):
    lines, total = sale
    if not lines:
        return
    place = data.draw(st.integers(0, len(lines) - 1))
    line = lines[place]
    cut = data.draw(st.integers(min(0, line.total), max(0, line.total)))
    parts = replace(line, value=cut, quantity=1), replace(line, value=line.total - cut, quantity=1, continues=True)
    in_two = (*lines[:place], *parts, *lines[place + 1 :])

    assert value(balance(in_two, total, back), in_two, reward) == value(balance(lines, total, back), lines, reward)


@settings(deadline=None, max_examples=EXAMPLES)
@given(st.integers(0, 10**6), st.lists(st.integers(0, 1000), min_size=1, max_size=8))
def test_parts_add_up_and_are_within_one_of_their_shares(total, weights):
    parts = spread(total, weights)
    whole = sum(weights)

    assert sum(parts) == (total if whole else 0)
    assert all(abs(part * whole - total * weight) < max(1, whole) for part, weight in zip(parts, weights, strict=True))


@settings(deadline=None, max_examples=EXAMPLES)
@given(refunds(), refunds(), refunds())
def test_a_refund_and_its_withdrawal_cancel_out_in_any_order(first, second, third):
    without = GivenBack() + first + third

    assert first + second + third - second == without
    assert GivenBack() - second + first + second + third == without
    assert without - first - third == GivenBack()


@settings(deadline=None, max_examples=EXAMPLES)
@given(sales(), sales(), refunds(), st.integers(0, 5000))
def test_an_edited_sale_owes_its_share_of_the_present_lines(sale, before, back, reward):
    """Names of former items give nothing back, and the bounds of a sale without edits hold."""
    (lines, total), (former, _) = sale, before
    names = frozenset(str(line.attributes["externalId"]) for line in (*lines, *former))
    seen = Versions(max(len(lines), len(former)), names)
    made = balance(lines, total, back, seen)
    present = {str(line.attributes["externalId"]) for line in lines}
    of_former = GivenBack(
        {place: fine for place, fine in back.by_position.items() if len(lines) <= place < len(former)},
        {name: fine for name, fine in back.by_external_id.items() if name in names - present},
    )

    assert balance(lines, total, back - of_former, seen) == made
    assert 0 <= value(made, lines, reward) <= reward
    assert 0 <= made.given_back <= made.total
    if not made.left:
        assert value(made, lines, reward) == 0
