"""Deleted conversions: their obligations are rejected unless paid, and every order of deletion, refund and return ends
in the same ledger."""

import itertools
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stack.house import House, in_process
from tests.stack.scenarios import affiliate_shop
from tests.stack.scenarios.manual_credit import credit, rewards_manual
from tributary.ledger.store import table

LINE = {"externalId": "A", "name": "Plan", "amount": 49.99}


def sold(house: House) -> int:
    """Report the sale; return the id of its conversion."""
    assert house.sale(items=[LINE]).status == 200
    house.deliver()
    (conversion,) = house.get("/conversions").json
    return int(conversion["id"])


def bulk(house: House, action: str, *ids: int, **options: Any) -> tuple[int, list[str]]:
    answer = house.post("/conversions/bulk", {"action": action, "ids": list(ids)}, **options)
    assert answer.status == 200, answer.text
    house.deliver()
    return answer.json["affected"], [it["reason"] for it in answer.json["skipped"]]


def put(house: House, number: int, **members: Any) -> Any:
    answer = house.put(f"/conversions/{number}", members)
    house.deliver()
    return answer


def delete(house: House, number: int, **options: Any) -> Any:
    answer = house.delete(f"/conversions/{number}", **options)
    house.deliver()
    return answer


def withdraw(house: House, **members: Any) -> None:
    body = {"source": "shopify", "externalId": "ORD-1004", **members}
    assert house.post("/event/refund-withdrawn", body, key="events").status == 200


def pay(house: House) -> None:
    """Mark the only obligation as paid out."""
    ((owed),) = house.ledger("obligation")
    with house._environment("issue_obligation"):
        changes = {"listed.#status": "complete", "#version": owed["version"] + 1}
        table.update(owed["pk"], owed["sk"], changes, "#version = :seen", seen=owed["version"])


def test_a_conversion_deleted_for_good_at_once_leaves_nothing_payable(house: House):
    number = sold(house)
    for action in ("delete", "permanent_delete"):
        assert house.post("/conversions/bulk", {"action": action, "ids": [number]}).json["affected"] == 1
    house.deliver()

    assert house.post("/fulfillments/preview", {}).json["payouts"] == []
    assert house.get(f"/collaborators/{house.collaborator_id}/statement").json["balances"] == []


def test_a_first_deletion_rejects_the_obligation_and_a_second_one_is_for_good(house: House):
    number = sold(house)

    first = delete(house, number)
    assert (first.status, first.json["status"]) == (200, "deleted")
    assert (house.get(f"/conversions/{number}").json, house.owed()) == (first.json, [("rejected", 500)])

    second, third = delete(house, number), delete(house, number)
    assert (second.status, second.text, third.status) == (204, "", 404)
    assert house.get(f"/conversions/{number}").status == 404
    assert house.owed() == [("rejected", 500)]


def test_lists_show_deleted_conversions_only_if_asked_for_them(house: House):
    number = sold(house)
    sale = house.get(f"/conversions/{number}").json["transactionId"]
    queries: list[dict[str, Any]] = [{}, {"transactionId": sale}, {"programId": house.program_id}]

    def shown(**more: Any) -> list[list[int]]:
        return [[it["id"] for it in house.get("/conversions", **query, **more).json] for query in queries]

    delete(house, number)
    assert (shown(), shown(status="deleted")) == ([[]] * 3, [[number]] * 3)
    delete(house, number)
    assert (shown(), shown(status="deleted")) == ([[]] * 3, [[]] * 3)
    assert house.get("/transactions", conversionId=number).json == []


def test_a_deleted_conversion_comes_back_as_pending(house: House):
    number = sold(house)
    delete(house, number)

    assert bulk(house, "approve", number) == (0, ["deleted"])
    assert bulk(house, "reject", number) == (0, ["deleted"])
    assert bulk(house, "markPending", number) == (1, [])
    assert house.owed() == [("draft", 500)]
    assert bulk(house, "approve", number) == (1, [])
    assert house.owed() == [("pending", 500)]


def test_a_conversion_deleted_for_good_never_comes_back(house: House):
    number = sold(house)
    assert [delete(house, number).status for _ in range(2)] == [200, 204]

    actions = ("approve", "reject", "markPending", "delete", "permanent_delete")
    assert [bulk(house, it, number) for it in actions] == [(0, ["not_found"])] * 5
    assert put(house, number, status="pending").status == 404
    body = {"source": "shopify", "externalId": "ORD-1004", "total": 100, "changedAt": "2026-11-21T09:00:00Z"}
    assert house.post("/event/sale-changed", body | {"items": [LINE | {"amount": 100}]}, key="events").status == 200
    house.refund(refundId="R", amount=1)
    house.deliver()

    assert house.owed() == [("rejected", 500)]
    assert house.changes_of_repeats() == 0


def test_a_credit_does_not_pay_again_for_a_conversion_deleted_for_good(house: House):
    rewards_manual(house)
    number = sold(house)
    sale = house.get(f"/conversions/{number}").json["transactionId"]
    assert [delete(house, number).status for _ in range(2)] == [200, 204]

    answer = credit(house, sale).json
    house.deliver()

    assert (answer["affected"], answer["skipped"][0]["reason"]) == (0, "already_so")
    assert house.owed() == [("rejected", 500)]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_a_deletion_a_refund_and_its_withdrawal_leave_the_same_in_any_order(house: House, order: tuple[int, ...]):
    number = sold(house)
    steps = [
        lambda: delete(house, number),
        lambda: house.refund(),
        lambda: withdraw(house, occurredAt="2026-11-21T09:00:00Z"),
    ]
    for place in order:
        steps[place]()
        house.deliver()

    shown = house.get(f"/conversions/{number}").json
    assert (shown["status"], shown["value"], house.owed()) == ("deleted", 500, [("rejected", 500)])
    assert bulk(house, "markPending", number) == (1, [])
    assert house.owed() == [("draft", 500)]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_a_deletion_and_partial_refunds_leave_the_same_in_any_order(house: House, order: tuple[int, ...]):
    number = sold(house)
    steps = [
        lambda: delete(house, number),
        lambda: house.refund(refundId="R-1", amount=10),
        lambda: house.refund(refundId="R-2", amount=9.99),
    ]
    for place in order:
        steps[place]()
        house.deliver()
    bulk(house, "markPending", number)
    bulk(house, "approve", number)

    assert house.owed() == [("pending", 301)]


def test_a_deleted_conversion_of_a_refunded_sale_stays_deleted(house: House):
    number = sold(house)
    delete(house, number)
    house.refund()
    house.deliver()

    assert bulk(house, "markPending", number) == (0, ["refunded"])
    answer = put(house, number, status="pending")
    assert (answer.status, answer.error["context"]) == (409, {"id": number, "reason": "refunded"})
    assert house.get(f"/conversions/{number}").json["status"] == "deleted"


def test_a_deletion_of_a_paid_conversion_leaves_its_obligation_and_is_never_for_good(house: House):
    number = sold(house)
    pay(house)

    assert delete(house, number).json["status"] == "deleted"
    assert house.owed() == [("complete", 500)]

    answer = delete(house, number)
    assert (answer.status, answer.error["context"]) == (409, {"id": number, "reason": "complete"})
    assert bulk(house, "permanent_delete", number) == (0, ["complete"])
    assert house.get(f"/conversions/{number}").json["status"] == "deleted"
    assert bulk(house, "markPending", number) == (1, [])
    assert house.owed() == [("complete", 500)]


def test_a_deletion_for_good_that_meets_a_payout_is_refused(house: House):
    number = sold(house)
    assert house.delete(f"/conversions/{number}").status == 200  # the obligation has not followed yet

    with house.meanwhile("TransactWriteItems", lambda: pay(house)):
        answer = house.delete(f"/conversions/{number}")
    house.deliver()

    assert (answer.status, answer.error["context"]["reason"]) == (409, "complete")
    assert (house.get(f"/conversions/{number}").json["status"], house.owed()) == ("deleted", [("complete", 500)])


def test_a_deletion_for_good_before_its_obligation_is_issued_leaves_nothing_payable(house: House):
    house.sale(items=[LINE])
    house.publish()
    for message in house.arrived():
        if message.function == "attribute_sale":
            house.consume(message)
    ((conversion),) = house.ledger("conversion")
    number = conversion["listed"]["id"]
    assert [house.delete(f"/conversions/{number}").status for _ in range(2)] == [200, 204]
    assert house.ledger("obligation") == []

    house.deliver()

    assert house.owed() == [("rejected", 500)]


def test_a_deletion_for_good_rejects_an_obligation_that_has_not_followed_yet(house: House):
    number = sold(house)

    assert [house.delete(f"/conversions/{number}").status for _ in range(2)] == [200, 204]

    assert house.owed() == [("rejected", 500)]
    house.deliver()
    assert house.owed() == [("rejected", 500)]


def test_bulk_deletions_change_the_records_that_are_not_so_yet(house: House):
    number = sold(house)

    assert bulk(house, "permanent_delete", number) == (0, ["approved"])
    assert bulk(house, "delete", number, 4711, number) == (1, ["not_found"])
    assert bulk(house, "delete", number) == (0, ["already_so"])
    assert bulk(house, "permanent_delete", number, number) == (1, [])
    assert bulk(house, "permanent_delete", number) == (0, ["not_found"])


def test_a_conversion_of_an_affiliate_sale_earns_nothing_once_deleted(house: House):
    affiliate_shop.made(house)
    house.deliver()
    (conversion,) = house.get("/conversions").json

    delete(house, conversion["id"])
    (shown,) = affiliate_shop.listed(house)["data"]
    assert (shown["commission"], shown["status"]) == (0, "unpaid")

    delete(house, conversion["id"])
    (shown,) = affiliate_shop.listed(house)["data"]
    assert (shown["commission"], shown["status"]) == (0, "unpaid")


# one at a time


@pytest.mark.parametrize(("status", "owed"), [("pending", "draft"), ("approved", "pending"), ("rejected", "rejected")])
def test_a_status_is_written_and_the_obligation_follows(house: House, status: str, owed: str):
    number = sold(house)

    answers = [put(house, number, status=status) for _ in range(2)]

    assert [(it.status, it.json["status"]) for it in answers] == [(200, status)] * 2
    assert answers[0].json == answers[1].json == house.get(f"/conversions/{number}").json
    assert house.owed() == [(owed, 500)]


def test_a_conversion_may_be_sent_back_as_read(house: House):
    number = sold(house)
    read = house.get(f"/conversions/{number}").json
    before = house.ledger()

    answer = put(house, number, **read)

    assert (answer.status, answer.json) == (200, read)
    assert house.ledger() == before


@pytest.mark.parametrize(
    ("wrong", "failures"),
    [
        ({"value": 499}, {"value": "UNKNOWN"}),
        ({"currency": "EUR", "type": "lead"}, {"currency": "UNKNOWN", "type": "UNKNOWN"}),
        ({"collaboratorId": 5, "programId": 5}, {"collaboratorId": "UNKNOWN", "programId": "UNKNOWN"}),
        ({"engagementId": 5, "transactionId": 5}, {"engagementId": "UNKNOWN", "transactionId": "UNKNOWN"}),
        ({"status": "deleted"}, {"status": "ENUM"}),
        ({"status": 1, "value": 1.5}, {"status": "TYPE", "value": "TYPE"}),
    ],
)
def test_what_a_decision_has_fixed_cannot_be_changed(house: House, wrong: Any, failures: dict[str, str]):
    number = sold(house)
    before = house.ledger()

    answer = put(house, number, **{"status": "rejected", **wrong})

    assert (answer.status, answer.failures) == (422, failures)
    assert house.ledger() == before


def test_a_rejection_of_a_refunded_sales_conversion_holds_after_the_withdrawal(house: House):
    number = sold(house)
    house.refund()
    house.deliver()

    assert put(house, number, status="rejected").status == 200
    withdraw(house, occurredAt="2026-11-21T09:00:00Z")
    house.deliver()

    assert house.owed() == [("rejected", 500)]


def test_a_bound_key_changes_and_deletes_conversions_of_its_source_only(house: House):
    number = sold(house)
    theirs, own = (house.new_key("admin", source=it) for it in ("wc", "shopify"))

    assert house.put(f"/conversions/{number}", {"status": "rejected"}, key=theirs).status == 404
    assert delete(house, number, key=theirs).status == 404
    assert house.get(f"/conversions/{number}").json["status"] == "approved"
    assert house.put(f"/conversions/{number}", {"status": "rejected"}, key=own).status == 200
    assert delete(house, number, key=own).status == 200


@pytest.mark.parametrize(("key", "status"), [("reader", 403), ("events", 403), (None, 401)])
def test_changes_and_deletions_of_conversions_need_an_admin_key(house: House, key: str | None, status: int):
    number = sold(house)
    before = house.ledger()

    answers = [house.put(f"/conversions/{number}", {"status": "rejected"}, key=key), delete(house, number, key=key)]

    assert [it.status for it in answers] == [status] * 2
    assert house.ledger() == before


def test_another_organization_neither_changes_nor_deletes_a_conversion(house: House):
    number = sold(house)
    theirs = house.new_key("admin", organization="other")
    before = house.ledger()

    answers = [
        house.put(f"/conversions/{number}", {"status": "rejected"}, key=theirs),
        delete(house, number, key=theirs),
    ]

    assert [it.status for it in answers] == [404] * 2
    assert bulk(house, "delete", number, key=theirs) == (0, ["not_found"])
    assert house.ledger() == before


# random histories

STEPS = ("refund", "withdraw", "edit", "delete", "markPending", "approve", "reject", "some arrive", "again")


def take(house: House, step: str, number: int, chance: random.Random, seen: list[Any]) -> None:
    named = {"source": "shopify", "externalId": "ORD-1004"}
    if step == "refund":
        house.refund(refundId="R", amount=19.99)
    elif step == "withdraw":
        house.post("/event/refund-withdrawn", named | {"refundId": "R"}, key="events")
    elif step == "edit":
        body = named | {"total": 100, "items": [LINE | {"amount": 100}], "changedAt": "2026-11-21T09:00:00Z"}
        house.post("/event/sale-changed", body, key="events")
    elif step == "some arrive":
        house.publish()
        arrived = house.arrived()
        chance.shuffle(arrived)
        for message in arrived[: len(arrived) // 2]:
            assert house.consume(message)
        house._arrived = arrived[len(arrived) // 2 :]
        seen += arrived[: len(arrived) // 2]
    elif step == "again":
        for message in chance.sample(seen, min(3, len(seen))):
            assert house.consume(message)
    else:
        house.post("/conversions/bulk", {"action": step, "ids": [number]})


@settings(max_examples=25, deadline=None, derandomize=True)
@given(steps=st.lists(st.sampled_from(STEPS), max_size=10), chance=st.randoms(use_true_random=False))
def test_any_history_of_deletions_refunds_and_edits_ends_in_the_value_of_its_reports(
    steps: list[str], chance: random.Random
):
    with in_process() as house:
        number = sold(house)
        seen: list[Any] = []
        for step in [*steps, "delete"]:
            take(house, step, number, chance, seen)
        house.deliver(lambda messages: chance.sample(messages, len(messages)))
        whole = 10000 if "edit" in steps else 4999
        back = 1999 if "refund" in steps and "withdraw" not in steps else 0
        reward = (whole + 5) // 10
        left = reward - reward * back // whole
        assert house.owed() == [("rejected", left)]

        for action in ("markPending", "approve"):
            assert bulk(house, action, number) == (1, [])
        assert house.owed() == [("pending", left)]
        assert house.changes_of_repeats() == 0
