"""Sales of random baskets, as reported: the details are right to half a minor unit, and refunds end at nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.unit.builders import program
from tests.unit.examples import EXAMPLES
from tributary.api.siren.requests.sales import SaleReport
from tributary.domain import commission
from tributary.domain.balance import Balance, balance, places_of
from tributary.domain.given_back import FINE, GivenBack
from tributary.domain.transaction import Line, Sale

PRICES = st.decimals(0, 300, places=4)
QUANTITIES = st.integers(1, 9).map(Decimal) | st.decimals("0.001", 9, places=3)
KINDS = st.sampled_from(["product", "product", "subscription", "shipping", "tax", "fee", "rounding", "discount"])
COMPILERS = st.sampled_from(
    [("includeLineItems",), ("includeLineItems", "includeFees"), ("includeLineItems", "includeDiscounts")]
)


@st.composite
def items(draw: st.DrawFn) -> dict[str, Any]:
    """An item of any type: below zero where its type may be, and with a discount of its own where it is above."""
    kind, amount, quantity = draw(KINDS), draw(PRICES), draw(QUANTITIES)
    if kind == "discount" or (kind in ("fee", "rounding") and draw(st.booleans())):
        return {"type": kind, "amount": -amount / 10, "quantity": quantity}
    off = draw(st.just(Decimal(0)) | st.decimals(0, max(0, int(amount * quantity * 100)), places=0)) / 100
    return {"type": kind, "amount": amount, "quantity": quantity, "discount": off}


@dataclass(frozen=True)
class Basket:
    """The reported items and their sale."""

    items: Sequence[dict[str, Any]]
    sale: Sale

    @property
    def lines(self) -> tuple[Line, ...]:
        return self.sale.lines

    def after(self, given_back: GivenBack) -> Balance:
        return balance(self.lines, self.sale.total, given_back)


@st.composite
def baskets(draw: st.DrawFn) -> Basket:
    reported = draw(st.lists(items(), min_size=1, max_size=5))
    listed = sum((it["amount"] * it["quantity"] - it.get("discount", 0) for it in reported), Decimal(0))
    total = draw(st.just(max(Decimal(0), round(listed, 2))) | st.decimals(0, 3000, places=2))
    named = [{**it, "externalId": str(place)} for place, it in enumerate(reported)]
    report = SaleReport.model_validate(
        {"source": "s", "externalId": "e", "total": total, "trackingId": 1, "items": named}
    )
    return Basket(reported, report.to_sale("2026-11-29T00:00:00.000Z"))


@st.composite
def refunds(draw: st.DrawFn) -> GivenBack:
    cents = st.integers(0, 300_00).map(lambda it: it * FINE)
    named = draw(st.dictionaries(st.sampled_from("01234"), cents, max_size=3))
    return GivenBack(by_external_id=named, loose=draw(st.just(0) | cents))


@settings(deadline=None, max_examples=EXAMPLES)
@given(baskets())
def test_each_line_is_wrong_by_half_a_minor_unit_at_most(basket: Basket):
    places = places_of(basket.lines)

    for number, item in enumerate(basket.items):
        exact = (Fraction(item["amount"]) * Fraction(item["quantity"]) - Fraction(item.get("discount", 0))) * 100
        total = sum(basket.lines[place].total for place in places[number])
        assert abs(total - exact) <= Fraction(1, 2)


@settings(deadline=None, max_examples=EXAMPLES)
@given(baskets(), refunds(), COMPILERS)
def test_no_more_is_owed_than_the_share_of_what_was_paid_that_is_left(
    basket: Basket, given_back: GivenBack, compilers: tuple[str, ...]
):
    rule = program(compilers=compilers)
    counting = commission.counting_lines(basket.lines, rule, 1)
    reward = commission.reward(basket.lines, counting, rule)

    made = basket.after(given_back)
    owed = made.owed(reward, counting)

    paid = sum(made.paid[place] for place in counting)
    kept = paid - sum(made.back[place] for place in counting)
    assert 0 <= owed <= reward
    assert not paid or Fraction(owed) < Fraction(reward * kept, paid) + 1
    assert basket.after(GivenBack()).owed(reward, counting) == (reward if paid else 0)


@settings(deadline=None, max_examples=EXAMPLES)
@given(baskets(), refunds())
def test_a_whole_reward_of_what_was_paid_never_exceeds_what_is_left(basket: Basket, given_back: GivenBack):
    """100 % of goods that were paid as listed."""
    assume(basket.after(GivenBack()).total == sum(line.total for line in basket.lines))
    assume(all(line.total >= 0 for line in basket.lines))
    rule = program(percent=Decimal(100))
    counting = commission.counting_lines(basket.lines, rule, 1)

    made = basket.after(given_back)

    assert made.owed(commission.reward(basket.lines, counting, rule), counting) <= made.left


@settings(deadline=None, max_examples=EXAMPLES)
@given(baskets(), refunds(), st.booleans(), COMPILERS)
def test_nothing_is_owed_once_everything_is_back(
    basket: Basket, before: GivenBack, by_item: bool, compilers: tuple[str, ...]
):
    rule = program(compilers=compilers)
    counting = commission.counting_lines(basket.lines, rule, 1)
    reward = commission.reward(basket.lines, counting, rule)
    listed = {line.attributes["externalId"]: 0 for line in basket.lines}
    for line in basket.lines:
        listed[line.attributes["externalId"]] += max(0, line.total) * FINE
    rest = GivenBack(by_external_id=listed, loose=basket.sale.total * FINE) if by_item else GivenBack(rests=1)

    made = basket.after(before + rest)

    assert (made.left, made.owed(reward, counting)) == (0, 0)
