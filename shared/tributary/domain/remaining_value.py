"""The remaining value of a conversion: its frozen award, after amendments and refunds of the sale.

A function of the transaction's present state: refunds may come before or after the award, in any order, and twice.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from tributary.domain.balance import Balance, balance_of, unlisted_discounts
from tributary.domain.commission import base as base_of
from tributary.domain.commission import positions_of, shares
from tributary.domain.earning_event import SALE
from tributary.domain.incentives import INCENTIVES, Terms
from tributary.domain.transaction import Transaction

Record = Mapping[str, Any]


Counting = Sequence[int] | None


def remaining_value(conversion: Record, transaction: Transaction, counting: Counting = None) -> int:
    """The value of a listed conversion after edits, amendments and refunds; zero once the sale has ended.

    `counting` has the positions of the lines that count in an edited sale. The whole reward of a pool is reduced
    first; its winner's share is of what is left."""
    if transaction.status != "complete":
        return 0
    _, whole = amended_reward(conversion, transaction, counting)
    left = balance_of(transaction).owed(whole, _positions(conversion, counting))
    return share_of(conversion["award"], left, whole)


def _positions(conversion: Record, counting: Counting) -> Sequence[int]:
    return positions_of(conversion["award"]["lines"]) if counting is None else counting


def share_of(award: Record, left: int, whole: int) -> int:
    """The winner's share of what is left of a whole reward; it never rises as that shrinks.

    Odd units of unequal weights are handed out only while nothing is gone: later they could raise a share."""
    weight, weights, place = award["weight"], award["weights"], award.get("place")
    if place is None:
        return int(left * weight // weights)
    if (pool := award.get("pool")) is None:
        return shares(left, [1] * (weights // weight), hand_out_remainder=True)[place]
    return shares(left, [int(part) for part in pool.split(":")], hand_out_remainder=left == whole)[place]


def given_back(conversion: Record, balance: Balance, counting: Counting = None) -> tuple[int, int]:
    """The amounts paid for a conversion's lines and given back on them."""
    positions = _positions(conversion, counting)
    return _sum(balance.paid, positions), _sum(balance.back, positions)


def amended_reward(conversion: Record, transaction: Transaction, counting: Counting = None) -> tuple[int, int]:
    """Base and whole reward before refunds: frozen, or those of the sale as edited or amended.

    Zero in another currency than the award's, since nothing is ever converted."""
    award, sale = conversion["award"], transaction.sale
    if not transaction.amended:
        return award["base"], award["reward"]
    positions = _positions(conversion, counting)
    discounts = unlisted_discounts(sale.details, transaction.refundable) if award.get("discounts") else ()
    base = base_of(sale.details, positions, discounts)
    if sale.currency != conversion["currency"]:
        return base, 0
    if (commission := _claimed_commission(conversion, transaction)) is not None:
        return base, commission
    lines = [sale.details[position] for position in positions]
    return base, INCENTIVES[award["incentiveType"]].reward(Terms.of_award(award), lines, base)


def _sum(amounts: Sequence[int], positions: Sequence[int]) -> int:
    return sum(amounts[position] for position in positions)


def claimed(conversion: Record, transaction: Transaction) -> bool:
    """True if the sale's claim earned the conversion, rather than a credit given by hand."""
    claim = transaction.sale.claim
    return (
        claim is not None
        and (conversion["type"], conversion["collaboratorId"]) == (SALE, claim.collaborator_id)
        and conversion["programId"] in claim.program_ids
    )


def _claimed_commission(conversion: Record, transaction: Transaction) -> int | None:
    """The commission set by the sale's claim, in place of the rule.

    An unchanged commission not used by the award, given by hand then, does not apply after other changes."""
    claim, first = transaction.sale.claim, transaction.first.claim
    if claim is None or not claimed(conversion, transaction):
        return None
    as_reported = first is not None and claim.commission == first.commission
    return None if as_reported and not conversion["award"].get("override") else claim.commission
