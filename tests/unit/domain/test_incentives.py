"""Incentives: one arithmetic for decisions, amendments and explanations."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.builders import engagement, program, transaction
from tributary.domain import commission
from tributary.domain.attribution import Award
from tributary.domain.balance import unlisted_discounts
from tributary.domain.explanation import explain_obligation
from tributary.domain.frozen_award import frozen
from tributary.domain.incentives import INCENTIVES, PERCENT, Terms
from tributary.domain.program import COMPILERS, Program
from tributary.domain.remaining_value import amended_reward, share_of
from tributary.domain.transaction import Line, Transaction, divided

EACH = pytest.mark.parametrize("name", INCENTIVES)
LINES = st.builds(
    Line,
    name=st.just("Line"),
    value=st.integers(-(10**6), 10**6),
    quantity=st.integers(1, 20),
    type=st.sampled_from([kind for kinds in COMPILERS.values() for kind in kinds]),
)


def paying(name: str, amount: int) -> Program:
    """A program with the setting its incentive needs, and every line counting."""
    setting = {"percent": Decimal(amount) / 100} if INCENTIVES[name].setting == PERCENT else {"payout": amount}
    return program(incentive=name, compilers=tuple(COMPILERS), **({"percent": None} | setting))


def conversion(rule: Program, sale: Transaction, weight: int, weights: int) -> dict[str, Any]:
    """The conversion made by a decision about the sale, with its frozen award."""
    lines = sale.sale.details
    positions = tuple(range(len(lines)))
    discounts = unlisted_discounts(lines, sale.refundable)
    whole = commission.reward(lines, positions, rule, discounts)
    base, value = commission.base(lines, positions, discounts), whole * weight // weights
    award = Award(rule, engagement(), positions, base, whole, value, weight, weights)
    return {"type": "sale", "programId": rule.id, "collaboratorId": 1, "currency": "USD", "award": frozen(award)}


def amended_without_a_change(sale: Transaction) -> Transaction:
    return replace(sale, reported=sale.sale)


@EACH
@given(
    lines=st.lists(LINES, min_size=1, max_size=5),
    amount=st.integers(0, 10**5),
    shares=st.integers(1, 5).flatmap(lambda whole: st.tuples(st.integers(1, whole), st.just(whole))),
)
def test_an_amended_sale_with_unchanged_amounts_earns_the_same_reward(
    name: str, lines: list[Line], amount: int, shares: tuple[int, int]
):
    sale = transaction(*lines)
    earned = conversion(paying(name, amount), sale, *shares)

    base, whole = amended_reward(earned, amended_without_a_change(sale))

    award = earned["award"]
    assert (base, share_of(award, whole, whole)) == (award["base"], award["value"])


@EACH
@given(lines=st.lists(LINES, max_size=5), amount=st.integers(0, 10**5))
def test_a_reward_is_never_negative_and_needs_a_base_unless_the_incentive_has_none(
    name: str, lines: list[Line], amount: int
):
    base = sum(line.total for line in lines)
    reward = INCENTIVES[name].reward(paying(name, amount).terms, lines, base)

    assert reward >= 0
    assert INCENTIVES[name].pays_on(base) or reward == 0


@EACH
def test_terms_frozen_in_an_award_are_those_of_its_program(name: str):
    rule = paying(name, 1250)

    assert Terms.of_award(conversion(rule, transaction(), 1, 1)["award"]) == rule.terms


@EACH
def test_every_incentive_explains_its_reward_in_one_line(name: str):
    award = conversion(paying(name, 1250), transaction(), 1, 1)["award"]

    sentence = INCENTIVES[name].sentence(award, lambda minor: f"{minor} minor units")

    assert sentence.startswith("Reward: ")
    assert "\n" not in sentence


def test_every_incentive_has_its_arithmetic():
    assert all(callable(it.amount) and callable(it.sentence) for it in INCENTIVES.values())
    assert all(it.kind in ("sale", "lead") for it in INCENTIVES.values())


@pytest.mark.parametrize("name", [name for name, it in INCENTIVES.items() if it.kind == "lead"])
def test_every_incentive_for_leads_pays_without_a_base(name: str):
    assert INCENTIVES[name].baseless
    assert INCENTIVES[name].reward(paying(name, 1250).terms, (), 0) > 0


def test_an_unknown_incentive_raises_everywhere():
    sale = amended_without_a_change(transaction())
    earned = conversion(paying("saleFixedPerTransaction", 700), sale, 1, 1)
    unknown = earned | {"outcome": "won", "award": earned["award"] | {"incentiveType": "saleFixedPerMoon"}}
    decision = {"type": "sale", "programs": [], "currency": "USD", "occurredAt": ""}
    obligation = dict.fromkeys(
        ("id", "conversionId", "transactionId", "collaboratorId", "programId", "status", "value", "currency")
    )

    with pytest.raises(KeyError, match="saleFixedPerMoon"):
        commission.reward([Line("Bag", 500)], [0], program(incentive="saleFixedPerMoon", payout=700))
    with pytest.raises(KeyError, match="saleFixedPerMoon"):
        amended_reward(unknown, sale)
    with pytest.raises(KeyError, match="saleFixedPerMoon"):
        explain_obligation(obligation, transaction(), decision, unknown)
    with pytest.raises(KeyError, match="saleFixedPerMoon"):
        Program.of({"id": 1, "incentiveType": "saleFixedPerMoon", "incentiveCalculation": {}}, 1)


def test_units_of_a_fine_price_count_though_some_details_are_free():
    """250 × 0.004 is a line of 1.00: 150 units of 0.00 and 100 of 0.01."""
    details = divided(Line("Screw", 0), 100, 250)

    reward = INCENTIVES["saleFixedPerProduct"].reward(paying("saleFixedPerProduct", 100).terms, details, 100)

    assert reward == 250 * 100
