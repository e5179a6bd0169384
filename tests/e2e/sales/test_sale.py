"""A sale from its report to the obligation, over HTTP."""

import pytest

from tests.stack.journey import Earned, Journey

FIVE = Earned("approved", "pending", 500)
EXAMPLE = {
    "source": "shopify",
    "externalId": "ORD-1004",
    "total": 49.99,
    "items": [{"externalId": "SKU-1", "name": "Annual Plan", "quantity": 1, "amount": 49.99}],
}


@pytest.mark.parametrize("base", ["", "/wp-json"])
def test_the_documented_example_and_its_repeat_answer_as_documented(journey: Journey, base: str) -> None:
    sale = EXAMPLE | {"trackingId": journey.visit(journey.house())}

    first, again = (journey.call("POST", "/event/sale", sale, "events", base) for _ in range(2))

    for answer in (first, again):
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["X-Siren-OID"] == str(sale["trackingId"])
        assert answer.headers["Access-Control-Expose-Headers"] == "X-Siren-OID"
    assert "Idempotency-Hit" not in first.headers
    assert again.headers["Idempotency-Hit"] == "true"
    (transaction,) = journey.listed("transactions", fields="id,details,source,sourceId")
    assert list(journey.owed(transaction["id"]).values()) == [FIVE]
    assert (transaction["source"], transaction["sourceId"]) == ("shopify_order", "ORD-1004")
    (line,) = transaction["details"]
    assert (line["name"], line["type"], line["value"], line["quantity"]) == ("Annual Plan", "product", 4999, 1)
    assert (line["units"], line["attributes"]) == ("USD", {"externalId": "SKU-1"})
    assert len(journey.listed("conversions")) == len(journey.listed("obligations")) == 1


def test_a_repeat_with_other_content_keeps_the_first_and_names_the_differences(journey: Journey) -> None:
    sale = journey.sale(journey.visit(journey.house()))
    transaction = journey.post_sale(sale)

    other = {"total": 50, "currency": "EUR", "trackingId": 7, "items": [{"amount": 50}]}
    again = journey.call("POST", "/event/sale", sale | other, "events")

    assert again.headers["Idempotency-Differs"] == "total,currency,trackingId,items"
    assert again.headers["X-Siren-OID"] == str(sale["trackingId"])
    assert list(journey.owed(transaction).values()) == [FIVE]


def test_the_documented_queries_return_exactly_the_named_fields(journey: Journey) -> None:
    items = [{"externalId": "SKU-1", "name": "Annual Plan", "amount": 49.99}]
    items += [{"name": "Sticker", "quantity": 3, "amount": 19.99}]
    transaction = journey.post_sale(journey.sale(journey.visit(journey.house()), 109.97, items=items))

    listed = journey.ok(
        "GET", "/transactions?fields=id,status,dateCreated,detailCount,totalValue,currency", key="reader"
    )
    got = journey.ok(
        "GET", f"/transactions/{transaction}?fields=id,status,details,totalValue,source,sourceId", key="reader"
    )

    date = listed[0].pop("dateCreated")
    assert listed == [
        {"id": transaction, "status": "complete", "detailCount": 2, "totalValue": 10996, "currency": "USD"}
    ]
    assert date.endswith("Z")
    assert list(got) == ["id", "status", "details", "totalValue", "source", "sourceId"]
    assert [(line["value"], line["quantity"], line["transactionId"]) for line in got["details"]] == [
        (4999, 1, transaction),
        (1999, 3, transaction),
    ]
    assert (got["totalValue"], got["source"], got["sourceId"]) == (10996, "shopify_order", "ORD-1")


@pytest.mark.parametrize(
    ("total", "percent", "owed"),
    [(49.99, 10, 500), (49.94, 10, 499), (0.05, 10, 1), (109.97, "12.5", 1375), (100, "0.000001", 0)],
)
def test_a_percentage_is_rounded_half_up_to_the_cent(
    journey: Journey, total: float, percent: object, owed: int
) -> None:
    program = journey.program(calculation={"transactionPercent": percent})
    transaction = journey.post_sale(journey.sale(journey.visit(journey.collaborator(program)), total))

    journey.decision(transaction)
    if owed:
        assert journey.owed(transaction)[program].value == owed
    assert [it["value"] for it in journey.listed("conversions")] == [owed]


def test_a_sale_without_items_is_a_product_line_that_earns(journey: Journey) -> None:
    transaction = journey.post_sale(journey.sale(journey.visit(journey.house())))

    assert list(journey.owed(transaction).values()) == [FIVE]
    (line,) = journey.ok("GET", f"/transactions/{transaction}?fields=details")["details"]
    assert (line["name"], line["type"], line["value"], line["quantity"]) == ("Order", "product", 4999, 1)


def test_a_second_sale_of_the_same_visit_earns_nothing(journey: Journey) -> None:
    visit = journey.visit(journey.house())
    first = journey.post_sale(journey.sale(visit))
    journey.owed(first)

    second = journey.post_sale(journey.sale(visit))

    assert journey.decision(second)["reason"] == "visit_consumed"
    journey.no_award(second)


def test_a_visit_after_a_sale_earns_again(journey: Journey) -> None:
    collaborator = journey.house()
    visit = journey.visit(collaborator)
    journey.owed(journey.post_sale(journey.sale(visit)))

    assert journey.visit(collaborator, opportunity=visit) == visit
    assert list(journey.owed(journey.post_sale(journey.sale(visit))).values()) == [FIVE]


def test_a_sale_dated_before_the_visit_earns_nothing_and_leaves_the_visit_for_the_next(journey: Journey) -> None:
    program = journey.program()
    visit = journey.visit(journey.collaborator(program))

    early = journey.post_sale(journey.sale(visit, occurredAt="2026-01-01T00:00:00Z"))
    assert journey.reasons(early) == {program: "after_sale"}
    journey.no_award(early)

    assert journey.owed(journey.post_sale(journey.sale(visit))) == {program: FIVE}


def test_a_program_in_another_currency_earns_nothing_and_the_decision_says_so(journey: Journey) -> None:
    dollars, euros = journey.program(), journey.program(units="EUR")

    transaction = journey.post_sale(journey.sale(journey.visit(journey.collaborator(dollars, euros))))

    assert journey.owed(transaction) == {dollars: FIVE}
    assert journey.reasons(transaction) == {dollars: "won", euros: "currency_mismatch"}


def test_ungrouped_programs_all_pay(journey: Journey) -> None:
    ten, five = journey.program(), journey.program(calculation={"transactionPercent": 5})

    transaction = journey.post_sale(journey.sale(journey.visit(journey.collaborator(ten, five))))

    assert journey.owed(transaction, 2) == {ten: FIVE, five: Earned("approved", "pending", 250)}


@pytest.mark.parametrize(("resolver", "winner"), [("newestBindingWins", 1), ("oldestBindingWins", 0)])
def test_the_resolver_names_the_winner_among_collaborators(journey: Journey, resolver: str, winner: int) -> None:
    program = journey.program(incentiveResolverType=resolver)
    rivals = [journey.collaborator(program), journey.collaborator(program)]
    visit = journey.visit(rivals[0])
    journey.visit(rivals[1], opportunity=visit)

    transaction = journey.post_sale(journey.sale(visit))

    assert journey.owed(transaction) == {program: FIVE}
    assert [it["collaboratorId"] for it in journey.listed("conversions")] == [rivals[winner]]
    assert sorted(it["reason"] for it in journey.decision(transaction)["candidates"]) == ["outranked", "won"]


def test_a_sale_of_an_unknown_visit_is_recorded_without_an_award(journey: Journey) -> None:
    transaction = journey.post_sale(journey.sale(4242))

    assert journey.decision(transaction)["reason"] == "opportunity_unknown"
    assert [it["id"] for it in journey.listed("transactions")] == [transaction]
    assert journey.ok("GET", "/transactions/sources") == [{"id": "shopify_order", "name": "Shopify"}]


def test_a_sale_in_the_distant_past_is_decided_like_any_other(journey: Journey) -> None:
    visit = journey.visit(journey.house())

    transactions = [
        journey.post_sale(journey.sale(visit, occurredAt=date)) for date in ("0001-01-01", "0999-12-31T23:59:59Z")
    ]

    assert {journey.decision(it)["reason"] for it in transactions} == {"no_candidate"}
