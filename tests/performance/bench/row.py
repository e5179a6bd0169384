"""One line of the table: measure, baseline and limit."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """`ours` and `baseline` in the same unit; the limit is of their ratio."""

    measure: str
    ours: float
    baseline: float
    unit: str
    limit: float

    @property
    def ratio(self) -> float:
        return self.ours / self.baseline

    @property
    def kept(self) -> bool:
        return self.ratio <= self.limit

    def __str__(self) -> str:
        figures = f"{self.ours:>10,.1f} {self.baseline:>10,.1f} {self.unit:<9} {self.ratio:6.2f} ≤ {self.limit:<5}"
        return f"{self.measure:<62} {figures} {'' if self.kept else 'BEYOND ITS LIMIT'}".rstrip()


HEAD = f"{'measure':<62} {'ours':>10} {'baseline':>10} {'':<9} {'ratio':>6}   limit"
