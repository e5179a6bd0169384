"""GET /obligations/{id}/explanation of credits, adjustments and what was paid."""

from tests.stack.exchange import Item
from tests.stack.house import House
from tests.stack.scenarios.paid import credit, earned, generate, payouts


def explained(house: House, obligation: Item) -> Item:
    answer = house.get(f"/obligations/{obligation['id']}/explanation", key="reader")
    assert answer.status == 200, answer.text
    return dict(answer.json)


def test_a_credit_by_hand_is_explained_by_its_words(house: House):
    made = credit(house, -700, reason="Fee")

    told = explained(house, made)

    assert told == {
        "obligationId": made["id"],
        "conversionId": None,
        "transactionId": None,
        "collaboratorId": house.collaborator_id,
        "programId": None,
        "status": "pending",
        "value": -700,
        "currency": "USD",
        "candidate": None,
        "adjusts": None,
        "adjusted": 0,
        "review": False,
        "reason": "Fee",
        "explanation": "Debit by hand: -7.00 USD\nReason: Fee",
    }


def test_a_paid_credit_names_its_payout(house: House):
    made = credit(house)
    generate(house)
    (payout,) = payouts(house)

    assert explained(house, made)["explanation"].split("\n") == [
        "Credit by hand: 25.00 USD",
        f"Paid: 25.00 USD, in payout {payout['id']}",
    ]


def test_a_refund_after_the_payout_is_explained_from_both_sides(house: House):
    owed = earned(house, clawback="carryForward")
    generate(house)
    house.refund("ORD-1", refundId="R-1", amount=40)
    house.deliver()
    (adjustment,) = (it for it in house.get("/obligations").json if it["awardType"] == "adjustment")

    paid, kept_back = explained(house, owed), explained(house, adjustment)

    assert (paid["adjusted"], paid["review"], paid["adjusts"]) == (-400, False, None)
    assert paid["explanation"].startswith(paid["candidate"]["explanation"])
    assert paid["explanation"].endswith("Adjusted since by -4.00 USD, so 6.00 USD is paid or owed in all")
    assert (kept_back["adjusts"], kept_back["conversionId"], kept_back["value"]) == (
        owed["id"],
        owed["conversionId"],
        -400,
    )
    assert kept_back["candidate"] == paid["candidate"]
    assert f"Adjustment of obligation {owed['id']}: -4.00 USD" in kept_back["explanation"].split("\n")
    assert kept_back["explanation"].endswith("so 6.00 USD is paid or owed in all")


def test_without_clawback_a_refund_after_the_payout_is_marked_for_review(house: House):
    owed = earned(house)
    generate(house)
    assert not explained(house, owed)["review"]

    house.refund("ORD-1", refundId="R-1", amount=40)
    house.deliver()

    told = explained(house, owed)
    assert (told["review"], told["adjusted"], told["value"]) == (True, 0, 1000)
    assert "To be reviewed: the conversion is worth 6.00 USD now" in told["explanation"]


def test_the_adjustments_of_a_released_obligation_say_that_they_sum_up_to_zero(house: House):
    earned(house, clawback="carryForward")
    generate(house)
    house.refund("ORD-1", refundId="R-1", amount=40)
    house.deliver()
    house.post("/payouts/results", {"rows": [{"payoutId": payouts(house)[0]["id"], "status": "failed"}]})
    house.deliver()

    adjustments = [it for it in house.get("/obligations").json if it["awardType"] == "adjustment"]

    assert sorted(it["value"] for it in adjustments) == [-400, 400]
    for adjustment in adjustments:
        assert explained(house, adjustment)["explanation"].endswith("so its adjustments sum up to zero")


def test_an_adjustment_is_explained_after_its_obligation_was_deleted_for_good(house: House):
    owed = earned(house, clawback="carryForward")
    generate(house)
    house.refund("ORD-1", refundId="R-1", amount=40)
    house.deliver()
    house.post("/payouts/results", {"rows": [{"payoutId": payouts(house)[0]["id"], "status": "failed"}]})
    house.deliver()
    for _ in range(2):
        house.delete(f"/obligations/{owed['id']}")

    adjustment = next(it for it in house.get("/obligations").json if it["awardType"] == "adjustment")

    told = explained(house, adjustment)
    assert (told["candidate"], told["adjusts"]) == (None, owed["id"])


def test_an_obligation_paid_elsewhere_says_so(house: House):
    owed = earned(house)
    house.post("/obligations/bulk", {"action": "markComplete", "ids": [owed["id"]]})

    assert explained(house, owed)["explanation"].endswith("Paid: 10.00 USD, without a payout")
