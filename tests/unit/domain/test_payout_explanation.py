"""Sentences about payments, adjustments and credits by hand."""

from typing import Any

import pytest

from tributary.domain.payout_explanation import Payment, adjustment_steps, by_hand_steps


def obligation(value: int = 1000, **members: Any) -> dict[str, Any]:
    return {"id": 77, "value": value, "currency": "USD", "payoutId": 5, "reason": None} | members


@pytest.mark.parametrize(
    ("payment", "steps"),
    [
        (Payment(obligation(), worth=1000), ["Paid: 10.00 USD, in payout 5"]),
        (Payment(obligation(payoutId=None)), ["Paid: 10.00 USD, without a payout"]),
        (Payment(obligation(payoutId=None), settled=True), ["Paid: 10.00 USD, as the shop reported"]),
        (
            Payment(obligation(), moved=-400, worth=600, clawback="carryForward"),
            ["Paid: 10.00 USD, in payout 5", "Adjusted since by -4.00 USD, so 6.00 USD is paid or owed in all"],
        ),
        (
            Payment(obligation(), worth=600),
            [
                "Paid: 10.00 USD, in payout 5",
                "To be reviewed: the conversion is worth 6.00 USD now; the program keeps nothing back, so the "
                "collaborator keeps the 4.00 USD paid above it",
            ],
        ),
    ],
)
def test_a_payment_says_how_it_was_made_and_what_followed(payment: Payment, steps: list[str]):
    assert payment.steps == steps


def test_only_a_loss_that_nothing_keeps_back_is_marked_for_review():
    assert Payment(obligation(), worth=600).review
    assert not Payment(obligation(), moved=-400, worth=600, clawback="carryForward").review
    assert not Payment(obligation(), worth=600, settled=True).review
    assert not Payment(obligation(-100)).review


def test_an_adjustment_names_the_obligation_and_its_payment():
    payment = Payment(obligation(), moved=-400, worth=600, clawback="carryForward")

    assert adjustment_steps(obligation(-400, payoutId=None), 77, payment) == [
        "Adjustment of obligation 77: -4.00 USD",
        "Obligation 77: paid: 10.00 USD, in payout 5",
        "Obligation 77: adjusted since by -4.00 USD, so 6.00 USD is paid or owed in all",
    ]


def test_an_adjustment_of_a_released_obligation_says_that_all_of_them_sum_up_to_zero():
    last = adjustment_steps(obligation(-400), 77, None)[-1]

    assert last == "That obligation has left its payout since, so its adjustments sum up to zero"


@pytest.mark.parametrize(
    ("credit", "steps"),
    [
        (obligation(2500), ["Credit by hand: 25.00 USD"]),
        (obligation(-2500, reason="Fee"), ["Debit by hand: -25.00 USD", "Reason: Fee"]),
        (obligation(1, reason="a\nPaid: 9.00 USD"), ["Credit by hand: 0.01 USD", "Reason: a Paid: 9.00 USD"]),
    ],
)
def test_a_credit_by_hand_gives_its_reason_on_one_line(credit: dict[str, Any], steps: list[str]):
    assert by_hand_steps(credit) == steps
