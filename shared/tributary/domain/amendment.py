"""What an award is worth once the sale it is of was amended: its frozen rule, asked again."""

from collections.abc import Mapping
from typing import Any

from tributary.domain.commission import base as base_of
from tributary.domain.commission import positions_of
from tributary.domain.earning_event import SALE
from tributary.domain.incentives import INCENTIVES, Terms
from tributary.domain.refund import value_after_refunds
from tributary.domain.transaction import Transaction

Record = Mapping[str, Any]


def remaining_value(conversion: Record, transaction: Transaction) -> int:
    """What a conversion, as it is listed, is worth now: less what was refunded of it."""
    award = conversion["award"]
    positions = positions_of(award["lines"])
    base, value = amended_award(conversion, transaction)
    return value_after_refunds(value, base, positions, transaction)


def amended_award(conversion: Record, transaction: Transaction) -> tuple[int, int]:
    """Base and value before refunds: frozen, or of the sale as it was amended. Nothing in another currency than the
    award's, since nothing is ever converted."""
    award, sale = conversion["award"], transaction.sale
    if not transaction.amended:
        return award["base"], award["value"]
    positions = positions_of(award["lines"])
    base = base_of(sale.details, positions)
    if sale.currency != conversion["currency"]:
        return base, 0
    if (commission := _commission(conversion, transaction)) is not None:
        return base, commission
    incentive, counting = INCENTIVES[award["incentiveType"]], [sale.details[position] for position in positions]
    return base, incentive.reward(Terms.of_award(award), counting) * award["weight"] // award["weights"]


def claimed(conversion: Record, transaction: Transaction) -> bool:
    """Whether the sale's claim earned it, and not a credit given by hand."""
    claim = transaction.sale.claim
    return (
        claim is not None
        and (conversion["type"], conversion["collaboratorId"]) == (SALE, claim.collaborator_id)
        and conversion["programId"] in claim.program_ids
    )


def _commission(conversion: Record, transaction: Transaction) -> int | None:
    """What the sale's claim says now instead of the rule. A commission that was reported and did not make the award,
    which was given by hand then, makes none of it by a change of something else."""
    claim, first = transaction.sale.claim, transaction.first.claim
    if claim is None or not claimed(conversion, transaction):
        return None
    as_reported = first is not None and claim.commission == first.commission
    return None if as_reported and not conversion["award"].get("override") else claim.commission
