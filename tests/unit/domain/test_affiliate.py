"""Statuses of campaigns and of the collaborators in them."""

import pytest

from tributary.domain import affiliate, program
from tributary.ledger.programs import collaborators


def test_a_campaign_has_a_status_for_each_of_its_program() -> None:
    shown = {status: affiliate.campaign_status(status) for status in program.STATUSES}

    assert shown == {"active": "Active", "inactive": "Paused", "draft": "Paused", "deleted": "Archived"}


@pytest.mark.parametrize(
    ("of_program", "shown"),
    [
        ("active", ["active", "paused", "pending", "removed", "removed"]),
        ("inactive", ["paused", "paused", "pending", "removed", "removed"]),
        ("deleted", ["archived"] * 5),
    ],
)
def test_an_enrollment_has_the_status_of_its_collaborator_unless_the_program_ends_or_pauses_it(
    of_program: str, shown: list[str]
) -> None:
    assert [affiliate.enrollment_status(it, of_program) for it in collaborators.STATUSES] == shown
