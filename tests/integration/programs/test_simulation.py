"""Other settings of a program, played over past sales over HTTP, through the real functions."""

from typing import Any

import pytest

from tests.stack.house import House
from tributary.workflows import simulation

HALF = {"incentiveCalculation": {"transactionPercent": 5}}


def simulate(house: House, program_id: int | None = None, **draft: Any) -> Any:
    answer = house.post(f"/programs/{program_id or house.program_id}/simulate", draft)
    assert answer.status == 200, answer.text
    return answer.json


def by_collaborator(answer: Any) -> dict[int, tuple[int, int, int]]:
    return {it["collaboratorId"]: (it["before"], it["after"], it["difference"]) for it in answer["collaborators"]}


def sold(house: House, external_id: str = "ORD-1004", tracking_id: int | None = None, **members: Any) -> int:
    """Report a sale, have it decided, and return its id."""
    answer = house.sale(external_id, tracking_id, **members)
    assert answer.status == 200, answer.text
    house.deliver()
    (found,) = house.get("/transactions", source="shopify", sourceId=external_id).json
    return int(found["id"])


def test_another_rate_shows_the_difference_in_cents(house: House):
    sold(house)

    answer = simulate(house, **HALF)

    assert by_collaborator(answer) == {house.collaborator_id: (500, 250, -250)}
    assert (answer["programId"], answer["sales"], answer["left"]) == (house.program_id, 1, {})
    assert (answer["changed"], answer["changedCount"], answer["cursor"]) == ([], 0, None)
