import pytest

from tributary.domain.conversion import REVIEWS, STATUSES, ObligationWanted, obligation_wanted


@pytest.mark.parametrize(
    ("conversion", "obligation"),
    [
        ("pending", "draft"),
        ("approved", "pending"),
        ("rejected", "rejected"),
        ("expired", "rejected"),
        ("deleted", "rejected"),
    ],
)
def test_a_conversions_status_determines_its_obligation(conversion: str, obligation: str):
    assert conversion in STATUSES
    assert obligation_wanted(conversion, 500, "USD") == ObligationWanted(obligation, 500, "USD")


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("value", [0, -1])
def test_a_conversion_worth_nothing_makes_nothing_payable(status: str, value: int):
    assert obligation_wanted(status, value, "USD").status == "rejected"


@pytest.mark.parametrize(
    ("action", "moves"),
    [
        ("approve", {"pending": "approved", "rejected": "approved"}),
        ("reject", {"pending": "rejected", "approved": "rejected"}),
        ("markPending", {"approved": "pending", "rejected": "pending", "deleted": "pending"}),
        ("delete", {"pending": "deleted", "approved": "deleted", "rejected": "deleted"}),
    ],
)
def test_a_review_applies_to_its_allowed_statuses_only(action: str, moves: dict[str, str]):
    target, allowed = REVIEWS[action]

    assert {status: target for status in STATUSES if status in allowed} == moves
