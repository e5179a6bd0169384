"""The revenue of a period as entries of its sales, the pool that is shared of it, and its shares.

Each is a function of the sales as they are now, so that the order and repetition of reports do not matter.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from tributary.domain.balance import balance_of, unlisted_discounts
from tributary.domain.commission import base, counted_for_any, shares
from tributary.domain.distributor import SHARED, TOP, Distributor
from tributary.domain.money import percent_of
from tributary.domain.transaction import Transaction

STATUSES = PROCESSING, COMPLETE = ("processing", "complete")


@dataclass(frozen=True)
class Worth:
    """A sale's part of the revenue, in minor units: `whole` before refunds, `value` after them."""

    whole: int = 0
    value: int = 0

    def __add__(self, other: "Worth") -> "Worth":
        return Worth(self.whole + other.whole, self.value + other.value)


@dataclass(frozen=True)
class Scored:
    """A collaborator's score in a period; without a `weight` it earns nothing."""

    collaborator_id: int
    score: int
    weight: int


def worth(transaction: Transaction, distributor: Distributor) -> Worth:
    """A sale's part of the revenue now. Nothing in another currency, since nothing is ever converted.

    Never below zero: a sale of discounts only takes nothing from the others."""
    sale = transaction.sale
    if sale.currency != distributor.units or not distributor.takes(transaction, sale.occurred_at):
        return Worth()
    lines = sale.details
    positions = counted_for_any(lines, distributor.compilers, distributor.filters, distributor.collaborators)
    discounts = unlisted_discounts(lines, transaction.refundable) if distributor.counts_discounts else ()
    whole, balance = max(0, base(lines, positions, discounts)), balance_of(transaction)
    if not sum(balance.paid[position] for position in positions):
        return Worth()
    return Worth(whole, balance.owed(whole, positions) if transaction.status == "complete" else 0)


def weighed(distributor: Distributor, scores: Mapping[int, int], active: Collection[int]) -> list[Scored]:
    """The collaborators with a score, in the distributor's order; only the active ones have a weight.

    Of equal top scores the first in that order wins."""
    scoring = [it for it in distributor.collaborators if scores.get(it, 0) > 0]
    able = [it for it in scoring if it in active]
    if distributor.resolver == TOP:
        able = able and [max(able, key=lambda it: scores[it])]
    one_each = distributor.resolver in (SHARED, TOP)
    weights = {it: 1 if one_each else scores[it] for it in able}
    return [Scored(it, scores[it], weights.get(it, 0)) for it in scoring]


def pool_of(distributor: Distributor, revenue: Worth) -> int:
    """The amount to share of a revenue, rounded half up once."""
    return percent_of(revenue.value, distributor.percentage)


def shares_of(distributor: Distributor, revenue: Worth, scored: Sequence[Scored]) -> list[int]:
    """The share of each collaborator; their sum never exceeds the pool, and none rises with a refund.

    Odd units of unequal weights are handed out only while nothing was given back: later they could raise a share."""
    weights = [it.weight for it in scored]
    if not any(weights):
        return [0] * len(weights)
    equal = len({weight for weight in weights if weight}) == 1
    hand_out = distributor.pool_remainder == "largest" and (equal or revenue.value == revenue.whole)
    return shares(pool_of(distributor, revenue), weights, hand_out_remainder=hand_out)
