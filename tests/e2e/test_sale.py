"""From a sale to what is owed for it, over HTTP."""

import pytest

from tests.e2e.journey import Earned, Way

FIVE = Earned("approved", "pending", 500)
EXAMPLE = {
    "source": "shopify",
    "externalId": "ORD-1004",
    "total": 49.99,
    "items": [{"externalId": "SKU-1", "name": "Annual Plan", "quantity": 1, "amount": 49.99}],
}


@pytest.mark.parametrize("base", ["", "/wp-json"])
def test_the_documented_example_answers_as_documented_also_when_it_is_repeated(way: Way, base: str) -> None:
    sale = EXAMPLE | {"trackingId": way.visit(way.house())}

    first, again = (way.call("POST", "/event/sale", sale, "events", base) for _ in range(2))

    for answer in (first, again):
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["X-Siren-OID"] == str(sale["trackingId"])
        assert answer.headers["Access-Control-Expose-Headers"] == "X-Siren-OID"
    assert "Idempotency-Hit" not in first.headers
    assert again.headers["Idempotency-Hit"] == "true"
    (transaction,) = way.listed("transactions", fields="id,details,source,sourceId")
    assert list(way.owed(transaction["id"]).values()) == [FIVE]
    assert (transaction["source"], transaction["sourceId"]) == ("shopify_order", "ORD-1004")
    (line,) = transaction["details"]
    assert (line["name"], line["type"], line["value"], line["quantity"]) == ("Annual Plan", "product", 4999, 1)
    assert (line["units"], line["attributes"]) == ("USD", {"externalId": "SKU-1"})
    assert len(way.listed("conversions")) == len(way.listed("obligations")) == 1


def test_a_repeat_with_other_content_leaves_the_first_and_names_what_differs(way: Way) -> None:
    sale = way.sale(way.visit(way.house()))
    transaction = way.post_sale(sale)

    other = {"total": 50, "currency": "EUR", "trackingId": 7, "items": [{"amount": 50}]}
    again = way.call("POST", "/event/sale", sale | other, "events")

    assert again.headers["Idempotency-Differs"] == "total,currency,trackingId,items"
    assert again.headers["X-Siren-OID"] == str(sale["trackingId"])
    assert list(way.owed(transaction).values()) == [FIVE]


def test_the_documented_queries_return_exactly_the_fields_that_they_name(way: Way) -> None:
    items = [{"externalId": "SKU-1", "name": "Annual Plan", "amount": 49.99}]
    items += [{"name": "Sticker", "quantity": 3, "amount": 19.99}]
    transaction = way.post_sale(way.sale(way.visit(way.house()), 109.97, items=items))

    listed = way.ok("GET", "/transactions?fields=id,status,dateCreated,detailCount,totalValue,currency", key="reader")
    got = way.ok(
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
def test_a_percentage_is_rounded_half_up_to_the_cent(way: Way, total: float, percent: object, owed: int) -> None:
    program = way.program(calculation={"transactionPercent": percent})
    transaction = way.post_sale(way.sale(way.visit(way.collaborator(program)), total))

    way.decision(transaction)
    if owed:
        assert way.owed(transaction)[program].value == owed
    assert [it["value"] for it in way.listed("conversions")] == [owed]


def test_a_sale_without_items_is_a_product_line_that_earns(way: Way) -> None:
    transaction = way.post_sale(way.sale(way.visit(way.house())))

    assert list(way.owed(transaction).values()) == [FIVE]
    (line,) = way.ok("GET", f"/transactions/{transaction}?fields=details")["details"]
    assert (line["name"], line["type"], line["value"], line["quantity"]) == ("Order", "product", 4999, 1)


def test_a_second_sale_of_the_same_visit_earns_nothing(way: Way) -> None:
    visit = way.visit(way.house())
    first = way.post_sale(way.sale(visit))
    way.owed(first)

    second = way.post_sale(way.sale(visit))

    assert way.decision(second)["reason"] == "visit_consumed"
    way.no_award(second)


def test_a_visit_after_a_sale_earns_again(way: Way) -> None:
    collaborator = way.house()
    visit = way.visit(collaborator)
    way.owed(way.post_sale(way.sale(visit)))

    assert way.visit(collaborator, opportunity=visit) == visit
    assert list(way.owed(way.post_sale(way.sale(visit))).values()) == [FIVE]


def test_a_sale_dated_before_the_visit_earns_nothing_and_leaves_the_visit_to_the_next(way: Way) -> None:
    program = way.program()
    visit = way.visit(way.collaborator(program))

    early = way.post_sale(way.sale(visit, occurredAt="2026-01-01T00:00:00Z"))
    assert way.reasons(early) == {program: "after_sale"}
    way.no_award(early)

    assert way.owed(way.post_sale(way.sale(visit))) == {program: FIVE}


def test_a_program_in_another_currency_earns_nothing_and_the_decision_says_so(way: Way) -> None:
    dollars, euros = way.program(), way.program(units="EUR")

    transaction = way.post_sale(way.sale(way.visit(way.collaborator(dollars, euros))))

    assert way.owed(transaction) == {dollars: FIVE}
    assert way.reasons(transaction) == {dollars: "won", euros: "currency_mismatch"}


def test_programs_without_a_group_all_pay(way: Way) -> None:
    ten, five = way.program(), way.program(calculation={"transactionPercent": 5})

    transaction = way.post_sale(way.sale(way.visit(way.collaborator(ten, five))))

    assert way.owed(transaction, 2) == {ten: FIVE, five: Earned("approved", "pending", 250)}


@pytest.mark.parametrize(("resolver", "winner"), [("newestBindingWins", 1), ("oldestBindingWins", 0)])
def test_the_resolver_names_the_winner_among_collaborators(way: Way, resolver: str, winner: int) -> None:
    program = way.program(incentiveResolverType=resolver)
    rivals = [way.collaborator(program), way.collaborator(program)]
    visit = way.visit(rivals[0])
    way.visit(rivals[1], opportunity=visit)

    transaction = way.post_sale(way.sale(visit))

    assert way.owed(transaction) == {program: FIVE}
    assert [it["collaboratorId"] for it in way.listed("conversions")] == [rivals[winner]]
    assert sorted(it["reason"] for it in way.decision(transaction)["candidates"]) == ["outranked", "won"]


def test_a_sale_of_a_visit_that_nobody_knows_is_recorded_and_ends_without_an_award(way: Way) -> None:
    transaction = way.post_sale(way.sale(4242))

    assert way.decision(transaction)["reason"] == "opportunity_unknown"
    assert [it["id"] for it in way.listed("transactions")] == [transaction]
    assert way.ok("GET", "/transactions/sources") == [{"id": "shopify_order", "name": "Shopify"}]


def test_a_sale_of_the_distant_past_is_decided_like_any_other(way: Way) -> None:
    visit = way.visit(way.house())

    transactions = [way.post_sale(way.sale(visit, occurredAt=date)) for date in ("0001-01-01", "0999-12-31T23:59:59Z")]

    assert {way.decision(it)["reason"] for it in transactions} == {"no_candidate"}
