"""Concurrent changes between a function's reads and its write, each at the worst moment."""

from collections.abc import Callable

import pytest

from tests.stack.exchange import Message
from tests.stack.house import House


def arrived(house: House, function: str, detail_type: str) -> list[Message]:
    house.publish()
    return [it for it in house.arrived() if (it.function, it.detail_type) == (function, detail_type)]


def review(house: House, action: str) -> int:
    ids = [it["listed"]["id"] for it in house.ledger("conversion")]
    return int(house.post("/conversions/bulk", {"action": action, "ids": ids}).json["affected"])


def test_a_refund_during_the_attribution_leaves_nothing_owed(house: House):
    house.sale()
    ((sale),) = arrived(house, "attribute_sale", "SaleTriggered")

    with house.meanwhile("TransactWriteItems", house.refund):
        assert house.consume(sale)
    house.deliver()

    assert house.decision()["reason"] == "awarded"
    assert (house.conversions(), house.owed()) == ([("rejected", 0)], [("rejected", 0)])


def test_the_first_written_of_two_sales_with_one_visit_gets_it(house: House):
    house.sale("one")
    house.sale("two")
    one, two = arrived(house, "attribute_sale", "SaleTriggered")

    with house.meanwhile("TransactWriteItems", lambda: house.consume(two)):
        assert house.consume(one)
    house.deliver()

    assert sorted(it["reason"] for it in house.ledger("decision")) == ["awarded", "visit_consumed"]
    assert house.owed() == [("pending", 500)]


def test_concurrent_attributions_of_a_sale_decide_once(house: House):
    house.sale()
    ((sale),) = arrived(house, "attribute_sale", "SaleTriggered")

    with house.meanwhile("TransactWriteItems", lambda: house.consume(sale)):
        assert house.consume(sale)
    house.deliver()

    assert len(house.ledger("decision")) == 1
    assert house.owed() == [("pending", 500)]


def test_a_visit_during_the_attribution_takes_part_in_it(house: House):
    other = house.new_collaborator(house.program_id)
    house.sale()
    ((sale),) = arrived(house, "attribute_sale", "SaleTriggered")

    with house.meanwhile("TransactWriteItems", lambda: house.visit(other, headers={"X-Siren-OID": "4218"})):
        assert house.consume(sale)

    candidates = {it["collaboratorId"]: it["reason"] for it in house.decision()["candidates"]}
    assert candidates == {88: "outranked", other: "won"}
    assert house.ledger("opportunity")[0]["engagements"] == []


def test_a_visit_overtaken_by_the_attribution_counts_for_the_next_sale(house: House):
    other = house.new_collaborator(house.program_id)
    house.sale("first")
    ((sale),) = arrived(house, "attribute_sale", "SaleTriggered")

    with house.meanwhile("TransactWriteItems", lambda: house.consume(sale)):
        assert house.visit(other, headers={"X-Siren-OID": "4218"}).status == 200
    house.sale("second")
    house.deliver()

    candidates = [[it["collaboratorId"] for it in decision["candidates"]] for decision in house.ledger("decision")]
    assert sorted(candidates) == sorted([[88], [other]])
    assert house.ledger("opportunity")[0]["epoch"] == 2


def test_two_first_visits_of_one_user_share_one_opportunity(house: House):
    seen: list[str] = []

    def elsewhere() -> None:
        seen.append(house.visit(userId="u-1").headers["X-Siren-OID"])

    with house.meanwhile("TransactWriteItems", elsewhere):
        seen.append(house.visit(userId="u-1").headers["X-Siren-OID"])

    assert len(set(seen)) == 1


@pytest.mark.parametrize("action", ["approve", "markPending"])
def test_a_refund_during_a_review_prevails(house: House, action: str):
    house.sale()
    house.deliver()
    review(house, "reject")
    house.deliver()

    with house.meanwhile("TransactWriteItems", house.refund):
        affected = review(house, action)
    house.deliver()

    assert affected == 0
    assert (house.conversions(), house.owed()) == ([("rejected", 0)], [("rejected", 0)])


@pytest.mark.parametrize("action", ["reject", "markPending"])
def test_a_review_during_another_applies_before_it(house: House, action: str):
    house.sale()
    house.deliver()

    with house.meanwhile("UpdateItem", lambda: review(house, action)):
        affected = review(house, "reject")
    house.deliver()

    assert affected == (0 if action == "reject" else 1)
    assert (house.conversions(), house.owed()) == ([("rejected", 500)], [("rejected", 500)])


def test_a_review_during_the_rejection_of_a_refunded_sale_has_no_effect(house: House):
    house.put(f"/programs/{house.program_id}", {"incentiveCalculation": {"autoApprove": False}})
    house.sale()
    house.deliver()
    house.refund()
    ((refund),) = arrived(house, "attribute_sale", "RefundTriggered")

    with house.meanwhile("UpdateItem", lambda: review(house, "reject")):
        assert house.consume(refund)
    house.deliver()

    assert (house.conversions(), house.owed()) == ([("rejected", 0)], [("rejected", 0)])


@pytest.mark.parametrize(("action", "owed"), [("reject", "rejected"), ("markPending", "draft")])
def test_a_review_during_the_first_obligation_is_applied(house: House, action: str, owed: str):
    house.sale()
    ((sale),) = arrived(house, "attribute_sale", "SaleTriggered")
    house.consume(sale)
    ((awarded),) = arrived(house, "issue_obligation", "ConversionAwarded")

    with house.meanwhile("PutItem", lambda: review(house, action)):
        assert house.consume(awarded)
    house.deliver()

    assert house.owed() == [(owed, 500)]


def test_an_older_reading_never_overwrites_a_newer_obligation(house: House):
    house.sale()
    house.deliver()
    review(house, "reject")
    ((rejected),) = arrived(house, "issue_obligation", "ConversionRejected")

    def overtake() -> None:
        review(house, "approve")
        for message in arrived(house, "issue_obligation", "ConversionApproved"):
            assert house.consume(message)

    with house.meanwhile("UpdateItem", overtake):
        assert house.consume(rejected)

    assert house.owed() == [("pending", 500)]


def test_a_sale_put_concurrently_makes_this_one_a_repeat(house: House):
    with house.meanwhile("PutItem", lambda: house.sale(total=50)):
        answer = house.sale()

    assert answer.headers["Idempotency-Hit"] == "true"
    assert answer.headers["Idempotency-Differs"] == "total"
    assert house.ledger("transaction")[0]["reported"]["total"] == 5000


def changes_of(house: House) -> dict[str, Callable[[], object]]:
    return {
        "program": lambda: house.put(f"/programs/{house.program_id}", {"name": "theirs"}),
        "collaborator": lambda: house.put("/collaborators/88", {"fullName": "theirs"}),
    }


@pytest.mark.parametrize(
    ("entity", "path", "member"),
    [("program", "/programs/1001", "name"), ("collaborator", "/collaborators/88", "fullName")],
)
def test_a_concurrent_change_is_a_conflict_and_nothing_is_lost(house: House, entity: str, path: str, member: str):
    with house.meanwhile("TransactWriteItems", changes_of(house)[entity]):
        answer = house.put(path, {member: "ours"})

    assert (answer.status, answer.error["code"]) == (409, "conflict")
    assert house.ledger(entity)[0]["listed"][member] == "theirs"


def test_concurrent_revocations_of_a_key_count_once(house: House):
    ((before),) = house.ledger("api-key-count")
    made = house.post("/api-keys", {}).json
    path = f"/api-keys/{made['id']}"

    with house.meanwhile("TransactWriteItems", lambda: house.delete(path)):
        answer = house.delete(path)

    assert (answer.status, answer.json["status"]) == (200, "revoked")
    ((count),) = house.ledger("api-key-count")
    assert count["active"] == before["active"]


def test_cached_programs_are_never_newer_than_their_version(house: House):
    house.sale()
    ((sale),) = arrived(house, "attribute_sale", "SaleTriggered")

    def cheaper() -> None:
        house.put(f"/programs/{house.program_id}", {"incentiveCalculation": {"transactionPercent": 1}})

    with house.meanwhile("Query", cheaper):
        assert house.consume(sale)
    house.sale("next", tracking_id=house.new_visit())
    house.deliver()

    assert house.owed() == [("pending", 50), ("pending", 50)]
