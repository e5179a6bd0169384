"""Credits and debits by hand, reviews of obligations, and obligations paid elsewhere."""

from typing import Any

import pytest

from tests.stack.exchange import Answer, Item
from tests.stack.house import House
from tests.stack.scenarios.affiliate_shop import BASE, PATH
from tests.stack.scenarios.affiliate_shop import made as made_sale
from tests.stack.scenarios.paid import balances, credit, earned, generate, payouts, require_agreement


def act(house: House, action: str, *obligations: Item) -> list[str]:
    """The reasons of the skipped ones."""
    answer = house.post("/obligations/bulk", {"action": action, "ids": [it["id"] for it in obligations]})
    assert answer.status == 200, answer.text
    return [it["reason"] for it in answer.json["skipped"]]


def status(house: House, obligation: Item) -> str:
    return str(house.get(f"/obligations/{obligation['id']}").json["status"])


def change(house: House, obligation: Item, **members: Any) -> Answer:
    return house.put(f"/obligations/{obligation['id']}", members)


def test_a_credit_is_owed_at_once_and_paid_by_the_next_batch(house: House):
    made = credit(house, reason="Welcome bonus")

    assert (made["status"], made["awardType"], made["conversionId"], made["dueAt"]) == ("pending", "credit", None, None)
    assert house.get("/obligations").json == [made]
    generate(house)
    assert [it["value"] for it in payouts(house)] == [2500]
    require_agreement(house)


def test_a_debit_is_kept_back_from_what_is_due(house: House):
    credit(house, 2500)
    credit(house, -700)

    generate(house)

    assert [it["value"] for it in payouts(house)] == [1800]
    require_agreement(house)


def test_a_draft_waits_for_its_approval(house: House):
    draft = credit(house, status="draft")
    assert generate(house).status == 409

    assert act(house, "approve", draft) == []

    assert generate(house).status == 201


def test_a_credit_that_is_due_later_is_held(house: House):
    credit(house, dueAt="2100-01-01T00:00:00Z")

    (left_out,) = house.post("/fulfillments/preview", {}).json["leftOut"]

    assert (left_out["reason"], left_out["value"]) == ("held", 2500)


@pytest.mark.parametrize(
    ("body", "failures"),
    [
        ({}, {"collaboratorId": "REQUIRED", "value": "REQUIRED"}),
        ({"collaboratorId": 404, "value": 1}, {"collaboratorId": "UNKNOWN"}),
        ({"collaboratorId": 88, "value": 0}, {"value": "MIN"}),
        ({"collaboratorId": 88, "value": 1.5}, {"value": "TYPE"}),
        ({"collaboratorId": 88, "value": 2**53}, {"value": "MAX"}),
        ({"collaboratorId": 88, "value": -(2**53)}, {"value": "MIN"}),
        ({"collaboratorId": 88, "value": 1, "currency": "XXQ"}, {"currency": "ENUM"}),
        ({"collaboratorId": 88, "value": 1, "status": "complete"}, {"status": "ENUM"}),
        ({"collaboratorId": 88, "value": 1, "dueAt": "soon"}, {"dueAt": "FORMAT"}),
        ({"collaboratorId": 88, "value": 1, "awardType": "x" * 65}, {"awardType": "LENGTH"}),
        ({"collaboratorId": 88, "value": 1, "reason": "x" * 256}, {"reason": "LENGTH"}),
    ],
)
def test_a_credit_that_says_too_little_or_wrong_is_refused(house: House, body: Item, failures: dict[str, str]):
    refused = house.post("/obligations", body)

    assert (refused.status, refused.failures) == (422, failures)
    assert house.ledger("obligation") == []


def test_a_credit_changes_until_it_is_paid(house: House):
    made = credit(house, dueAt="2100-01-01T00:00:00Z", reason="Bonus")

    changed = change(house, made, value=3000, awardType="bonus", dueAt=None, reason=None).json

    assert (changed["value"], changed["awardType"], changed["dueAt"]) == (3000, "bonus", None)
    assert house.get(f"/obligations/{made['id']}/explanation").json["reason"] is None
    generate(house)
    assert [it["value"] for it in payouts(house)] == [3000]
    refused = change(house, made, value=1)
    assert (refused.status, refused.error["context"]["reason"]) == (409, "in_payout")
    require_agreement(house)


def test_null_leaves_the_amount_and_type_of_a_credit_as_they_are(house: House):
    made = credit(house)

    changed = change(house, made, value=None, awardType=None, status=None)

    assert (changed.status, changed.json["value"], changed.json["awardType"]) == (200, 2500, "credit")


@pytest.mark.parametrize(
    ("wanted", "held"), [("complete", "complete"), ("fulfilled", "complete"), ("deleted", "deleted")]
)
def test_a_status_is_changed_by_name(house: House, wanted: str, held: str):
    made = credit(house)

    assert change(house, made, status=wanted).json["status"] == held
    assert change(house, made, status=wanted).status == 200
    assert generate(house).status == 409


def test_a_status_that_does_not_follow_is_a_conflict(house: House):
    made = credit(house)
    change(house, made, status="cancelled")

    refused = change(house, made, status="pending")

    assert (refused.status, refused.error["context"]["reason"]) == (409, "cancelled")


def test_a_credit_is_cancelled_then_gone(house: House):
    made = credit(house)
    path = f"/obligations/{made['id']}"

    first, second, third = (house.delete(path) for _ in range(3))

    assert (first.status, first.json["status"]) == (200, "cancelled")
    assert (second.status, second.text) == (204, "")
    assert third.status == 404
    assert house.get(path).status == 404
    assert house.get("/obligations").json == []
    assert balances(house) == {}


def test_an_obligation_paid_elsewhere_is_not_paid_again(house: House):
    made = credit(house)

    assert act(house, "markComplete", made) == []
    assert generate(house).status == 409
    assert act(house, "markPending", made) == []

    assert generate(house).status == 201


def test_nothing_is_done_to_an_obligation_in_a_payout(house: House):
    made = credit(house)
    generate(house)

    for action in ("approve", "reject", "markPending", "markComplete", "delete", "permanent_delete"):
        assert act(house, action, made) == ["in_payout"]
    assert house.delete(f"/obligations/{made['id']}").status == 409
    require_agreement(house)


def test_bulk_calls_name_what_they_skip(house: House):
    made, gone = credit(house), credit(house)
    house.delete(f"/obligations/{gone['id']}")
    house.delete(f"/obligations/{gone['id']}")

    assert act(house, "approve", made, gone, {"id": 404}) == ["already_so", "not_found", "not_found"]
    assert act(house, "permanent_delete", made) == ["pending"]


@pytest.mark.parametrize(
    ("body", "failures"),
    [
        ({}, {"action": "REQUIRED", "ids": "REQUIRED"}),
        ({"action": "cancel", "ids": [1]}, {"action": "ENUM"}),
        ({"action": "approve", "ids": []}, {"ids": "LENGTH"}),
        ({"action": "approve", "ids": list(range(1, 502))}, {"ids": "LENGTH"}),
    ],
)
def test_a_bulk_call_that_says_too_little_or_wrong_is_refused(house: House, body: Item, failures: dict[str, str]):
    refused = house.post("/obligations/bulk", body)

    assert (refused.status, refused.failures) == (422, failures)


def test_a_review_of_an_obligation_is_its_conversions(house: House):
    owed = earned(house)

    assert act(house, "reject", owed) == []
    assert (house.conversions(), house.owed()) == ([("rejected", 1000)], [("rejected", 1000)])
    assert act(house, "markPending", owed) == []

    assert (house.conversions(), house.owed()) == ([("approved", 1000)], [("pending", 1000)])
    house.deliver()
    assert house.changes_of_repeats() == 0


def test_the_amount_of_a_sales_obligation_is_not_changed_by_hand(house: House):
    owed = earned(house)

    refused = change(house, owed, value=1)

    assert (refused.status, refused.error["context"]["reason"]) == (409, "follows_conversion")
    assert house.owed() == [("pending", 1000)]


def test_a_cancelled_obligation_no_longer_follows_its_sale(house: House):
    owed = earned(house)
    house.delete(f"/obligations/{owed['id']}")

    house.refund("ORD-1", refundId="R-1", amount=40)
    house.deliver()

    assert status(house, owed) == "cancelled"
    assert generate(house).status == 409


def test_an_obligation_paid_elsewhere_is_adjusted_as_one_in_a_payout(house: House):
    owed = earned(house, clawback="carryForward")
    act(house, "markComplete", owed)

    house.refund("ORD-1", refundId="R-1", amount=40)
    house.deliver()
    assert house.owed() == [("complete", 1000), ("pending", -400)]
    act(house, "markPending", owed)

    assert sum(balances(house).values()) == 600


def test_obligations_of_another_organization_are_not_found(house: House):
    made = credit(house)
    stranger = house.new_key("admin", organization="stranger")
    path = f"/obligations/{made['id']}"

    assert house.put(path, {"value": 1}, key=stranger).status == 404
    assert house.delete(path, key=stranger).status == 404
    assert house.get(f"{path}/explanation", key=stranger).status == 404
    body = {"action": "reject", "ids": [made["id"]]}
    assert house.post("/obligations/bulk", body, key=stranger).json["skipped"] == [
        {"id": made["id"], "reason": "not_found"}
    ]
    assert house.owed() == [("pending", 2500)]


def test_a_key_of_a_source_reviews_its_own_sales_and_makes_no_credit(house: House):
    owed = earned(house)
    key = house.new_key("admin", source="magento")

    assert (
        house.post("/obligations", {"collaboratorId": 88, "value": 1}, key=key).error["code"] == "store_key_not_allowed"
    )
    body = {"action": "reject", "ids": [owed["id"]]}
    assert house.post("/obligations/bulk", body, key=key).json["skipped"] == [{"id": owed["id"], "reason": "not_found"}]
    own = house.new_key("admin", source="shopify")
    assert house.post("/obligations/bulk", body, key=own).json["affected"] == 1


@pytest.mark.parametrize(
    ("before", "target", "owed"),
    [
        ("draft", "pending", ("pending", 900)),
        ("pending", "rejected", ("rejected", 900)),
        ("draft", "draft", ("draft", 900)),
    ],
)
def test_a_value_and_a_status_are_changed_by_one_write(house: House, before: str, target: str, owed: tuple[str, int]):
    made = credit(house, status=before)

    with house.requests_made() as asked:
        assert change(house, made, value=900, status=target).json["status"] == target

    assert (asked.writes, house.owed()) == (1, [owed])
    assert generate(house).status == (201 if target == "pending" else 409)


@pytest.mark.parametrize(("target", "code"), [("complete", "draft"), ("fulfilled", "draft")])
def test_a_change_whose_status_is_refused_changes_no_value(house: House, target: str, code: str):
    made = credit(house, status="draft")

    refused = change(house, made, value=900, status=target)

    assert (refused.status, refused.error["context"]) == (409, {"reason": code})
    assert house.owed() == [("draft", 2500)]


def test_a_value_with_a_status_is_refused_for_what_follows_a_sale(house: House):
    owed = earned(house)

    refused = change(house, owed, value=900, status="rejected")

    assert (refused.status, refused.error["context"]) == (409, {"reason": "follows_conversion"})
    assert house.owed() == [("pending", 1000)]


def test_what_was_paid_elsewhere_and_by_the_shop_too_is_taken_back_by_the_shop_only(house: House):
    sale = made_sale(house)
    house.deliver()
    (owed,) = house.get("/obligations").json
    assert act(house, "markComplete", owed) == []
    house.call("PATCH", f"{PATH}/{sale['id']}", {"status": "paid"}, key="admin", base=BASE)
    house.deliver()

    assert act(house, "markPending", owed) == ["complete"]
    assert house.owed() == [("complete", 1000)]
