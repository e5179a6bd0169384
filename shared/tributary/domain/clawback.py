"""Adjustments of an obligation that has been paid: its payout is final, so later changes become amounts of their own.

The invariant: what was paid, plus the sum of all adjustments, is what the conversion is worth now.
"""

#: Settings of a program: a paid obligation worth less is left alone, or the difference is kept back from later payouts.
CLAWBACKS = NONE, CARRY_FORWARD = ("none", "carryForward")


def adjustment(paid: int, moved: int, worth: int, clawback: str, unpaid: int = 0) -> int:
    """The amount still to be adjusted, in minor units. `moved` is the sum of all adjustments so far, `unpaid` the part
    of it that can still be taken back.

    A rise is owed in any case; without carrying forward, a fall below what has been paid is only shown for review."""
    difference = worth - paid - moved
    return difference if clawback == CARRY_FORWARD else max(difference, -unpaid)


def needs_review(paid: int, moved: int, worth: int, clawback: str) -> bool:
    """True if more was paid than the conversion is worth and nothing is kept back for it."""
    return clawback != CARRY_FORWARD and worth < paid + moved
