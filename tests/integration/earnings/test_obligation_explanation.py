"""GET /obligations/{id}/explanation: the arithmetic of one obligation, in one hop."""

from typing import Any

from tests.stack.exchange import Answer, Item
from tests.stack.house import House
from tributary.ledger.store import table
from tributary.ledger.store.id_index import label

PATH = "/obligations/{}/explanation"


def explained(house: House, obligation: Item, key: str = "reader") -> Answer:
    return house.get(PATH.format(obligation["id"]), key=key)


def only_obligation(house: House) -> Item:
    ((owed),) = house.get("/obligations", key="reader").json
    return dict(owed)


def attribution(house: House, obligation: Item) -> Any:
    return house.get(f"/transactions/{obligation['transactionId']}/attribution", key="reader").json


def test_an_obligation_is_explained_by_the_candidate_that_earned_it(house: House):
    house.sale()
    house.deliver()
    owed = only_obligation(house)

    answer = explained(house, owed)

    assert answer.status == 200
    assert answer.json == {
        "obligationId": owed["id"],
        "conversionId": owed["conversionId"],
        "transactionId": owed["transactionId"],
        "collaboratorId": owed["collaboratorId"],
        "programId": house.program_id,
        "status": "pending",
        "value": 500,
        "currency": "USD",
        "evicted": 0,
        "candidate": attribution(house, owed)["candidates"][0],
        "adjusts": None,
        "adjusted": 0,
        "review": False,
        "reason": None,
        "explanation": attribution(house, owed)["candidates"][0]["explanation"],
    }
    assert answer.json["candidate"]["explanation"].split("\n")[-1] == (
        "Reward: 10 % of 49.99 USD = 5.00 USD (half up, never below zero)"
    )


def test_an_obligation_names_its_transaction_in_lists_too(house: House):
    house.sale()
    house.deliver()
    owed = only_obligation(house)

    assert house.get(f"/transactions/{owed['transactionId']}", key="reader").status == 200
    assert house.get(f"/obligations/{owed['id']}", key="reader").json == owed


def test_each_of_several_winners_has_an_explanation_of_its_own(house: House):
    house.put(f"/programs/{house.program_id}", {"incentiveResolverType": "sharedPool"})
    other = house.new_collaborator(house.program_id)
    house.visit(other, headers={"X-Siren-OID": str(house.tracking_id)})
    house.sale()
    house.deliver()

    for owed in house.get("/obligations", key="reader").json:
        candidate = explained(house, owed).json["candidate"]
        assert candidate in attribution(house, owed)["candidates"]
        assert (candidate["collaboratorId"], candidate["outcome"]) == (owed["collaboratorId"], "won")


def test_a_manual_credit_is_explained_by_its_own_decision(house: House):
    engagements = {"siteVisited": {"value": "100"}, "manual": {"value": "7"}}
    house.put(f"/programs/{house.program_id}", {"engagementTypes": engagements})
    house.sale(tracking_id=999)
    house.deliver()
    ((sale),) = house.ledger("transaction")
    body = {"transactionIds": [sale["listed"]["id"]], "collaboratorId": house.collaborator_id}
    assert house.post("/transactions/credit-collaborator", body).json["affected"] == 1
    house.deliver()
    owed = only_obligation(house)

    assert explained(house, owed).json["candidate"] == attribution(house, owed)["credits"][0]["candidates"][0]


def test_a_partial_refund_is_one_of_the_steps(house: House):
    house.sale()
    house.deliver()
    house.refund(amount=10, refundId="R-1")
    house.deliver()
    owed = only_obligation(house)

    answer = explained(house, owed).json

    assert answer["value"] == owed["value"] == 400
    assert answer["candidate"]["explanation"].endswith(
        "Refunded: 10.00 USD of the 49.99 USD left of the sale, so 4.00 USD is left (what goes is rounded down)"
    )


def test_the_obligation_of_a_deleted_sale_is_still_explained(house: House):
    house.sale()
    house.deliver()
    owed = only_obligation(house)
    before = explained(house, owed).json
    house.post("/transactions/bulk", {"action": "delete", "ids": [owed["transactionId"]]})
    house.deliver()

    assert house.get(f"/transactions/{owed['transactionId']}/attribution", key="reader").status == 404
    assert explained(house, owed).json == before


def test_the_obligation_of_a_lead_is_explained_without_lines_and_base(house: House):
    assert house.post("/event-types", {"slug": "demo-call", "action": "lead"}).status == 201
    calculation = {"payoutPerLead": 700, "activeConversionTypes": ["demo-call"]}
    program = house.new_program(incentiveType="leadFixed", units="EUR", calculation=calculation)
    affiliate = house.new_collaborator(program)
    assert house.post("/event/demo-call", {"trackingId": house.new_visit(affiliate)}).status == 200
    house.deliver()
    owed = only_obligation(house)

    answer = explained(house, owed).json

    assert (answer["transactionId"], answer["programId"], answer["collaboratorId"]) == (None, program, affiliate)
    assert (answer["value"], answer["currency"]) == (700, "EUR")
    candidate = answer["candidate"]
    assert (candidate["outcome"], candidate["reason"]) == ("won", "won")
    assert candidate["explanation"] == "Reward: 7.00 EUR per conversion"


def test_an_obligation_that_the_key_may_not_see_has_no_explanation(house: House):
    house.sale()
    house.deliver()
    owed = only_obligation(house)
    other_source = house.new_key("ledger:obligations:read", source="magento")
    own_source = house.new_key("ledger:obligations:read", source="shopify")
    no_scope = house.new_key("ledger:transactions:read")

    statuses = [explained(house, owed, key).status for key in (own_source, other_source, no_scope)]

    assert statuses == [200, 404, 403]
    assert house.get(PATH.format(1), key="reader").error["code"] == "not_found"


def test_an_id_of_two_obligations_is_a_conflict(house: House):
    house.sale()
    house.sale("ORD-1005", tracking_id=house.new_visit())
    house.deliver()
    first, second = house.ledger("obligation")
    with house._environment("issue_obligation"):
        shared = label("demo", "obligation", first["listed"]["id"])
        table.update(second["pk"], second["sk"], shared, "attribute_exists(pk)")

    assert explained(house, first["listed"]).status == 409


def test_an_explanation_is_two_queries_and_a_get(house: House):
    house.sale()
    house.deliver()
    owed = only_obligation(house)

    with house.requests_made() as asked:
        explained(house, owed)

    assert asked.counts == {"GetItem": 1, "Query": 2}
