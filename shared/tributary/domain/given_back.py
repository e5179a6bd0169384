"""The refunds of a sale as sums, which do not depend on the order of reports."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from tributary.domain.ids import text_digest

#: Parts of a minor unit in which refunds are added up: their prices may be finer, and only sums per line are rounded.
FINE = 10**12

Name = TypeVar("Name")


@dataclass(frozen=True)
class GivenBack:
    """The sums of a sale's refunds, in FINE parts of a minor unit.

    `by_position` has those that name a reported item by its place, from 0; `by_external_id` those that name it by its
    own id; `loose` those of no item. `rests` counts the refunds of everything left. `so_far` is the greatest sum that a
    shop told as all of its refunds until then, beside which it tells no others."""

    by_position: Mapping[int, int] = field(default_factory=dict)
    by_external_id: Mapping[str, int] = field(default_factory=dict)
    loose: int = 0
    rests: int = 0
    so_far: int = 0

    def __add__(self, other: "GivenBack") -> "GivenBack":
        return GivenBack(
            _added(self.by_position, other.by_position),
            _added(self.by_external_id, other.by_external_id),
            self.loose + other.loose,
            self.rests + other.rests,
            max(self.so_far, other.so_far),
        )

    def __sub__(self, other: "GivenBack") -> "GivenBack":
        """The sums without a withdrawn refund's; a sum so far stays, since greater ones include it."""
        return self + GivenBack(
            _negative(other.by_position), _negative(other.by_external_id), -other.loose, -other.rests
        )

    @property
    def of_no_item(self) -> int:
        return self.loose + self.so_far

    @property
    def names(self) -> int:
        """The number of items named."""
        return len(self.by_position) + len(self.by_external_id)


def _added(left: Mapping[Name, int], right: Mapping[Name, int]) -> dict[Name, int]:
    """Sums by name, without those of nothing, so that a withdrawn refund leaves no trace."""
    sums = {name: left.get(name, 0) + right.get(name, 0) for name in sorted({*left, *right}, key=str)}
    return {name: fine for name, fine in sums.items() if fine}


def _negative(sums: Mapping[Name, int]) -> dict[Name, int]:
    return {name: -fine for name, fine in sums.items()}


def rounded(fine: int) -> int:
    """Minor units of an exact sum that is not negative, half away from zero."""
    return (2 * fine + FINE) // (2 * FINE)


def item_name(external_id: str) -> str:
    """The name of an item in sums: its external id, or a digest of a long one, so that a thousand fit a record."""
    return external_id if len(external_id.encode()) <= _LONGEST_NAME else text_digest(external_id)[:_LONGEST_NAME]


_LONGEST_NAME = 32
