"""An award as it is stored: its terms and every input of its value, which no later change of a program moves."""

from typing import Any

from tributary.domain.attribution import Award
from tributary.domain.commission import ranges


def frozen(award: Award) -> dict[str, Any]:
    """The stored terms of an award, in minor units: counting lines by position, share as weight / weights."""
    program = award.program
    rare: dict[str, Any] = ({"override": True} if award.overridden else {}) | (
        {} if award.place is None else {"place": award.place}
    )
    rare |= {"pool": ":".join(map(str, award.pool))} if award.pool else {}
    rare |= {"discounts": True} if program.counts_discounts else {}
    rare |= {"holdingDays": program.holding_days} if program.holding_days else {}
    return rare | {
        "base": award.base,
        "reward": award.reward,
        "value": award.value,
        "weight": award.weight,
        "weights": award.weights,
        "lines": ranges(award.lines),
        "incentiveType": program.incentive,
        "transactionPercent": None if program.percent is None else str(program.percent),
        "payout": program.payout,
        "clawback": program.clawback,
        "programVersion": program.version,
    }
