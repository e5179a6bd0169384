"""The way from what is owed to what is paid, over HTTP, through the real functions."""

import pytest

from tests.stack.exchange import Message
from tests.stack.house import House
from tests.stack.scenarios.paid import balances, generate, payouts, require_agreement
from tests.stack.scenarios.past import line, sold
from tributary.api.siren.owed import payouts as payout_calls
from tributary.ledger.payouts import fulfillments


def sell(house: House, number: int, amount: float, affiliate: int) -> None:
    sold(house, house.new_visit(affiliate), line(amount), external_id=f"ORD-{number}")


def test_a_month_of_sales_becomes_one_payout_per_collaborator(house: House):
    program = house.new_program()
    anna, ben = house.new_collaborator(program), house.new_collaborator(program)
    for number, affiliate in enumerate([anna, anna, ben]):
        sell(house, number, 100 + number, affiliate)

    batch = generate(house)

    assert batch.status == 201
    assert {(it["collaboratorId"], it["value"], it["status"]) for it in payouts(house)} == {
        (anna, 2010, "unpaid"),
        (ben, 1020, "unpaid"),
    }
    told = house.get(f"/fulfillments/{batch.json['id']}").json
    assert (told["status"], told["payoutCount"], told["totalValue"], told["currency"]) == ("pending", 2, 3030, "USD")
    require_agreement(house)


def test_a_second_batch_finds_nothing_to_pay(house: House):
    sell(house, 1, 100, house.new_collaborator(house.new_program()))
    generate(house)

    again = generate(house)

    assert (again.status, again.error["code"]) == (409, "conflict")
    assert len(payouts(house)) == 1


def test_a_refund_after_the_payout_is_kept_back_from_the_next_one(house: House):
    anna = house.new_collaborator(house.new_program(clawback="carryForward"))
    sell(house, 1, 100, anna)
    generate(house)

    house.refund("ORD-1", refundId="R-1", amount=40)
    house.deliver()
    sell(house, 2, 50, anna)
    generate(house)

    assert [it["value"] for it in payouts(house)] == [1000, 500 - 400]
    assert balances(house) == {anna: 1100}
    require_agreement(house)


def test_a_refund_withdrawn_after_its_clawback_brings_it_back(house: House):
    anna = house.new_collaborator(house.new_program(clawback="carryForward"))
    sell(house, 1, 100, anna)
    generate(house)
    for _ in range(2):
        house.refund("ORD-1", refundId="R-1", amount=40)
        house.deliver()
    assert balances(house) == {anna: 600}

    house.post("/event/refund-withdrawn", {"source": "shopify", "externalId": "ORD-1", "refundId": "R-1"})
    house.deliver()

    assert balances(house) == {anna: 1000}
    assert house.changes_of_repeats() == 0


def test_an_adjustment_overtaken_by_the_withdrawal_of_its_refund_is_not_made(house: House):
    anna = house.new_collaborator(house.new_program(clawback="carryForward"))
    sell(house, 1, 100, anna)
    generate(house)
    house.refund("ORD-1", refundId="R-1", amount=40)
    slow: list[Message] = []
    house.deliver(lambda messages: held_back(messages, slow))

    def withdraw() -> None:
        house.post("/event/refund-withdrawn", {"source": "shopify", "externalId": "ORD-1", "refundId": "R-1"})
        house.deliver()

    with house.meanwhile("TransactWriteItems", withdraw):
        for message in slow:
            assert house.consume(message)

    assert balances(house) == {anna: 1000}
    require_agreement(house)


def held_back(messages: list[Message], kept: list[Message]) -> list[Message]:
    """The messages without those about a changed conversion, which are kept."""
    kept += [it for it in messages if it.detail_type == "ConversionRevalued"]
    return [it for it in messages if it.detail_type != "ConversionRevalued"]


def test_without_clawback_a_refund_after_the_payout_leaves_it_alone(house: House):
    anna = house.new_collaborator(house.new_program())
    sell(house, 1, 100, anna)
    generate(house)

    house.refund("ORD-1")
    house.deliver()

    assert balances(house) == {anna: 1000}
    assert house.owed() == [("complete", 1000)]


@pytest.mark.parametrize("paid_first", [False, True])
def test_a_payout_that_came_back_is_paid_by_the_next_batch(house: House, paid_first: bool):
    anna = house.new_collaborator(house.new_program())
    sell(house, 1, 100, anna)
    generate(house)
    (payout,) = payouts(house)
    if paid_first:
        house.post("/payouts/bulk", {"action": "markPaid", "ids": [payout["id"]]})

    rows = [{"payoutId": payout["id"], "status": "failed", "reason": "account closed"}]
    assert house.post("/payouts/results", {"rows": rows}).json["affected"] == 1
    house.deliver()
    require_agreement(house)
    assert house.owed() == [("pending", 1000)]
    generate(house)

    assert [(it["value"], it["status"], it["reason"]) for it in payouts(house)] == [
        (1000, "failed", "account closed"),
        (1000, "unpaid", None),
    ]
    require_agreement(house)
    assert house.changes_of_repeats() == 0


@pytest.mark.parametrize("refunded", [40, 100])
def test_a_failed_payout_releases_at_what_refunds_have_left(house: House, refunded: int):
    anna = house.new_collaborator(house.new_program(clawback="carryForward"))
    sell(house, 1, 100, anna)
    generate(house)
    house.refund("ORD-1", refundId="R-1", amount=refunded)
    house.deliver()

    rows = [{"payoutId": payouts(house)[0]["id"], "status": "failed"}]
    house.post("/payouts/results", {"rows": rows})
    house.deliver()

    assert balances(house).get(anna, 0) == 1000 - 10 * refunded
    require_agreement(house)


def test_a_failed_batch_releases_everything_it_had_claimed(house: House):
    program = house.new_program()
    for number in range(3):
        sell(house, number, 100, house.new_collaborator(program))
    batch = generate(house)

    house.post("/fulfillments/bulk", {"action": "fail", "ids": [batch.json["id"]]})
    house.deliver()

    assert house.owed() == [("pending", 1000)] * 3
    assert {it["status"] for it in payouts(house)} == {"cancelled"}
    require_agreement(house)


def test_a_collaborator_below_the_minimum_waits_until_it_is_reached(house: House):
    house.put("/settings", {"minimumPayout": {"USD": 1500}})
    anna = house.new_collaborator(house.new_program())
    sell(house, 1, 100, anna)
    shown = house.post("/fulfillments/preview", {}).json
    assert shown["leftOut"] == [
        {"collaboratorId": anna, "currency": "USD", "value": 1000, "obligationCount": 1, "reason": "below_minimum"}
    ]
    assert generate(house).status == 409

    sell(house, 2, 100, anna)
    generate(house)

    assert [it["value"] for it in payouts(house)] == [2000]


def test_a_programs_minimum_comes_before_the_organizations(house: House):
    house.put("/settings", {"minimumPayout": {"USD": 500}})
    program = house.new_program(minimumPayout=1500)
    anna = house.new_collaborator(program)
    sell(house, 1, 100, anna)
    assert [it["reason"] for it in house.post("/fulfillments/preview", {}).json["leftOut"]] == ["below_minimum"]

    assert house.put(f"/programs/{program}", {"minimumPayout": None}).json["minimumPayout"] is None

    assert generate(house).status == 201


def test_a_batch_pays_what_its_preview_showed_and_no_more(house: House):
    anna = house.new_collaborator(house.new_program())
    sell(house, 1, 100, anna)
    shown = house.post("/fulfillments/preview", {}).json
    assert [it["value"] for it in shown["payouts"]] == [1000]
    sell(house, 2, 100, anna)

    first = generate(house, previewId=shown["previewId"])
    again = generate(house, previewId=shown["previewId"])

    assert first.json["id"] == again.json["id"]
    assert [it["value"] for it in payouts(house)] == [1000]
    require_agreement(house)


def test_a_batch_is_refused_once_its_preview_no_longer_holds(house: House):
    program = house.new_program()
    anna, ben = house.new_collaborator(program), house.new_collaborator(program)
    sell(house, 1, 100, anna)
    sell(house, 2, 100, ben)
    shown = house.post("/fulfillments/preview", {}).json
    house.refund("ORD-2", refundId="R-1", amount=10)
    house.deliver()

    refused = generate(house, previewId=shown["previewId"])

    assert refused.status == 409
    assert len(refused.error["context"]["obligationIds"]) == 1
    assert house.owed() == [("pending", 900), ("pending", 1000)]
    require_agreement(house)


def test_a_refund_that_arrives_while_a_batch_claims_is_claimed_at_its_new_value(house: House):
    anna = house.new_collaborator(house.new_program())
    sell(house, 1, 100, anna)

    def refund() -> None:
        house.refund("ORD-1", refundId="R-1", amount=50)
        house.deliver()

    with house.meanwhile("TransactWriteItems", refund, after=1):
        batch = generate(house)

    assert batch.status == 201
    assert [it["value"] for it in payouts(house)] == [500]
    require_agreement(house)


def test_obligations_named_for_a_batch_must_all_be_payable(house: House):
    anna = house.new_collaborator(house.new_program())
    sell(house, 1, 100, anna)
    sell(house, 2, 50, anna)
    named = [it["id"] for it in house.get("/obligations").json]

    refused = generate(house, obligationIds=[*named, 12345])
    paid = generate(house, obligationIds=named[:1])

    assert (refused.status, refused.error["context"]["obligationIds"]) == (409, [12345])
    assert paid.status == 201
    assert [it["value"] for it in payouts(house)] == [500]


def test_held_amounts_are_paid_only_if_named(house: House):
    body = {"collaboratorId": house.collaborator_id, "value": 700, "dueAt": "2999-01-01T00:00:00Z"}
    credit = house.post("/obligations", body).json

    (left,) = house.post("/fulfillments/preview", {}).json["leftOut"]
    assert (left["value"], left["reason"]) == (700, "held")
    assert generate(house).status == 409
    assert generate(house, obligationIds=[credit["id"]]).status == 201
    require_agreement(house)


def test_a_cutoff_leaves_what_was_earned_later_for_the_next_batch(house: House):
    anna = house.new_collaborator(house.new_program())
    visit = house.new_visit(anna)
    sold(house, visit, line(100), external_id="ORD-1")
    between = house.get("/obligations").json[0]["dateModified"]
    sell(house, 2, 50, anna)

    generate(house, cutoff=between)

    assert [it["value"] for it in payouts(house)] == [1000]


@pytest.mark.parametrize(
    ("arguments", "left"),
    [
        ({"collaboratorIds": [0]}, "others"),
        ({"excludeCollaboratorIds": [0]}, "others"),
        ({"currency": "USD"}, "euros"),
    ],
)
def test_arguments_narrow_a_batch(house: House, arguments: dict[str, object], left: str):
    program, euros = house.new_program(), house.new_program(units="EUR")
    anna, ben = house.new_collaborator(program), house.new_collaborator(euros)
    sell(house, 1, 100, anna)
    sold(house, house.new_visit(ben), line(70), external_id="ORD-2", currency="EUR")
    named = {"collaboratorIds": [anna], "excludeCollaboratorIds": [ben]}
    arguments = {name: named.get(name, value) for name, value in arguments.items()}

    batch = generate(house, **arguments)

    assert (batch.json["currency"], batch.json["totalValue"]) == ("USD", 1000), left


def test_a_batch_of_several_currencies_has_a_total_for_each(house: House):
    program, euros = house.new_program(), house.new_program(units="EUR")
    anna, ben = house.new_collaborator(program), house.new_collaborator(euros)
    sell(house, 1, 100, anna)
    sold(house, house.new_visit(ben), line(70), external_id="ORD-2", currency="EUR")

    batch = generate(house).json

    assert (batch["totals"], batch["totalValue"], batch["currency"]) == ({"USD": 1000, "EUR": 700}, None, None)


def test_five_hundred_obligations_of_one_collaborator_are_claimed_in_six_transactions(house: House):
    for number in range(500):
        house.post("/obligations", {"collaboratorId": house.collaborator_id, "value": 1 + number})

    with house.requests_made() as seen:
        batch = house.post("/fulfillments/generate", {})

    assert batch.json["totalValue"] == 500 * 501 // 2
    begins = 1
    assert seen.counts["TransactWriteItems"] == begins + 6
    house.deliver()
    require_agreement(house)


@pytest.mark.parametrize("previewed", [False, True])
def test_a_batch_that_runs_out_of_time_is_finished_by_a_worker_from_the_next_group_on(
    house: House, monkeypatch: pytest.MonkeyPatch, previewed: bool
):
    monkeypatch.setattr(payout_calls, "_FOR_THE_ANSWER", 1000)
    monkeypatch.setattr(fulfillments, "LEASE_SECONDS", 0)
    program = house.new_program()
    for number in range(3):
        sell(house, number, 100, house.new_collaborator(program))
    preview = house.post("/fulfillments/preview", {}).json["previewId"]

    batch = house.post("/fulfillments/generate", {"previewId": preview} if previewed else {}).json
    assert (batch["status"], batch["generating"], batch["payoutCount"]) == ("processing", True, 1)
    house.deliver()

    told = house.get(f"/fulfillments/{batch['id']}").json
    assert (told["status"], told["generating"], told["payoutCount"]) == ("pending", False, 3)
    require_agreement(house)


def test_a_paid_obligation_names_its_payout(house: House):
    anna = house.new_collaborator(house.new_program())
    sell(house, 1, 100, anna)
    generate(house)

    (obligation,) = house.get("/obligations").json

    assert (obligation["status"], obligation["payoutId"]) == ("complete", payouts(house)[0]["id"])


def test_an_adjustment_of_a_payment_is_not_changed_by_hand(house: House):
    anna = house.new_collaborator(house.new_program(clawback="carryForward"))
    sell(house, 1, 100, anna)
    generate(house)
    house.refund("ORD-1", refundId="R-1", amount=40)
    house.deliver()
    (adjustment,) = (it for it in house.get("/obligations").json if it["awardType"] == "adjustment")
    path = f"/obligations/{adjustment['id']}"

    done = house.post("/obligations/bulk", {"action": "reject", "ids": [adjustment["id"]]}).json

    assert done["skipped"] == [{"id": adjustment["id"], "reason": "adjusts_a_payment"}]
    assert [house.delete(path).status, house.put(path, {"value": -1}).status] == [409, 409]
    assert balances(house) == {anna: 600}
