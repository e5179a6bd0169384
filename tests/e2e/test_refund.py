"""What a refund and a review make of conversions and obligations."""

import pytest

from tests.e2e.journey import Way, at_once, at_rest


def test_a_refund_rejects_the_conversion_and_its_obligation_and_may_be_repeated(way: Way) -> None:
    sale = way.sale(way.visit(way.house()))
    transaction = way.post_sale(sale)
    way.owed(transaction)

    for answer in (way.post_refund(sale), way.post_refund(sale)):
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["X-Siren-OID"] == str(sale["trackingId"])

    way.becomes(transaction, "rejected", "rejected")
    assert [it["status"] for it in way.listed("transactions")] == ["refunded"]
    assert [it["status"] for it in way.listed("obligations", status="pending")] == []


def test_a_refund_of_a_sale_that_nobody_knows_is_404_and_echoes_what_was_asked_for(way: Way) -> None:
    answer = way.post_refund({"source": "shopify", "externalId": "nothing"})

    assert answer.status_code == 404
    error = answer.json()["error"]
    assert error["context"] == error["data"] == {"source": "shopify", "externalId": "nothing"}


def test_a_sale_refunded_at_once_never_leaves_anything_to_be_paid(way: Way) -> None:
    collaborator = way.house()
    sales = [way.sale(way.visit(collaborator)) for _ in range(12)]

    def report_and_refund(sale: dict[str, object]) -> int:
        transaction = way.post_sale(sale)
        assert way.post_refund(sale).status_code == 200
        return transaction

    transactions = at_once(6, report_and_refund, sales)

    for transaction in transactions:
        way.decision(transaction)
    at_rest(way.stack)
    assert {it["status"] for it in way.listed("transactions")} == {"refunded"}
    assert {it["status"] for it in way.listed("conversions")} <= {"rejected"}
    assert {it["status"] for it in way.listed("obligations")} <= {"rejected"}


def test_a_sale_refunded_before_it_was_decided_earns_nothing_and_consumes_the_visit(way: Way) -> None:
    """Its decision is held up: the consumer's queue mapping is off until the refund is in."""
    visit = way.visit(way.house())
    sale = way.sale(visit)

    with way.held_up("AttributeSale"):
        transaction = way.post_sale(sale)
        assert way.post_refund(sale).status_code == 200

    assert way.decision(transaction)["reason"] == "sale_refunded"
    way.no_award(transaction)
    assert way.decision(way.post_sale(way.sale(visit)))["reason"] == "visit_consumed"


@pytest.mark.parametrize(
    ("action", "conversion", "obligation"),
    [("approve", "approved", "pending"), ("reject", "rejected", "rejected")],
)
def test_a_review_moves_the_conversion_and_its_obligation(
    way: Way, action: str, conversion: str, obligation: str
) -> None:
    transaction = way.post_sale(way.sale(way.visit(way.house(calculation={"autoApprove": False}))))
    way.becomes(transaction, "pending", "draft")
    (found,) = way.listed("conversions")

    assert way.review(action, found["id"], found["id"], 7) == 1
    way.becomes(transaction, conversion, obligation)
    assert way.review(action, found["id"]) == 0

    assert way.review("markPending", found["id"]) == 1
    way.becomes(transaction, "pending", "draft")


def test_a_rejected_conversion_may_be_approved_after_all(way: Way) -> None:
    transaction = way.post_sale(way.sale(way.visit(way.house())))
    way.owed(transaction)
    (found,) = way.listed("conversions")

    assert way.review("reject", found["id"]) == 1
    way.becomes(transaction, "rejected", "rejected")
    assert way.review("approve", found["id"]) == 1
    way.becomes(transaction, "approved", "pending")
    assert [it["value"] for it in way.listed("obligations")] == [500]


def test_the_conversion_of_a_refunded_sale_cannot_be_brought_back(way: Way) -> None:
    sale = way.sale(way.visit(way.house()))
    transaction = way.post_sale(sale)
    way.owed(transaction)
    way.post_refund(sale)
    way.becomes(transaction, "rejected", "rejected")
    (found,) = way.listed("conversions")
    before = way.story(transaction)

    assert way.review("approve", found["id"]) == 0
    assert way.review("markPending", found["id"]) == 0

    at_rest(way.stack)
    assert way.story(transaction) == before


def test_approvals_that_race_with_the_refund_leave_nothing_to_be_paid(way: Way) -> None:
    collaborator = way.house(calculation={"autoApprove": False})
    sales = [way.sale(way.visit(collaborator)) for _ in range(8)]
    transactions = [way.post_sale(sale) for sale in sales]
    for transaction in transactions:
        way.becomes(transaction, "pending", "draft")
    conversions = [it["id"] for it in way.listed("conversions")]

    at_once(
        16,
        lambda work: work(),
        [lambda sale=sale: way.post_refund(sale) for sale in sales]
        + [lambda found=found: way.review("approve", found) for found in conversions],
    )

    at_rest(way.stack)
    for transaction in transactions:
        way.becomes(transaction, "rejected", "rejected")


def test_sixteen_refunds_at_once_are_one(way: Way) -> None:
    sale = way.sale(way.visit(way.house()))
    transaction = way.post_sale(sale)
    way.owed(transaction)

    answers = at_once(16, lambda _: way.post_refund(sale), range(16))

    assert {answer.status_code for answer in answers} == {200}
    way.becomes(transaction, "rejected", "rejected")
    assert way.story(transaction)["transaction"]["version"] == 2
