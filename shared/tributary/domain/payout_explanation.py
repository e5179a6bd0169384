"""Explanations of amounts after their sale: paid, adjusted, to be reviewed; and of credits without a conversion."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tributary.domain.clawback import needs_review
from tributary.domain.money import major_text

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Payment:
    """A paid obligation: `moved` is the sum of its adjustments, `worth` the present value of its conversion, both in
    minor units. A credit has neither adjustments nor a conversion."""

    obligation: Record
    moved: int = 0
    worth: int | None = None
    clawback: str = "none"
    settled: bool = False
    follows: str = "conversion"
    payer: str = "program"

    @property
    def review(self) -> bool:
        """True if more was paid than the conversion is worth, and nothing is kept back for it."""
        paid = self.obligation["value"]
        return self.worth is not None and not self.settled and needs_review(paid, self.moved, self.worth, self.clawback)

    @property
    def steps(self) -> list[str]:
        """Sentences about the payment, one step each."""
        listed = self.obligation
        text = [f"Paid: {_money(listed, listed['value'])}, {self._way}"]
        if self.moved:
            left = _money(listed, listed["value"] + self.moved)
            text.append(f"Adjusted since by {_money(listed, self.moved)}, so {left} is paid or owed in all")
        if self.review and self.worth is not None:
            above = listed["value"] + self.moved - self.worth
            text.append(
                f"To be reviewed: the {self.follows} is worth {_money(listed, self.worth)} now; the {self.payer} keeps "
                f"nothing back, so the collaborator keeps the {_money(listed, above)} paid above it"
            )
        return text

    @property
    def _way(self) -> str:
        if self.settled:
            return "as the shop reported"
        payout_id = self.obligation["payoutId"]
        return "without a payout" if payout_id is None else f"in payout {payout_id}"


def adjustment_steps(adjustment: Record, adjusts: int, adjusted: Payment | None) -> list[str]:
    """Sentences about an adjustment; `adjusted` is the payment behind it, None once it was released."""
    first = f"Adjustment of obligation {adjusts}: {_money(adjustment, adjustment['value'])}"
    if adjusted is None:
        return [first, "That obligation has left its payout since, so its adjustments sum up to zero"]
    return [first, *(f"Obligation {adjusts}: {step[0].lower()}{step[1:]}" for step in adjusted.steps)]


def by_hand_steps(credit: Record) -> list[str]:
    """Sentences about a credit or debit by hand."""
    word = "Debit" if credit["value"] < 0 else "Credit"
    reason = " ".join((credit.get("reason") or "").split())
    return [f"{word} by hand: {_money(credit, credit['value'])}", *([f"Reason: {reason}"] if reason else [])]


def share_steps(distribution: Record, collaborator_id: int) -> list[str]:
    """Sentences about the share of a collaborator in a distribution's item, as it is now."""
    if not (shares := distribution.get("shares")):
        return []
    listed, total = distribution["listed"], sum(it["weight"] for it in shares)
    own = next(it for it in shares if it["collaboratorId"] == collaborator_id)
    period = f"{listed['periodStart'][:10]} to {listed['periodEnd'][:10]}"
    return [
        f"Distribution {listed['id']} of {period}: {listed['sales']} sales, revenue {_money(listed, listed['revenue'])}"
        f", before refunds {_money(listed, listed['grossRevenue'])}",
        f"Pool: {listed['revenuePercentage']} % of it = {_money(listed, listed['pool'])} (half up)",
        f"Share: {own['weight']} of {total} by a score of {own['score']} = {_money(listed, own['value'])}",
    ]


def _money(obligation: Record, minor: int) -> str:
    return f"{major_text(minor, obligation['currency'])} {obligation['currency']}"
