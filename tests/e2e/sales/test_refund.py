"""Effects of refunds and reviews on conversions and obligations."""

import pytest

from tests.stack.journey import Journey, at_once, at_rest


def test_a_refund_rejects_the_conversion_and_its_obligation_and_may_be_repeated(journey: Journey) -> None:
    sale = journey.sale(journey.visit(journey.house()))
    transaction = journey.post_sale(sale)
    journey.owed(transaction)

    for answer in (journey.post_refund(sale), journey.post_refund(sale)):
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["X-Siren-OID"] == str(sale["trackingId"])

    journey.becomes(transaction, "rejected", "rejected")
    assert [it["status"] for it in journey.listed("transactions")] == ["refunded"]
    assert [it["status"] for it in journey.listed("obligations", status="pending")] == []


def test_a_refund_of_an_unknown_sale_is_404_and_echoes_the_request(journey: Journey) -> None:
    answer = journey.post_refund({"source": "shopify", "externalId": "nothing"})

    assert answer.status_code == 404
    error = answer.json()["error"]
    assert error["context"] == error["data"] == {"source": "shopify", "externalId": "nothing"}


def test_a_sale_refunded_immediately_leaves_nothing_to_pay(journey: Journey) -> None:
    collaborator = journey.house()
    sales = [journey.sale(journey.visit(collaborator)) for _ in range(12)]

    def report_and_refund(sale: dict[str, object]) -> int:
        transaction = journey.post_sale(sale)
        assert journey.post_refund(sale).status_code == 200
        return transaction

    transactions = at_once(6, report_and_refund, sales)

    for transaction in transactions:
        journey.decision(transaction)
    at_rest(journey.stack)
    assert {it["status"] for it in journey.listed("transactions")} == {"refunded"}
    assert {it["status"] for it in journey.listed("conversions")} <= {"rejected"}
    assert {it["status"] for it in journey.listed("obligations")} <= {"rejected"}


def test_a_sale_refunded_before_its_decision_is_owed_nothing_and_consumes_the_visit(journey: Journey) -> None:
    """The decision is delayed: the consumer's queue mapping is off until the refund is stored."""
    visit = journey.visit(journey.house())
    sale = journey.sale(visit)

    with journey.held_up("AttributeSale"):
        transaction = journey.post_sale(sale)
        assert journey.post_refund(sale).status_code == 200

    assert journey.decision(transaction)["reason"] == "awarded"
    at_rest(journey.stack)
    assert {(it["status"], it["value"]) for it in journey.listed("obligations")} <= {("rejected", 0)}
    assert journey.decision(journey.post_sale(journey.sale(visit)))["reason"] == "visit_consumed"


@pytest.mark.parametrize(
    ("action", "conversion", "obligation"),
    [("approve", "approved", "pending"), ("reject", "rejected", "rejected")],
)
def test_a_review_moves_the_conversion_and_its_obligation(
    journey: Journey, action: str, conversion: str, obligation: str
) -> None:
    transaction = journey.post_sale(journey.sale(journey.visit(journey.house(calculation={"autoApprove": False}))))
    journey.becomes(transaction, "pending", "draft")
    (found,) = journey.listed("conversions")

    assert journey.review(action, found["id"], found["id"], 7) == 1
    journey.becomes(transaction, conversion, obligation)
    assert journey.review(action, found["id"]) == 0

    assert journey.review("markPending", found["id"]) == 1
    journey.becomes(transaction, "pending", "draft")


def test_a_rejected_conversion_may_still_be_approved(journey: Journey) -> None:
    transaction = journey.post_sale(journey.sale(journey.visit(journey.house())))
    journey.owed(transaction)
    (found,) = journey.listed("conversions")

    assert journey.review("reject", found["id"]) == 1
    journey.becomes(transaction, "rejected", "rejected")
    assert journey.review("approve", found["id"]) == 1
    journey.becomes(transaction, "approved", "pending")
    assert [it["value"] for it in journey.listed("obligations")] == [500]


def test_the_conversion_of_a_refunded_sale_cannot_be_restored(journey: Journey) -> None:
    sale = journey.sale(journey.visit(journey.house()))
    transaction = journey.post_sale(sale)
    journey.owed(transaction)
    journey.post_refund(sale)
    journey.becomes(transaction, "rejected", "rejected")
    (found,) = journey.listed("conversions")
    before = journey.story(transaction)

    assert journey.review("approve", found["id"]) == 0
    assert journey.review("markPending", found["id"]) == 0

    at_rest(journey.stack)
    assert journey.story(transaction) == before


def test_approvals_that_race_with_the_refund_leave_nothing_to_pay(journey: Journey) -> None:
    collaborator = journey.house(calculation={"autoApprove": False})
    sales = [journey.sale(journey.visit(collaborator)) for _ in range(8)]
    transactions = [journey.post_sale(sale) for sale in sales]
    for transaction in transactions:
        journey.becomes(transaction, "pending", "draft")
    conversions = [it["id"] for it in journey.listed("conversions")]

    at_once(
        16,
        lambda work: work(),
        [lambda sale=sale: journey.post_refund(sale) for sale in sales]
        + [lambda found=found: journey.review("approve", found) for found in conversions],
    )

    at_rest(journey.stack)
    for transaction in transactions:
        journey.becomes(transaction, "rejected", "rejected")


def test_sixteen_concurrent_refunds_are_one(journey: Journey) -> None:
    sale = journey.sale(journey.visit(journey.house()))
    transaction = journey.post_sale(sale)
    journey.owed(transaction)

    answers = at_once(16, lambda _: journey.post_refund(sale), range(16))

    assert {answer.status_code for answer in answers} == {200}
    journey.becomes(transaction, "rejected", "rejected")
    assert journey.story(transaction)["transaction"]["version"] == 2
