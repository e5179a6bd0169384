"""Proof of the ledger's money, and statements of collaborators, through the real functions."""

from typing import Any
from unittest import mock

import pytest

from tests.stack.exchange import Item, Message
from tests.stack.house import House
from tests.stack.moto_stack import TABLE, client
from tests.stack.scenarios import pools
from tests.stack.scenarios.paid import credit, generate, payouts
from tests.stack.scenarios.past import line, sold
from tributary import settings
from tributary.ledger.payouts import claims, proofs, statements

NIGHT = '{"id": "night-1", "source": "aws.events", "detail-type": "Scheduled Event", "detail": {}}'


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proofs, "_PAUSES", (0, 0))
    proofs.forget()


def sell(house: House, number: int, amount: float, affiliate: int) -> None:
    sold(house, house.new_visit(affiliate), line(amount), external_id=f"ORD-{number}")


def prove(house: House) -> Item:
    """The proof of a night."""
    assert house.consume(Message("prove_ledger", NIGHT))
    with house._environment("prove_ledger"):
        queue = settings.queue_url()
    for body in {message["Body"] for message in client("sqs").receive_message(QueueUrl=queue)["Messages"]}:
        while house.get("/proofs").json[0]["status"] == "running":
            assert house.consume(Message("prove_ledger", body))
    house.deliver()
    (proof,) = house.get("/proofs").json
    return proof


def alter(house: House, entity: str, **listed: Any) -> int:
    """Change listed members of the only such item behind the ledger's back; return its id."""
    (item,) = house.ledger(entity)
    names = {f"#{name}": name for name in listed}
    client("dynamodb").update_item(
        TableName=TABLE,
        Key={"pk": {"S": item["pk"]}, "sk": {"S": item["sk"]}},
        UpdateExpression="SET " + ", ".join(f"listed.#{name} = :{name}" for name in listed),
        ExpressionAttributeNames=names,
        ExpressionAttributeValues={f":{name}": value for name, value in listed.items()},
    )
    return int(item["listed"]["id"])


def test_a_ledger_whose_payouts_equal_its_obligations_is_proved(house: House):
    anna = house.new_collaborator(house.new_program(clawback="carryForward"))
    sell(house, 1, 100, anna)
    sell(house, 2, 200, anna)
    generate(house)
    house.refund("ORD-1", refundId="R-1", amount=40)
    house.deliver()
    sell(house, 3, 100, anna)
    generate(house)

    proof = prove(house)

    assert (proof["status"], proof["payouts"], proof["obligations"]) == ("proved", 2, 4)
    assert proof["paid"] == {"USD": 3000 + 600}
    assert [it["detail-type"] for it in house.on_the_bus if it["detail-type"].startswith("Ledger")] == ["LedgerProved"]


@pytest.mark.parametrize(
    ("entity", "altered", "reason"),
    [
        ("payout", {"value": {"N": "999"}}, "sum_of_obligations_differs"),
        ("obligation", {"value": {"N": "999"}}, "paid_amount_differs"),
        ("obligation", {"status": {"S": "rejected"}}, "obligation_differs"),
        ("conversion", {"value": {"N": "1500"}}, "paid_amount_differs"),
    ],
)
def test_an_item_altered_behind_its_back_is_named(
    house: House, entity: str, altered: Item, reason: str, caplog: pytest.LogCaptureFixture
):
    sell(house, 1, 100, house.new_collaborator(house.new_program()))
    generate(house)
    altered_id = alter(house, entity, **altered)

    proof = prove(house)

    assert proof["status"] == "disproved"
    named = {(it["record"], it["id"]): it["reasons"] for it in proof["records"]}
    assert reason in [it for reasons in named.values() for it in reasons]
    if entity != "conversion":
        assert (entity, altered_id) in named
    assert [it.levelname for it in caplog.records if it.message == proofs.SAID_SO] == ["ERROR"]


@pytest.mark.parametrize(("paid", "reason"), [(True, "paid_amount_differs"), (False, "obligation_differs")])
def test_an_obligation_that_differs_from_its_share_is_named(house: House, paid: bool, reason: str):
    person = house.new_collaborator()
    pools.closed_month(house, person)
    generate(house)
    if not paid:
        house.post("/payouts/results", {"rows": [{"payoutId": payouts(house)[0]["id"], "status": "failed"}]})
        house.deliver()
    altered_id = alter(house, "obligation", value={"N": "999"})

    proof = prove(house)

    named = {(it["record"], it["id"]): it["reasons"] for it in proof["records"]}
    assert named["obligation", altered_id] == [reason]


def aged(item: Item) -> None:
    """Let a record be older than the grace."""
    update(item, "changedAt", {"S": "2026-01-01T00:00:00.000Z"})


def update(item: Item, name: str, value: Item) -> None:
    client("dynamodb").update_item(
        TableName=TABLE,
        Key={"pk": {"S": item["pk"]}, "sk": {"S": item["sk"]}},
        UpdateExpression=f"SET {name} = :value",
        ExpressionAttributeValues={":value": value},
    )


def lost(house: House, entity: str) -> Item:
    """Delete the only such item behind the ledger's back."""
    (item,) = house.ledger(entity)
    client("dynamodb").delete_item(TableName=TABLE, Key={"pk": {"S": item["pk"]}, "sk": {"S": item["sk"]}})
    return item


def reasons(house: House) -> dict[str, list[str]]:
    return {it["record"]: it["reasons"] for it in prove(house)["records"]}


def test_the_totals_of_a_batch_are_compared_with_its_payouts(house: House):
    sell(house, 1, 100, house.new_collaborator(house.new_program()))
    generate(house)
    alter(house, "fulfillment", payoutCount={"N": "2"})
    (batch,) = house.ledger("fulfillment")
    update(batch, "listed.totals", {"M": {"USD": {"N": "1"}}})

    assert reasons(house) == {"fulfillment": ["totals_differ", "number_of_payouts_differs"]}


def test_an_obligation_in_a_payout_that_is_missing_is_named(house: House):
    sell(house, 1, 100, house.new_collaborator(house.new_program()))
    generate(house)
    lost(house, "payout")

    assert reasons(house)["obligation"] == ["payout_missing"]


@pytest.mark.parametrize("recent", [False, True])
def test_a_conversion_without_its_obligation_is_named_once_its_messages_had_the_time(house: House, recent: bool):
    sell(house, 1, 100, house.new_collaborator(house.new_program()))
    generate(house, obligationIds=[credit(house)["id"]])
    (owed,) = [it for it in house.ledger("obligation") if it["listed"]["conversionId"]]
    client("dynamodb").delete_item(TableName=TABLE, Key={"pk": {"S": owed["pk"]}, "sk": {"S": owed["sk"]}})
    (conversion,) = house.ledger("conversion")
    if not recent:
        aged(conversion)

    assert reasons(house) == ({} if recent else {"conversion": ["obligation_missing"]})


def test_a_share_without_its_obligation_is_named(house: House):
    person = house.new_collaborator()
    pools.closed_month(house, person)
    lost(house, "obligation")
    generate(house, obligationIds=[credit(house)["id"]])
    for item in house.ledger("distribution"):
        aged(item)

    assert reasons(house) == {"distribution": ["obligation_missing"]}


def test_a_payout_whose_release_waits_is_no_disagreement(house: House):
    sell(house, 1, 100, house.new_collaborator(house.new_program()))
    generate(house)
    house.post("/payouts/results", {"rows": [{"payoutId": payouts(house)[0]["id"], "status": "failed"}]})
    with house._environment("prove_ledger"):
        number = proofs.begin("demo", "night-before-the-release")
        while proofs.go_on("demo", number):
            pass
        assert not proofs.disproved("demo", number)
    (payout,) = house.ledger("payout")
    aged(payout)

    with house._environment("prove_ledger"):
        number = proofs.begin("demo", "night-of-a-lost-message")
        while proofs.go_on("demo", number):
            pass
        assert proofs.disproved("demo", number)


def test_a_batch_under_way_is_no_disagreement(house: House):
    house.post("/obligations", {"collaboratorId": house.collaborator_id, "value": -500})
    house.post("/obligations", {"collaboratorId": house.collaborator_id, "value": 700})
    with mock.patch.object(claims, "MOST", 1), house.meanwhile("TransactWriteItems", died, after=2):
        assert house.post("/fulfillments/generate", {}).status == 500
    assert [it["value"] for it in payouts(house)] == [-500]

    with house._environment("prove_ledger"):
        number = proofs.begin("demo", "night-of-a-batch")
        while proofs.go_on("demo", number):
            pass
        assert not proofs.disproved("demo", number)


def died() -> None:
    raise ConnectionError


def test_a_proof_goes_on_though_the_answer_to_a_page_was_lost(house: House):
    sell(house, 1, 100, house.new_collaborator(house.new_program()))
    generate(house)
    with house._environment("prove_ledger"):
        number = proofs.begin("demo", "night-of-a-lost-answer")
        item = proofs.get("demo", number)
        assert item
        assert proofs.go_on("demo", number)
        with mock.patch.object(proofs, "get", return_value=item):  # the repeat of a request that was applied
            assert proofs.go_on("demo", number)
        while proofs.go_on("demo", number):
            pass
        assert proofs.get("demo", number)["listed"]["status"] == "proved"


def test_an_obligation_that_follows_its_share_is_proved(house: House):
    person = house.new_collaborator()
    pools.closed_month(house, person)
    generate(house)
    house.refund("ORD-1", refundId="R-1", amount=40)
    house.deliver()

    assert (prove(house)["status"], house.owed()) == ("proved", [("complete", 1000), ("pending", -400)])


def test_a_repeated_night_proves_once(house: House):
    sell(house, 1, 100, house.new_collaborator(house.new_program()))
    generate(house)
    prove(house)

    assert prove(house)["payouts"] == 1


def test_a_statement_leads_from_its_opening_to_its_closing_balance(house: House):
    anna = house.new_collaborator(house.new_program(clawback="carryForward"))
    sell(house, 1, 100, anna)
    generate(house)
    house.refund("ORD-1", refundId="R-1", amount=40)
    house.deliver()
    sell(house, 2, 50, anna)
    sell(house, 3, 70, anna)

    told = house.get(f"/collaborators/{anna}/statement").json

    (balance,) = told["balances"]
    assert balance == {
        "currency": "USD",
        "opening": 0,
        "earned": 1000 + 500 + 700,
        "reversed": 400,
        "paid": 1000,
        "closing": 800,
    }
    assert [(it["kind"], it["value"]) for it in told["lines"]] == [
        (statements.EARNED, 700),
        (statements.EARNED, 500),
        (statements.REVERSED, -400),
        (statements.PAID, -1000),
        (statements.EARNED, 1000),
    ]


def test_the_pages_of_a_statement_join_without_a_gap(house: House):
    anna = house.new_collaborator(house.new_program())
    for number in range(5):
        sell(house, number, 10 * (number + 1), anna)
    generate(house)
    whole = house.get(f"/collaborators/{anna}/statement").json
    path, lines, closing = f"/collaborators/{anna}/statement", [], whole["balances"][0]["closing"]
    query = {"number": "2"}
    while True:
        page = house.get(path, **query)
        (balance,) = page.json["balances"]
        assert balance["closing"] == closing
        assert balance["opening"] == closing - balance["earned"] + balance["reversed"] + balance["paid"]
        closing, lines = balance["opening"], lines + page.json["lines"]
        if "Link" not in page.headers:
            break
        query["cursor"] = page.headers["Link"].split("cursor=")[1].split(">")[0].split("&")[0]
    assert lines == whole["lines"]
    assert closing == 0


def test_a_statement_of_a_period_closes_with_the_balance_of_its_end(house: House):
    anna = house.new_collaborator(house.new_program())
    sell(house, 1, 100, anna)
    (first,) = house.get("/obligations", collaboratorId=str(anna)).json
    sell(house, 2, 50, anna)
    between = house.get("/obligations", collaboratorId=str(anna)).json[0]["dateCreated"]

    before = house.get(f"/collaborators/{anna}/statement", to=between).json
    after = house.get(f"/collaborators/{anna}/statement", **{"from": between}).json

    assert [it["id"] for it in before["lines"]] == [first["id"]]
    assert before["balances"][0]["closing"] == after["balances"][0]["opening"] == 1000
    assert after["balances"][0]["closing"] == 1500


def test_a_statement_of_another_organizations_collaborator_is_not_found(house: House):
    stranger = house.new_key("ledger:payouts:read", organization="stranger")

    answer = house.get(f"/collaborators/{house.collaborator_id}/statement", key=stranger)

    assert answer.status == 404
    assert len(payouts(house)) == 0


def test_the_deletion_of_a_sale_with_earnings_is_no_disagreement(house: House):
    sell(house, 1, 100, house.new_collaborator(house.new_program()))
    sell(house, 2, 100, house.new_collaborator(house.new_program()))
    generate(house)
    (sale, _) = house.get("/transactions").json
    house.post("/transactions/bulk", {"action": "delete", "ids": [sale["id"]]})
    house.deliver()

    assert prove(house)["status"] == "proved"
