"""What a sale is worth to a program: the base from its lines, and the reward from the base."""

from collections.abc import Callable, Sequence

from tributary.domain.money import percent_of
from tributary.domain.program import Program
from tributary.domain.transaction import TYPES_THAT_EARN_AS_ITEMS, Line

_LINE_TYPES = {"includeLineItems": TYPES_THAT_EARN_AS_ITEMS}


def counting_lines(lines: Sequence[Line], program: Program) -> list[int]:
    """Positions of the lines that the program's compilers let count; none until it enables one."""
    types = {name for compiler in program.compilers for name in _LINE_TYPES[compiler]}
    return [position for position, line in enumerate(lines) if line.type in types]


def base(lines: Sequence[Line], positions: Sequence[int]) -> int:
    """The sum of value × quantity over the counting lines, in minor units."""
    return sum(lines[position].total for position in positions)


def _transaction_percentage(amount: int, program: Program) -> int:
    assert program.percent is not None  # a program is not stored without the setting its incentive needs
    return max(0, percent_of(amount, program.percent))


_REWARDS: dict[str, Callable[[int, Program], int]] = {"saleTransactionPercentage": _transaction_percentage}


def reward(amount: int, program: Program) -> int:
    """The reward for a base, in minor units, never negative. Percentages are rounded half up."""
    return _REWARDS[program.incentive](amount, program)
