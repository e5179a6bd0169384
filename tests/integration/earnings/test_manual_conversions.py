"""Conversions made by hand for an engagement: once per request, by the program's terms, frozen like every award."""

import itertools
from typing import Any

import pytest

from tests.stack.house import House
from tests.stack.moto_stack import REPEATS, client
from tests.stack.scenarios.manual_credit import credit, rewards_manual

LINE = {"externalId": "A", "name": "Plan", "amount": 49.99}
KEY = {"Idempotency-Key": "make-1"}


def engagement(house: House) -> int:
    return int(house.get("/engagements").json[-1]["id"])


def post(house: House, engagement_id: int | None = None, headers: Any = None, **members: Any) -> Any:
    body = {"engagementId": engagement_id or engagement(house), "type": "sale", "status": "approved", **members}
    answer = house.post("/conversions", body, headers=headers)
    house.deliver()
    return answer


def unattributed(house: House, external_id: str = "HAND", **members: Any) -> int:
    """Report a sale without a visit; return its id."""
    assert house.sale(external_id, trackingId=1, **{"items": [LINE], **members}).status == 200
    house.deliver()
    return int(house.get("/transactions").json[0]["id"])


def lead_program(house: House, **settings: Any) -> int:
    """A visit in a program that pays 5.00 per lead; return the engagement's id."""
    calculation = {"payoutPerLead": 500, **settings.pop("calculation", {})}
    program = house.new_program(incentiveType="leadFixed", calculation=calculation, **settings)
    house.new_visit(house.new_collaborator(program))
    (made,) = house.get("/engagements", programId=program).json
    return int(made["id"])


def forget_answers(house: House) -> None:
    """Forget the stored answers of Idempotency-Keys, as after a day or a function that died before storing one."""
    for item in client("dynamodb").scan(TableName=REPEATS)["Items"]:
        client("dynamodb").delete_item(TableName=REPEATS, Key={"id": item["id"]})


# of a sale


def test_a_conversion_of_a_sale_is_worth_what_the_program_pays_for_it(house: House):
    sale = unattributed(house)

    answer = post(house, transactionId=sale)

    assert answer.status == 201
    made = answer.json
    assert {name: made[name] for name in ("engagementId", "transactionId", "type", "status", "value", "currency")} == {
        "engagementId": engagement(house), "transactionId": sale, "type": "sale", "status": "approved", "value": 500,
        "currency": "USD",
    }  # fmt: skip
    assert (made["award"]["base"], made["award"]["transactionPercent"]) == (4999, "10")
    assert house.get(f"/conversions/{made['id']}").json == made
    assert house.owed() == [("pending", 500)]


@pytest.mark.parametrize(("status", "owed"), [("pending", "draft"), ("approved", "pending"), ("rejected", "rejected")])
def test_the_obligation_follows_the_given_status(house: House, status: str, owed: str):
    assert post(house, transactionId=unattributed(house), status=status).json["status"] == status
    assert house.owed() == [(owed, 500)]


def test_a_conversion_of_a_sale_is_made_once_however_often_it_is_asked_for(house: House):
    sale = unattributed(house)

    first, again = (post(house, transactionId=sale) for _ in range(2))
    other = post(house, transactionId=sale, status="pending")

    assert (first.status, again.status, again.json) == (201, 200, first.json)
    assert (again.headers["Idempotency-Hit"], "Idempotency-Differs" in again.headers) == ("true", False)
    assert (other.status, other.headers["Idempotency-Differs"], other.json) == (200, "status", first.json)
    assert house.owed() == [("pending", 500)]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_refunds_reduce_a_conversion_made_by_hand_in_any_order(house: House, order: tuple[int, ...]):
    sale = unattributed(house)
    refund = {"source": "shopify", "externalId": "HAND"}
    steps = [
        lambda: post(house, transactionId=sale),
        lambda: house.post("/event/refund", refund | {"refundId": "R-1", "amount": 10}, key="events"),
        lambda: house.post("/event/refund", refund | {"refundId": "R-2", "amount": 9.99}, key="events"),
    ]
    for place in order:
        steps[place]()
        house.deliver()

    assert house.owed() == [("pending", 301)]


def test_an_edit_changes_a_conversion_made_by_hand_by_its_frozen_terms(house: House):
    sale = unattributed(house)
    post(house, transactionId=sale)
    house.put(f"/programs/{house.program_id}", {"incentiveCalculation": {"transactionPercent": 50}})

    body = {"source": "shopify", "externalId": "HAND", "total": 100, "changedAt": "2026-11-21T09:00:00Z"}
    assert house.post("/event/sale-changed", body | {"items": [LINE | {"amount": 100}]}, key="events").status == 200
    house.deliver()

    assert house.owed() == [("pending", 1000)]


@pytest.mark.parametrize("by_hand_first", [True, False])
def test_a_program_pays_a_collaborator_once_for_a_sale(house: House, by_hand_first: bool):
    number = engagement(house)
    house.sale("ORD-1", items=[LINE])
    (sale,) = house.get("/transactions").json
    if not by_hand_first:
        house.deliver()

    answer = house.post(
        "/conversions", {"engagementId": number, "type": "sale", "status": "approved", "transactionId": sale["id"]}
    )
    house.deliver()

    (conversion,) = house.get("/conversions").json
    assert house.owed() == [("pending", 500)]
    if by_hand_first:
        assert answer.status == 201
    else:
        assert (answer.status, answer.error["context"]) == (
            409, {"reason": "already_so", "conversionId": conversion["id"]},
        )  # fmt: skip


def test_a_credit_after_a_conversion_made_by_hand_pays_nothing(house: House):
    rewards_manual(house)
    sale = unattributed(house)
    post(house, transactionId=sale)

    answer = credit(house, sale).json
    house.deliver()

    assert (answer["affected"], answer["skipped"][0]["reason"]) == (0, "already_so")
    assert house.owed() == [("pending", 500)]


def test_a_conversion_made_by_hand_is_explained(house: House):
    sale = unattributed(house)
    post(house, transactionId=sale)
    (obligation,) = house.get("/obligations").json

    explained = house.get(f"/obligations/{obligation['id']}/explanation").json
    decided = house.get(f"/transactions/{sale}/attribution").json

    assert explained["candidate"]["explanation"].endswith(
        "Reward: 10 % of 49.99 USD = 5.00 USD (half up, never below zero)"
    )
    assert [it["candidates"][0]["reason"] for it in decided["credits"]] == ["won"]


@pytest.mark.parametrize("end", ["refund", "cancel"])
def test_a_conversion_of_a_sale_that_has_ended_is_refused(house: House, end: str):
    sale = unattributed(house)
    house.post("/transactions/bulk", {"action": end, "ids": [sale]})

    answer = post(house, transactionId=sale)

    assert (answer.status, answer.error["context"]) == (
        409,
        {"reason": {"refund": "refunded", "cancel": "cancelled"}[end]},
    )
    assert house.conversions() == []


def test_a_refund_at_the_same_time_is_not_missed(house: House):
    sale = unattributed(house)
    refund = {"source": "shopify", "externalId": "HAND"}

    with house.meanwhile("TransactWriteItems", lambda: house.post("/event/refund", refund, key="events")):
        answer = post(house, transactionId=sale)

    assert (answer.status, answer.error["context"]) == (409, {"reason": "refunded"})
    assert house.owed() == []


def test_an_unknown_sale_or_engagement_is_404(house: House):
    answers = [post(house, transactionId=4711), post(house, 4711)]

    assert [(it.status, it.error["context"]) for it in answers] == [
        (404, {"transactionId": 4711}),
        (404, {"engagementId": 4711}),
    ]


def test_a_conversion_deleted_for_good_is_not_made_again(house: House):
    sale = unattributed(house)
    number = post(house, transactionId=sale).json["id"]
    assert [house.delete(f"/conversions/{number}").status for _ in range(2)] == [200, 204]

    answer = post(house, transactionId=sale)

    assert (answer.status, answer.error["context"]) == (409, {"reason": "deleted"})
    assert house.owed() == [("rejected", 500)]


# without a sale


def test_a_conversion_of_a_lead_program_pays_its_fixed_amount(house: House):
    number = lead_program(house)

    answer = post(house, number, type="lead")

    assert answer.status == 201
    assert (answer.json["transactionId"], answer.json["value"], answer.json["award"]["payout"]) == (None, 500, 500)
    assert house.owed() == [("pending", 500)]
    (obligation,) = house.get("/obligations").json
    explained = house.get(f"/obligations/{obligation['id']}/explanation").json
    assert explained["candidate"]["explanation"] == "Reward: 5.00 USD per conversion"


def test_a_sale_without_a_transaction_has_no_base_and_owes_nothing(house: House):
    answer = post(house)

    assert (answer.status, answer.json["value"], answer.json["obligationId"]) == (201, 0, None)
    assert (house.conversions(), house.owed()) == ([("approved", 0)], [])


def test_each_request_makes_a_conversion_and_a_repeat_with_its_key_does_not(house: House):
    number = lead_program(house)

    first, again = (post(house, number, KEY, type="lead") for _ in range(2))
    other = post(house, number, {"Idempotency-Key": "make-2"}, type="lead")
    without = [post(house, number, type="lead") for _ in range(2)]

    assert (again.status, again.json, again.headers["Idempotent-Replayed"]) == (201, first.json, "true")
    assert len({it.json["id"] for it in (first, other, *without)}) == 4
    assert house.owed() == [("pending", 500)] * 4


def test_a_repeat_is_harmless_even_if_the_first_answer_was_never_stored(house: House):
    number = lead_program(house)
    first = post(house, number, KEY, type="lead")
    forget_answers(house)

    again = post(house, number, KEY, type="lead", status="pending")

    assert (again.status, again.json["id"]) == (200, first.json["id"])
    assert (again.headers["Idempotency-Hit"], again.headers["Idempotency-Differs"]) == ("true", "status")
    assert house.owed() == [("pending", 500)]


def test_another_request_under_the_same_key_is_refused_even_later(house: House):
    number = lead_program(house)
    post(house, number, KEY, type="lead")
    forget_answers(house)

    answer = post(house, engagement(house), KEY)

    assert (answer.status, answer.error["context"]) == (
        409, {"reason": "repeat_differs", "header": "Idempotency-Key"},
    )  # fmt: skip
    assert house.owed() == [("pending", 500)]


def test_the_same_key_of_another_api_key_is_another_request(house: House):
    number = lead_program(house)
    body = {"engagementId": number, "type": "lead", "status": "approved"}

    made = [
        house.post("/conversions", body, headers=KEY, key=it).json["id"] for it in ("admin", house.new_key("admin"))
    ]

    assert len(set(made)) == 2


def test_a_conversion_made_by_hand_leaves_the_visit_to_a_later_sale(house: House):
    post(house, status="pending")

    house.sale(items=[LINE])
    house.deliver()

    assert house.owed() == [("pending", 500)]
    assert house.conversions() == [("approved", 500), ("pending", 0)]


def test_a_conversion_without_a_sale_is_reviewed_and_deleted_like_any_other(house: House):
    number = post(house, lead_program(house), type="lead").json["id"]

    def after(action: str) -> list[tuple[str, int]]:
        assert house.post("/conversions/bulk", {"action": action, "ids": [number]}).json["affected"] == 1
        house.deliver()
        return house.owed()

    actions = ("reject", "markPending", "approve", "delete", "markPending", "delete", "permanent_delete")
    statuses = ["rejected", "draft", "pending", "rejected", "draft", "rejected", "rejected"]
    assert [after(it) for it in actions] == [[(it, 500)] for it in statuses]
    assert house.get(f"/conversions/{number}").status == 404


def test_the_award_freezes_the_terms_of_its_moment_and_is_due_at_once(house: House):
    house.put(f"/programs/{house.program_id}", {"clawback": "carryForward", "holdingDays": 10})

    made = post(house, transactionId=unattributed(house)).json
    house.put(f"/programs/{house.program_id}", {"clawback": "none"})

    (obligation,) = house.get("/obligations").json
    assert (made["award"]["clawback"], obligation["dueAt"]) == ("carryForward", None)
    assert house.get(f"/conversions/{made['id']}").json["award"]["clawback"] == "carryForward"


# refusals


@pytest.mark.parametrize(
    ("path", "change", "reason"),
    [
        ("/collaborators/88", {"status": "inactive"}, "collaborator_not_active"),
        ("/programs/1001", {"status": "inactive"}, "program_not_active"),
        ("/programs/1001", {"units": "EUR"}, "currency_mismatch"),
        ("/programs/1001", {"lineItemFilters": {"withSkus": ["other"]}}, "no_counting_line"),
    ],
)
def test_a_conversion_that_the_program_would_not_pay_is_refused_with_the_reason(
    house: House, path: str, change: Any, reason: str
):
    sale = unattributed(house)
    assert house.put(path, change).status == 200

    answer = post(house, transactionId=sale)

    assert (answer.status, answer.error["context"]) == (409, {"reason": reason})
    assert house.conversions() == []


@pytest.mark.parametrize("path", ["/collaborators/88", "/programs/1001"])
@pytest.mark.parametrize("times", [1, 2])
def test_nothing_is_made_for_a_deleted_program_or_collaborator(house: House, path: str, times: int):
    for _ in range(times):
        house.delete(path)

    answer = post(house)

    assert (answer.status, answer.error["code"]) == (409, "conflict")
    assert house.conversions() == []


@pytest.mark.parametrize("kind", ["lead", "renewal"])
def test_a_type_that_the_program_does_not_pay_is_refused(house: House, kind: str):
    answer = post(house, type=kind)

    assert (answer.status, answer.error["context"]) == (409, {"reason": "conversion_type_not_paid"})


def test_an_invalid_engagement_earns_nothing(house: House):
    house.post(f"/opportunities/{house.tracking_id}/invalidate")
    house.deliver()

    answer = post(house)

    assert (answer.status, answer.error["context"]) == (409, {"reason": "engagement_invalid"})


@pytest.mark.parametrize(
    ("body", "failures"),
    [
        ({}, {"engagementId": "REQUIRED", "type": "REQUIRED", "status": "REQUIRED"}),
        (
            {"engagementId": 0, "type": "A b", "status": "deleted"},
            {"engagementId": "MIN", "type": "FORMAT", "status": "ENUM"},
        ),
        ({"engagementId": "x", "type": 5, "status": 5}, {"engagementId": "TYPE", "type": "TYPE", "status": "TYPE"}),
        (
            {"engagementId": 1, "type": "sale", "status": "pending", "transactionId": 1.5},
            {"transactionId": "TYPE"},
        ),
    ],
)
def test_an_invalid_conversion_is_reported(house: House, body: Any, failures: dict[str, str]):
    answer = house.post("/conversions", body)

    assert (answer.status, answer.failures) == (422, failures)


def test_only_an_unbound_admin_key_of_the_organization_makes_conversions(house: House):
    body = {"engagementId": engagement(house), "type": "sale", "status": "pending"}
    theirs = house.new_key("admin", organization="other")
    before = house.ledger()

    answers = [house.post("/conversions", body, key=it) for it in ("reader", "events", None, theirs)]
    bound = house.post("/conversions", body, key=house.new_key("admin", source="wc"))

    assert [it.status for it in answers] == [403, 403, 401, 404]
    assert (bound.status, bound.error["code"]) == (403, "store_key_not_allowed")
    assert [it for it in house.ledger() if it["entity"] != "api-key" and "key" not in it["entity"]] == [
        it for it in before if "key" not in it["entity"]
    ]
