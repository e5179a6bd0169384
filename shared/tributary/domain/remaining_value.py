"""The remaining value of a conversion: its frozen award, after amendments and refunds of the sale.

A function of the transaction's present state: refunds may come before or after the award, in any order, and twice.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from tributary.domain.commission import base as base_of
from tributary.domain.commission import positions_of
from tributary.domain.earning_event import SALE
from tributary.domain.incentives import INCENTIVES, Terms
from tributary.domain.transaction import Transaction

Record = Mapping[str, Any]


def remaining_value(conversion: Record, transaction: Transaction) -> int:
    """The value of a listed conversion after amendments and refunds."""
    positions = positions_of(conversion["award"]["lines"])
    base, value = amended_award(conversion, transaction)
    return value_after_refunds(value, base, positions, transaction)


def value_after_refunds(value: int, base: int, positions: Sequence[int], transaction: Transaction) -> int:
    """A reward less the refunded share of its base, rounded down; zero once the sale has ended."""
    if transaction.status != "complete":
        return 0
    return value - value * refunded_base(base, positions, transaction) // base if base > 0 else value


def refunded_base(base: int, positions: Sequence[int], transaction: Transaction) -> int:
    """The refunded part of the counting lines, in minor units; zero for a base that is not above zero.

    Refunds of no line in particular count by the lines' share of the sale, rounded down."""
    if not transaction.refunded or base <= 0:
        return 0
    by_line = transaction.refunded_lines
    on_lines = sum(by_line.get(position, 0) for position in positions)
    on_none = transaction.refunded - sum(by_line.values())
    return min(base, on_lines + on_none * base // transaction.refundable)


def amended_award(conversion: Record, transaction: Transaction) -> tuple[int, int]:
    """Base and value before refunds: frozen, or those of the sale as amended.

    Zero in another currency than the award's, since nothing is ever converted."""
    award, sale = conversion["award"], transaction.sale
    if not transaction.amended:
        return award["base"], award["value"]
    positions = positions_of(award["lines"])
    base = base_of(sale.details, positions)
    if sale.currency != conversion["currency"]:
        return base, 0
    if (commission := _claimed_commission(conversion, transaction)) is not None:
        return base, commission
    incentive, counting = INCENTIVES[award["incentiveType"]], [sale.details[position] for position in positions]
    return base, incentive.reward(Terms.of_award(award), counting) * award["weight"] // award["weights"]


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
