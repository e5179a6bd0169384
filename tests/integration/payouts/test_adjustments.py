"""Adjustments of paid obligations that are worth more and less again, before and after their own payouts."""

import pytest

from tests.stack.exchange import Message
from tests.stack.house import House
from tests.stack.scenarios.paid import balances, generate, payouts, require_agreement
from tests.stack.scenarios.past import line, sold
from tests.stack.scenarios.pools import LAST, closed_month, sell, tenth

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
    with house.meanwhile("TransactWriteItems", lambda: refund(house, "R-2", 30), after=1):
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


def test_a_rise_is_settled_elsewhere_for_good(house: House, anna: int):
    (rise,) = [it["id"] for it in house.get("/obligations").json if it["awardType"] == "adjustment"]

    def act(action: str) -> list[str]:
        answer = house.post("/obligations/bulk", {"action": action, "ids": [rise]}).json
        return [it["reason"] for it in answer["skipped"]]

    assert [act("markComplete"), act("markPending")] == [[], ["adjusts_a_payment"]]
    assert owed(house) == [PAID, ("adjustment", "complete", 400)]
    assert generate(house).status == 409


def test_a_clawback_is_settled_elsewhere_and_taken_back(house: House):
    anna = house.new_collaborator(house.new_program(clawback="carryForward"))
    sold(house, house.new_visit(anna), line(100))
    generate(house)
    refund(house, "R-1", 40)
    (debit,) = [it["id"] for it in house.get("/obligations").json if it["awardType"] == "adjustment"]

    for action, status in (("markComplete", "complete"), ("markPending", "pending")):
        house.post("/obligations/bulk", {"action": action, "ids": [debit]})
        assert owed(house) == [("commission", "complete", 1000), ("adjustment", status, -400)]


# rises whose payouts come back


def came_back(house: House, *places: int) -> None:
    """Fail the payouts at these places, and deliver everything that follows."""
    ids = [it["id"] for place, it in enumerate(payouts(house)) if place in places]
    house.post("/payouts/results", {"rows": [{"payoutId": number, "status": "failed"} for number in ids]})
    house.deliver()


@pytest.mark.parametrize(("refunded", "left"), [(0, 400), (10, 300), (40, 0), (100, 0)])
def test_a_rise_whose_payout_comes_back_is_what_the_worth_leaves_of_it(
    house: House, anna: int, refunded: int, left: int
):
    generate(house)
    if refunded:
        refund(house, "R-2", refunded)
    assert balances(house) == {anna: 1000}

    came_back(house, 1)

    assert owed(house) == [PAID, ("adjustment", "pending" if left else "rejected", left)]
    require_agreement(house)
    assert house.changes_of_repeats() == 0
    assert generate(house).status == (201 if left else 409)


def test_of_two_rises_both_fall_with_the_worth(house: House, anna: int):
    refund(house, "R-2", 20)
    generate(house)
    withdraw(house, "R-2")
    came_back(house, 1)
    assert sorted(owed(house)) == [("adjustment", "pending", 200), ("adjustment", "pending", 200), PAID]

    refund(house, "R-3", 30)
    assert balances(house) == {anna: 700}
    refund(house, "R-4", 70)

    assert balances(house) == {anna: 600}
    assert house.changes_of_repeats() == 0


def test_a_rise_of_an_earlier_payment_is_released_as_it_is(house: House, anna: int):
    generate(house)
    came_back(house, 0)
    generate(house)
    refund(house, "R-2", 100)

    came_back(house, 1)

    require_agreement(house)
    assert house.changes_of_repeats() == 0


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
    closed_month(house, ben, clawback="none")
    generate(house)

    sell(house, "ORD-2", 50, tenth(LAST))
    house.deliver()
    assert balances(house) == {ben: 1500}
    house.refund("ORD-2", refundId="R-1", amount=20)
    house.deliver()
    assert balances(house) == {ben: 1300}
    house.refund("ORD-1")
    house.deliver()

    assert balances(house) == {ben: 1000}
    assert house.changes_of_repeats() == 0


def test_a_share_that_rose_in_a_payout_that_came_back_falls_too(house: House):
    ben = house.new_collaborator()
    closed_month(house, ben, clawback="none")
    generate(house)
    sell(house, "ORD-2", 50, tenth(LAST))
    house.deliver()
    generate(house)
    house.refund("ORD-2")
    house.deliver()

    came_back(house, 1)

    assert balances(house) == {ben: 1000}
    require_agreement(house)


def test_a_share_marked_as_paid_by_mistake_is_taken_back_though_nothing_is_left(house: House):
    ben = house.new_collaborator()
    closed_month(house, ben)
    (share,) = [it["id"] for it in house.get("/obligations").json]
    house.post("/obligations/bulk", {"action": "markComplete", "ids": [share]})
    house.refund("ORD-1")
    house.deliver()

    answer = house.post("/obligations/bulk", {"action": "markPending", "ids": [share]}).json

    assert answer["affected"] == 1
    assert balances(house) == {ben: 0}
