"""Adjustments of paid obligations: payout and adjustments add up to the worth, whatever happened in between."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tributary.domain.clawback import CARRY_FORWARD, CLAWBACKS, NONE, adjustment, needs_review

WORTH = st.integers(0, 10_000)
#: A new worth of the conversion, or a payout that begins or ends unpaid, or pays the adjustments so far.
STEPS = st.lists(WORTH | st.sampled_from(["paid", "released", "settled"]), max_size=30)


@dataclass
class Obligation:
    """An obligation by the rules: value, sum of adjustments, and the list of them."""

    clawback: str
    worth: int = 0
    value: int = 0
    paid: bool = False
    moved: int = 0
    unpaid: int = 0
    adjustments: list[int] = field(default_factory=list)

    def follow(self, worth: int) -> None:
        self.worth = worth
        if not self.paid:
            self.value = worth
        elif by := adjustment(self.value, self.moved, worth, self.clawback, self.unpaid):
            self.adjust(by)
            self.unpaid += by

    def pay(self) -> None:
        self.paid = self.paid or self.value > 0

    def release(self) -> None:
        if self.paid and self.moved:
            self.adjust(-self.moved)
        self.paid, self.unpaid = False, 0
        self.value = self.worth

    def settle(self) -> None:
        self.unpaid = 0

    def adjust(self, by: int) -> None:
        self.adjustments.append(by)
        self.moved += by


def lived(clawback: str, *steps: int | str) -> Obligation:
    obligation = Obligation(clawback)
    for step in steps:
        if isinstance(step, int):
            obligation.follow(step)
        elif step == "paid":
            obligation.pay()
        elif step == "settled":
            obligation.settle()
        else:
            obligation.release()
    return obligation


@given(STEPS)
def test_carried_forward_every_history_leaves_the_worth(steps: list[int | str]):
    obligation = lived(CARRY_FORWARD, *steps)

    assert obligation.value + obligation.moved == obligation.worth
    assert sum(obligation.adjustments) == obligation.moved


@given(STEPS)
def test_without_carrying_forward_no_history_leaves_less_than_the_worth(steps: list[int | str]):
    obligation = lived(NONE, *steps)

    assert obligation.value + obligation.moved >= obligation.worth
    assert sum(obligation.adjustments) == obligation.moved


@given(STEPS)
def test_without_carrying_forward_nothing_unpaid_is_above_the_worth(steps: list[int | str]):
    obligation = lived(NONE, *steps)

    received = obligation.value + obligation.moved - obligation.unpaid
    assert obligation.unpaid == max(0, obligation.worth - received) or not obligation.paid


@given(st.sampled_from(CLAWBACKS), STEPS)
def test_only_a_paid_obligation_has_adjustments(clawback: str, steps: list[int | str]):
    obligation = lived(clawback, *steps)

    assert obligation.paid or (obligation.moved, obligation.value) == (0, obligation.worth)


@given(WORTH, st.integers(-5000, 5000), st.integers(0, 5000), WORTH, st.sampled_from(CLAWBACKS))
def test_an_adjustment_leaves_nothing_to_adjust(paid: int, moved: int, unpaid: int, worth: int, clawback: str):
    by = adjustment(paid, moved, worth, clawback, unpaid)

    assert adjustment(paid, moved + by, worth, clawback, unpaid + by if clawback == NONE else 0) == 0


@given(WORTH, WORTH, st.sampled_from(CLAWBACKS))
def test_a_fall_is_either_kept_back_or_needs_review(paid: int, worth: int, clawback: str):
    kept_back = adjustment(paid, 0, worth, clawback) < 0

    assert (worth < paid) is (kept_back or needs_review(paid, 0, worth, clawback))
    assert not (kept_back and needs_review(paid, 0, worth, clawback))


@pytest.mark.parametrize(
    ("clawback", "history", "value", "adjustments"),
    [
        (CARRY_FORWARD, [100, "paid", 60, 100, 60], 100, [-40, 40, -40]),
        (CARRY_FORWARD, [100, "paid", 60, "released"], 60, [-40, 40]),
        (CARRY_FORWARD, [100, "paid", 0, "released"], 0, [-100, 100]),
        (NONE, [100, "paid", 60], 100, []),
        (NONE, [50, "paid", 100], 50, [50]),
        (NONE, [50, "paid", 100, 70, 20], 50, [50, -30, -20]),
        (NONE, [50, "paid", 100, "settled", 70], 50, [50]),
    ],
)
def test_worked_histories(clawback: str, history: list[int | str], value: int, adjustments: list[int]):
    obligation = lived(clawback, *history)

    assert (obligation.value, obligation.adjustments) == (value, adjustments)


def test_only_a_loss_that_is_left_alone_needs_review():
    assert needs_review(100, 0, 60, NONE)
    assert not needs_review(100, 0, 100, NONE)
    assert not needs_review(100, 0, 60, CARRY_FORWARD)
