"""Transactions created, ended and credited manually."""

from typing import Any

import pytest

from tests.stack.house import House
from tests.stack.scenarios.manual_credit import credit, rewards_manual
from tributary.ledger.earnings import manual_credits

SEAT = {"name": "Seat", "value": 12000, "quantity": 2}


LARGE = {"value": 10**12, "quantity": 9000}


RICH = {
    "name": "Lamp", "description": "brass", "type": "subscription", "value": 500, "units": "eur",
    "attributes": {"sku": "L-1", "categories": ["Light"], "collaborators": [88], "externalId": "77"},
}  # fmt: skip


FIELDS = "id,status,details,detailCount,totalValue,totalQuantity,currency,source,sourceId"


def made(house: House, **body: Any) -> Any:
    answer = house.post("/transactions", body)
    assert answer.status == 201, answer.text
    return house.get(f"/transactions/{answer.json['id']}", fields=FIELDS).json


def bulk(house: House, action: str, *ids: int, key: str = "admin") -> Any:
    return house.post("/transactions/bulk", {"action": action, "ids": list(ids)}, key=key).json


def reasons(answer: Any) -> list[str]:
    """Reasons of the skipped records."""
    assert answer["affected"] == 0
    return [it["reason"] for it in answer["skipped"]]


def sale_of(house: House, external_id: str = "ORD-1004") -> int:
    found = house.get("/transactions", source="shopify", sourceId=external_id).json
    return int(found[0]["id"]) if found else 0


def test_a_transaction_is_created_with_its_binding_and_attributes(house: House):
    shown = made(house, details=[RICH], bindingId=1005, bindingDataType="wc_order")

    ((detail),) = shown.pop("details")
    assert shown | {"id": 0} == {
        "id": 0, "status": "complete", "detailCount": 1, "totalValue": 500, "totalQuantity": 1, "currency": "EUR",
        "source": "wc_order", "sourceId": "1005",
    }  # fmt: skip
    assert (detail["name"], detail["description"], detail["type"], detail["units"]) == (
        "Lamp", "brass", "subscription", "EUR",
    )  # fmt: skip
    assert detail["attributes"] == {
        "sku": "L-1",
        "categories": '["Light"]',
        "collaborators": "[88]",
        "externalId": "77",
    }
    assert house.get("/transactions", source="wc", sourceId="1005").json[0]["id"] == shown["id"]


def test_without_a_binding_each_transaction_is_new(house: House):
    first, second = made(house, details=[SEAT]), made(house, details=[SEAT])

    assert first["id"] != second["id"]
    assert (first["source"], first["sourceId"]) == (None, None)
    house.deliver()
    reason = house.get(f"/transactions/{first['id']}/attribution", key="reader").json["reason"]
    assert reason == "not_referred"


def test_a_transaction_of_discounts_only_costs_nothing(house: House):
    shown = made(house, details=[{"name": "Gift", "value": -500, "type": "discount"}])
    house.deliver()

    (event,) = [it for it in house.on_the_bus if it["detail-type"] == "SaleTriggered"]
    assert (shown["totalValue"], event["detail"]["data"]["total"]) == (-500, 0)


def test_a_binding_is_unique(house: House):
    first = made(house, details=[SEAT], bindingId="ORD-1004", bindingDataType="shopify_order")

    again = house.post("/transactions", {"details": [SEAT], "bindingId": "ORD-1004", "bindingDataType": "shopify"})
    sale = house.sale()

    assert (again.status, again.error["context"]["transactionId"]) == (409, first["id"])
    assert sale.headers["Idempotency-Hit"] == "true"


@pytest.mark.parametrize(
    ("body", "failures"),
    [
        ({}, {"details": "REQUIRED"}),
        ({"details": []}, {"details": "LENGTH"}),
        ({"details": [{}]}, {"details[0].name": "REQUIRED", "details[0].value": "REQUIRED"}),
        ({"details": [SEAT, RICH]}, {"details[1].units": "ENUM"}),
        ({"details": [SEAT | {"value": 1.5}]}, {"details[0].value": "TYPE"}),
        ({"details": [SEAT | {"value": -1}]}, {"details[0].value": "MIN"}),
        ({"details": [SEAT | {"value": 1, "type": "discount"}]}, {"details[0].value": "MAX"}),
        ({"details": [SEAT | {"quantity": 0}]}, {"details[0].quantity": "MIN"}),
        ({"details": [SEAT | LARGE, SEAT | LARGE | {"value": -(10**12), "type": "discount"}]}, {"details": "MAX"}),
        ({"details": [SEAT], "bindingId": "1"}, {"bindingDataType": "REQUIRED"}),
        ({"details": [SEAT], "bindingDataType": "wc_order"}, {"bindingId": "REQUIRED"}),
        ({"details": [SEAT | {"attributes": [1]}]}, {"details[0].attributes": "TYPE"}),
        ({"details": [SEAT | {"attributes": {"sku": "\ud800"}}]}, {"details[0].attributes": "FORMAT"}),
        ({"details": [SEAT | {"attributes": {"\ud800": "L-1"}}]}, {"details[0].attributes": "FORMAT"}),
        ({"details": [SEAT | {"attributes": {"tags": ["\ud800"]}}]}, {"details[0].attributes": "FORMAT"}),
    ],
)
def test_invalid_members_are_reported(house: House, body: Any, failures: dict[str, str]):
    answer = house.post("/transactions", body)

    assert (answer.status, answer.failures) == (422, failures)
    assert house.ledger("transaction") == []


@pytest.mark.parametrize(("action", "status"), [("cancel", "cancelled"), ("refund", "refunded")])
def test_ending_a_transaction_reverses_its_earnings_and_a_repeat_changes_nothing(
    house: House, action: str, status: str
):
    house.sale()
    house.deliver()
    sale = sale_of(house)

    skipped = [{"id": 999, "reason": "not_found"}]
    assert bulk(house, action, sale, 999) == {"success": True, "affected": 1, "skipped": skipped}
    house.deliver()
    before = house.ledger()

    assert house.get(f"/transactions/{sale}").json["status"] == status
    assert (house.conversions(), house.owed()) == ([("rejected", 0)], [("rejected", 0)])
    again = [reasons(bulk(house, it, sale)) for it in (action, "cancel" if action == "refund" else "refund")]
    assert again == [["already_so"], [status]]
    house.deliver()
    assert house.ledger() == before


def test_a_deleted_transaction_is_gone_for_good(house: House):
    house.sale()
    house.deliver()
    sale, earned = sale_of(house), (house.conversions(), house.owed())

    assert bulk(house, "delete", sale)["affected"] == 1
    house.deliver()

    assert house.get(f"/transactions/{sale}").status == 404
    assert house.get("/transactions").json == []
    assert (house.conversions(), house.owed()) == earned
    late = house.sale()
    assert (late.status, late.headers["Idempotency-Hit"]) == (200, "true")
    assert (house.refund().status, house.refund(refundId="r").status) == (404, 404)
    house.deliver()
    assert (sale_of(house), reasons(bulk(house, "delete", sale))) == (0, ["not_found"])


@pytest.mark.parametrize(
    ("refund", "left"), [({}, ("rejected", 0)), ({"refundId": "r", "amount": 24.99}, ("approved", 251))]
)
def test_a_refund_is_applied_even_if_consumed_after_a_deletion(
    house: House, refund: dict[str, Any], left: tuple[str, int]
):
    house.sale()
    house.deliver()
    sale = sale_of(house)

    assert (house.refund(**refund).status, bulk(house, "delete", sale)["affected"]) == (200, 1)
    house.deliver()

    status = {"rejected": "rejected", "approved": "pending"}[left[0]]
    assert (house.conversions(), house.owed()) == ([left], [(status, left[1])])
    assert house.changes_of_repeats() == 0


def test_a_sale_deleted_before_its_attribution_earns_nothing(house: House):
    house.sale()
    sale = sale_of(house)
    house.refund(refundId="r", amount=24.99)
    bulk(house, "delete", sale)
    house.deliver()

    assert (house.ledger("decision"), house.ledger("conversion")) == ([], [])
    house.sale("ORD-1005")
    house.deliver()
    assert house.owed() == [("pending", 500)]


def test_a_bound_key_ends_its_own_transactions_only(house: House):
    house.sale()
    sale = sale_of(house)

    assert reasons(bulk(house, "delete", sale, key=house.new_key("admin", source="wc"))) == ["not_found"]
    assert bulk(house, "cancel", sale, key=house.new_key("admin", organization="other"))["affected"] == 0
    assert bulk(house, "cancel", sale, key=house.new_key("admin", source="shopify"))["affected"] == 1


def test_a_conversion_names_its_transaction(house: House):
    house.sale()
    house.deliver()
    ((conversion),) = house.ledger("conversion")

    found = house.get("/transactions", conversionId=str(conversion["listed"]["id"])).json

    assert [it["id"] for it in found] == [sale_of(house)]


def test_a_manual_credit_is_a_separate_decision_and_pays_once(house: House):
    rewards_manual(house)
    house.sale(tracking_id=999)
    house.deliver()
    sale = sale_of(house)

    answers = [credit(house, sale, 12345).json for _ in range(2)]
    house.deliver()

    unknown = {"id": 12345, "reason": "not_found"}
    assert answers[0] == {"success": True, "affected": 1, "skipped": [unknown]}
    assert answers[1] == {"success": True, "affected": 0, "skipped": [{"id": sale, "reason": "already_so"}, unknown]}
    assert house.owed() == [("pending", 500)]
    shown = house.get(f"/transactions/{sale}/attribution", key="reader").json
    assert shown["reason"] == "opportunity_unknown"
    ((by_hand),) = shown["credits"]
    assert (by_hand["reason"], by_hand["candidates"][0]["score"]) == ("awarded", 7)
    ((engagement),) = house.get("/engagements", status="complete").json
    assert (engagement["collaboratorId"], engagement["score"]) == (88, 7)
    house.refund()
    house.deliver()
    assert house.owed() == [("rejected", 0)]


def test_a_manual_credit_does_not_pay_again_for_a_visit_that_earned(house: House):
    rewards_manual(house)
    house.sale()
    house.deliver()

    assert reasons(credit(house, sale_of(house)).json) == ["already_so"]
    assert house.owed() == [("pending", 500)]


def test_a_manual_credit_before_the_attribution_is_paid_once(house: House):
    rewards_manual(house)
    house.sale()
    assert credit(house, sale_of(house)).json["affected"] == 1
    house.deliver()

    assert house.owed() == [("pending", 500)]
    shown = house.get(f"/transactions/{sale_of(house)}/attribution", key="reader").json
    assert (shown["reason"], [it["reason"] for it in shown["candidates"]]) == ("not_awarded", ["credited"])
    assert [it["reason"] for it in shown["credits"]] == ["awarded"]
    assert (house.dead_letters_of("attribute_sale"), house.changes_of_repeats()) == ([], 0)
    house.sale("ORD-1005")
    house.deliver()
    assert house.get(f"/transactions/{sale_of(house, 'ORD-1005')}/attribution").json["reason"] == "visit_consumed"


def test_a_manual_credit_before_the_attribution_does_not_affect_other_winners(house: House):
    rewards_manual(house)
    house.put(f"/programs/{house.program_id}", {"incentiveResolverType": "sharedPool"})
    other = house.new_collaborator(house.program_id)
    house.visit(other, headers={"X-Siren-OID": str(house.tracking_id)})
    house.sale()
    credit(house, sale_of(house))
    house.deliver()

    assert sorted(house.owed()) == [("pending", 250), ("pending", 500)]


def test_a_manual_credit_needs_the_manual_trigger_and_a_complete_sale(house: House):
    house.sale(tracking_id=999)
    house.deliver()
    before = credit(house, sale_of(house), 12345, collaborator="tracking:DEMO").json
    assert reasons(before) == ["no_manual_program", "not_found"]

    rewards_manual(house)
    house.refund()
    assert reasons(credit(house, sale_of(house)).json) == ["refunded"]


def test_a_credit_of_an_inactive_collaborator_is_skipped_with_the_reason(house: House):
    rewards_manual(house)
    house.sale(tracking_id=999)
    house.put("/collaborators/88", {"status": "inactive"})

    assert reasons(credit(house, sale_of(house)).json) == ["collaborator_not_active"]


@pytest.mark.parametrize("held", ["Light", '[["Light"]]', '[{"Light": 1}]', "[" * 5000, "9" * 5000, [["Light"]], 1.5])
def test_attributes_without_a_list_of_texts_are_in_no_category(house: House, held: Any):
    rewards_manual(house)
    filters = {"inCategories": ["Light"], "collaboratorOwned": True}
    assert house.put(f"/programs/{house.program_id}", {"lineItemFilters": filters}).status == 200
    sale = made(house, details=[SEAT | {"attributes": {"categories": held, "collaborators": held}}])

    skipped = [{"id": sale["id"], "reason": "no_counting_line"}]
    assert credit(house, sale["id"]).json == {"success": True, "affected": 0, "skipped": skipped}


def test_a_number_is_stored_as_its_digits(house: House):
    sale = made(house, details=[SEAT | {"attributes": {"weight": 1.5, "count": 2}}])

    assert sale["details"][0]["attributes"] == {"weight": "1.5", "count": "2"}


def test_a_manual_credit_without_an_opportunity_consumes_none(house: House):
    rewards_manual(house)
    sale = made(house, details=[SEAT])
    credit(house, sale["id"])

    ((by_hand),) = house.get(f"/transactions/{sale['id']}/attribution", key="reader").json["credits"]
    assert (by_hand["reason"], by_hand["opportunityId"]) == ("awarded", None)
    ((kept),) = [it for it in house.ledger("decision") if it["sk"] != "decision#sale"]
    assert kept["opportunity"] == {"id": None, "epoch": None, "consumed": False}


def test_manual_credits_of_different_types_are_separate(house: House):
    rewards_manual(house)
    leads = {"payoutPerLead": 300, "autoApprove": True, "activeConversionTypes": ["renewal"]}
    renewing = house.new_program(
        incentiveType="leadFixed", calculation=leads, engagementTypes={"manual": {"value": "1"}}
    )
    house.put("/collaborators/88", {"programs": [house.program_id, renewing]})
    house.sale(tracking_id=999)
    house.deliver()

    affected = [credit(house, sale_of(house), type=kind).json["affected"] for kind in ("sale", "renewal", "renewal")]
    house.deliver()

    assert affected == [1, 1, 0]
    assert sorted(house.owed()) == [("pending", 300), ("pending", 500)]
    shown = house.get(f"/transactions/{sale_of(house)}/attribution", key="reader")
    lost = [it["explanation"] for by_hand in shown.json["credits"] for it in by_hand["candidates"] if not it["award"]]
    assert f"Program {house.program_id} does not pay conversions of type renewal." in lost
    won = [it for by_hand in shown.json["credits"] for it in by_hand["candidates"] if it["outcome"] == "won"]
    rewards = {it["programId"]: it["explanation"].split("\n")[-1] for it in won}
    assert rewards == {
        renewing: "Reward: 3.00 USD per conversion",
        house.program_id: "Reward: 10 % of 49.99 USD = 5.00 USD (half up, never below zero)",
    }


def test_a_program_pays_each_of_its_credit_types(house: House):
    leads = {"payoutPerLead": 300, "activeConversionTypes": ["lead", "renewal"]}
    triggers = {"manual": {"value": "1"}}
    paying = house.new_program(incentiveType="leadFixed", calculation=leads, engagementTypes=triggers)
    house.put("/collaborators/88", {"programs": [paying]})
    sale = made(house, details=[SEAT])["id"]

    answers = [credit(house, sale, type=kind) for kind in ("lead", "renewal", "lead")]
    house.deliver()

    assert [(it.status, it.json["affected"]) for it in answers] == [(200, 1), (200, 1), (200, 0)]
    assert house.owed() == [("pending", 300)] * 2
    assert len(house.get("/engagements", status="complete").json) == 2


def test_more_programs_than_one_write_holds_pay_no_credit(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(manual_credits, "MAX_PROGRAMS", 1)
    paying = [house.new_program(engagementTypes={"manual": {"value": "1"}}) for _ in range(2)]
    house.put("/collaborators/88", {"programs": paying})
    sale = made(house, details=[SEAT])["id"]

    answer = credit(house, sale)

    assert (answer.status, answer.error["context"]["limit"]) == (409, 1)
    assert house.ledger("conversion") == []


def test_a_manual_credit_to_an_unknown_collaborator_is_not_found(house: House):
    answers = [credit(house, 1, collaborator=it) for it in (12345, "tracking:NOBODY")]

    assert [it.status for it in answers] == [404, 404]
    assert [it.error["context"]["collaboratorId"] for it in answers] == ["12345", "tracking:NOBODY"]


def test_an_alias_with_invalid_text_is_refused_and_not_echoed(house: House):
    """Lambda fails on an answer with half a surrogate pair, which becomes a 5xx."""
    answers = [credit(house, 1, collaborator=it) for it in ("tracking:\ud800", "\udfff:DEMO")]

    assert [it.failures for it in answers] == [{"collaboratorId": "FORMAT"}] * 2
    assert all(it.text.encode() for it in answers)
