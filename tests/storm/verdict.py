"""The account of a storm: the faults thrown and the claims that held."""

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

#: True in `make storm`.
WHOLE = "STORM" in os.environ

#: Adds a count of thrown inputs to the summary, with the outcome that held.
Tally = Callable[[int, str], None]


@dataclass
class Verdict:
    """The account of one storm. Broken claims are reported at the end, next to those that held."""

    storm: str
    seed: int
    thrown: Counter[str] = field(default_factory=Counter)
    held: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def claim(self, what: str, found: object, expected: object) -> None:
        if found == expected:
            self.held.append(f"{what}: {_short(found)}")
        else:
            self.broken.append(f"{what}: {_short(found)} instead of {_short(expected)}")

    def __str__(self) -> str:
        thrown = ", ".join(f"{count} × {what}" for what, count in sorted(self.thrown.items()))
        lines = [f"{self.storm} (seed {self.seed})", f"  thrown: {thrown}"]
        lines += [f"  held:   {claim}" for claim in self.held]
        return "\n".join(lines + [f"  BROKEN: {claim}" for claim in self.broken])


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 200 else text[:200] + "…"
