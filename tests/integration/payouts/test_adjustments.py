"""Adjustments of paid obligations that are worth more and less again, before and after their own payouts."""

import pytest

from tests.stack.exchange import Message
from tests.stack.house import House
from tests.stack.scenarios.paid import balances, generate, payouts, require_agreement
from tests.stack.scenarios.past import line, sold
from tests.stack.scenarios.pools import close, new_distributor, scored, sell

OCTOBER = "2026-10-10T12:00:00.000Z"
PAID = ("commission", "complete", 600)


@pytest.fixture
def anna(house: House) -> int:
    """A collaborator who was paid 6.00 of 10.00 without clawback, since a refund came first; it was withdrawn since."""
    anna = house.new_collaborator(house.new_program())
    sold(house, house.new_visit(anna), line(100))
    refund(house, "R-1", 40)
    generate(house)
    withdraw(house, "R-1")
    return anna


def refund(house: House, number: str, amount: int) -> None:
    house.refund("ORD-1", refundId=number, amount=amount)
    house.deliver()


def withdraw(house: House, number: str) -> None:
    house.post("/event/refund-withdrawn", {"source": "shopify", "externalId": "ORD-1", "refundId": number})
    house.deliver()


def owed(house: House) -> list[tuple[str, str, int]]:
    """Award type, status and value of each obligation, the paid one first."""
    return sorted((it["awardType"], it["status"], it["value"]) for it in house.get("/obligations").json)[::-1]


def test_a_rise_that_is_not_paid_yet_falls_again_with_the_worth(house: House, anna: int):
    assert owed(house) == [PAID, ("adjustment", "pending", 400)]

    refund(house, "R-2", 30)
    assert owed(house) == [PAID, ("adjustment", "pending", 100)]
    refund(house, "R-3", 40)

    assert owed(house) == [PAID, ("adjustment", "rejected", 0)]
    assert balances(house) == {anna: 600}
    assert house.changes_of_repeats() == 0


def test_a_rise_that_is_paid_stays_and_the_next_one_is_of_its_own(house: House, anna: int):
    generate(house)
    refund(house, "R-2", 100)
    assert balances(house) == {anna: 1000}

    withdraw(house, "R-2")

    assert owed(house) == [PAID, ("adjustment", "complete", 400)]
    assert [it["value"] for it in payouts(house)] == [600, 400]
    require_agreement(house)


def test_a_rise_comes_again_after_it_went_back_to_nothing(house: House, anna: int):
    refund(house, "R-2", 100)
    withdraw(house, "R-2")

    assert owed(house) == [PAID, ("adjustment", "rejected", 0), ("adjustment", "pending", 400)]
    generate(house)
    assert [it["value"] for it in payouts(house)] == [600, 400]
    require_agreement(house)


def test_a_fall_at_the_moment_of_a_claim_takes_back_or_is_taken_to_be_paid(house: House, anna: int):
    with house.meanwhile("TransactWriteItems", lambda: refund(house, "R-2", 30)):
        generate(house)

    assert [it["value"] for it in payouts(house)] == [600, 100]
    require_agreement(house)


def test_a_claim_at_the_moment_of_a_fall_is_paid(house: House, anna: int):
    house.refund("ORD-1", refundId="R-2", amount=30)
    slow: list[Message] = []
    house.deliver(lambda messages: without_revaluations(messages, slow))

    with house.meanwhile("TransactWriteItems", lambda: generate(house)):
        for message in slow:
            assert house.consume(message)

    assert [it["value"] for it in payouts(house)] == [600, 400]
    assert balances(house) == {anna: 1000}
    require_agreement(house)


def without_revaluations(messages: list[Message], kept: list[Message]) -> list[Message]:
    kept += [it for it in messages if it.detail_type == "ConversionRevalued"]
    return [it for it in messages if it.detail_type != "ConversionRevalued"]


@pytest.mark.parametrize(("action", "status"), [("markComplete", "complete"), ("markPending", "pending")])
def test_an_adjustment_is_settled_elsewhere_and_taken_back(house: House, anna: int, action: str, status: str):
    (rise,) = [it["id"] for it in house.get("/obligations").json if it["awardType"] == "adjustment"]
    for step in {"markComplete": None, action: None}:
        answer = house.post("/obligations/bulk", {"action": step, "ids": [rise]}).json
        assert (answer["affected"], answer["skipped"]) == (1, [])

    assert owed(house) == [PAID, ("adjustment", status, 400)]
    assert generate(house).status == (409 if status == "complete" else 201)
    refund(house, "R-2", 100)
    assert balances(house) == {anna: 1000}


def test_an_adjustment_that_went_back_to_nothing_is_not_brought_back_by_hand(house: House, anna: int):
    refund(house, "R-2", 100)
    (rise,) = [it["id"] for it in house.get("/obligations").json if it["awardType"] == "adjustment"]

    answer = house.post("/obligations/bulk", {"action": "markPending", "ids": [rise]}).json

    assert answer["skipped"] == [{"id": rise, "reason": "adjusts_a_payment"}]


def test_a_payout_that_fails_takes_back_what_was_owed_above_it(house: House, anna: int):
    rows = [{"payoutId": payouts(house)[0]["id"], "status": "failed"}]
    house.post("/payouts/results", {"rows": rows})
    house.deliver()
    assert balances(house) == {anna: 1000}
    (released,) = [it["id"] for it in house.get("/obligations").json if it["awardType"] == "commission"]

    generate(house, obligationIds=[released])
    refund(house, "R-2", 30)

    assert balances(house) == {anna: 1000}
    require_agreement(house)


def test_a_share_that_rose_unpaid_falls_again_with_its_distribution(house: House):
    ben = house.new_collaborator()
    number = new_distributor(house, ben, since="2026-10-01T00:00:00.000Z", clawback="none")
    scored(house, number, {ben: 1}, OCTOBER)
    sell(house, "ORD-1", 100, OCTOBER)
    house.deliver()
    close(house)
    generate(house)

    sell(house, "ORD-2", 50, OCTOBER)
    house.deliver()
    assert balances(house) == {ben: 1500}
    house.refund("ORD-2", refundId="R-1", amount=20)
    house.deliver()
    assert balances(house) == {ben: 1300}
    house.refund("ORD-1")
    house.deliver()

    assert balances(house) == {ben: 1000}
    assert house.changes_of_repeats() == 0
