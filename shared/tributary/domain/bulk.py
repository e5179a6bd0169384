"""Bulk calls: what was done to each record of a list, and why to some nothing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

NOT_FOUND, ALREADY_SO = "not_found", "already_so"


@dataclass(frozen=True)
class Bulk:
    """The number of records changed, and a reason for each that was skipped."""

    affected: int
    skipped: tuple[tuple[int, str], ...]

    @property
    def answer(self) -> dict[str, Any]:
        skipped = [{"id": number, "reason": reason} for number, reason in self.skipped]
        return {"success": True, "affected": self.affected, "skipped": skipped}


def each(ids: Iterable[int], one: Callable[[int], str | None]) -> Bulk:
    """Run `one` for each id once; it returns the reason if it did nothing."""
    reasons = {number: one(number) for number in dict.fromkeys(ids)}
    skipped = tuple((number, reason) for number, reason in reasons.items() if reason is not None)
    return Bulk(len(reasons) - len(skipped), skipped)
