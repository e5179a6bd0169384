"""Incentives: the setting each needs, its arithmetic and its sentence. Every list of incentives derives from this one.

A new one is an entry in INCENTIVES, with its setting in the request model of programs.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tributary.domain.money import percent_of
from tributary.domain.transaction import PRODUCT_TYPES, Line

#: The setting that is a percentage; every other one is a payout in minor units.
PERCENT = "transactionPercent"

Award = Mapping[str, Any]
Money = Callable[[int], str]


@dataclass(frozen=True)
class Terms:
    """The value of an incentive's setting: `percent`, or `payout` in minor units."""

    percent: Decimal | None
    payout: int | None

    @classmethod
    def of_award(cls, award: Award) -> "Terms":
        """Terms as frozen in an award."""
        percent = award["transactionPercent"]
        return cls(None if percent is None else Decimal(percent), award["payout"])


@dataclass(frozen=True)
class Incentive:
    """An incentive. `kind` is `sale` or `lead`; `setting` names the required member of a program's calculation.

    `amount` computes the reward, in minor units, from terms, base and counting lines; `sentence` explains an award.
    A `baseless` incentive also pays on a base that is not above zero."""

    kind: str
    setting: str
    amount: Callable[[Terms, int, Sequence[Line]], int]
    sentence: Callable[[Award, Money], str]
    baseless: bool = False

    def pays_on(self, base: int) -> bool:
        """Only on a base above zero, even if the payout is fixed; a lead has no base."""
        return base > 0 or self.baseless

    def reward(self, terms: Terms, lines: Sequence[Line], base: int) -> int:
        """The whole reward for the counting lines and their base, in minor units, never negative."""
        return max(0, self.amount(terms, base, lines)) if self.pays_on(base) else 0


def _percentage(terms: Terms, base: int, lines: Sequence[Line]) -> int:
    """Rounded half up."""
    assert terms.percent is not None  # a program is not stored without the setting its incentive needs
    return percent_of(base, terms.percent)


def _explain_percentage(award: Award, money: Money) -> str:
    calculation = f"{award['transactionPercent']} % of {money(award['base'])} = {money(award['reward'])}"
    return f"Reward: {calculation} (half up, never below zero)"


def _flat(terms: Terms, base: int, lines: Sequence[Line]) -> int:
    return terms.payout or 0


def _explain_per_sale(award: Award, money: Money) -> str:
    return f"Reward: {money(award['payout'])} per sale{_unless_paid(award, money)}"


def _explain_per_lead(award: Award, money: Money) -> str:
    """Worded for every conversion type paid like a lead."""
    return f"Reward: {money(award['payout'])} per conversion"


def _per_product(terms: Terms, base: int, lines: Sequence[Line]) -> int:
    """Units of items count; a fee, a discount or a free line is not a product sold."""
    return (terms.payout or 0) * sum(sum(it.quantity for it in item) for item in _items(lines) if _is_sold(item))


def _items(lines: Sequence[Line]) -> list[list[Line]]:
    """The details of each reported item."""
    items: list[list[Line]] = []
    for line in lines:
        if line.continues and items:
            items[-1].append(line)
        else:
            items.append([line])
    return items


def _is_sold(item: Sequence[Line]) -> bool:
    return item[0].type in PRODUCT_TYPES and sum(line.total for line in item) > 0


def _explain_per_product(award: Award, money: Money) -> str:
    if unpaid := _unless_paid(award, money):
        return f"Reward: {money(award['payout'])} per product{unpaid}"
    units = award["reward"] // award["payout"] if award["payout"] else 0
    return f"Reward: {units} × {money(award['payout'])} = {money(award['reward'])}"


def _unless_paid(award: Award, money: Money) -> str:
    paid = INCENTIVES[award["incentiveType"]].pays_on(award["base"])
    return "" if paid else f", but {money(0)} on a base that is not above zero"


INCENTIVES: Mapping[str, Incentive] = {
    "saleTransactionPercentage": Incentive("sale", PERCENT, _percentage, _explain_percentage),
    "saleFixedPerTransaction": Incentive("sale", "payoutPerTransaction", _flat, _explain_per_sale),
    "saleFixedPerProduct": Incentive("sale", "payoutPerProduct", _per_product, _explain_per_product),
    "leadFixed": Incentive("lead", "payoutPerLead", _flat, _explain_per_lead, baseless=True),
}
