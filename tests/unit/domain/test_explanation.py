"""Golden texts: the explanation of each reason of a sale or a candidate. Review them by reading."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.unit.builders import (
    BEFORE,
    LATER,
    SALE_AT,
    catalogue,
    engagement,
    everybody,
    given_back,
    opportunity,
    program,
    transaction,
)
from tributary.domain import attribution, explanation
from tributary.domain.attribution import decide, without_already_credited
from tributary.domain.codes import Code
from tributary.domain.earning_event import EarningEvent
from tributary.domain.explanation import explain
from tributary.domain.manual_engagements import Carried
from tributary.domain.opportunity import Engagement, Opportunity
from tributary.domain.program import Catalogue, LineItemFilters, Program
from tributary.domain.transaction import Line, Transaction, amended_sale
from tributary.ledger.earnings.decisions import item_of as decision_item

DANA, ELI, FAY = (
    engagement(number=501, collaborator_id=88, created_at=BEFORE, modified_at=BEFORE),
    engagement(number=502, collaborator_id=89, created_at=LATER, modified_at=LATER, score=300),
    engagement(number=503, collaborator_id=90, created_at=LATER, modified_at=LATER, score=200, program_id=2),
)
BOOK, PEN, POST, COUPON = (
    Line("Blue book", 7500, 2),
    Line("Pen", 3250),
    Line("Post", 500, type="shipping"),
    Line("Spring", -1000, type="discount"),
)
SIX = program(percent=Decimal(6))
BASKET = transaction(BOOK, PEN)
NOBODY = "Nobody earned credit for this sale: "


def explained(
    transaction: Transaction,
    found: Opportunity | None,
    rules: Catalogue,
    active: set[int] | None = None,
    carried: Sequence[Carried] = (),
) -> dict[str, Any]:
    """The answer for a sale, by way of the stored record of its decision."""
    active = everybody(found.engagements) if found and active is None else active or set()
    decision = decide(transaction, found, rules, active, carried)
    earning_event = EarningEvent.of_sale(transaction)
    return explain(
        transaction, decision_item(earning_event, transaction.sale.tracking_id, found, decision, rules, SALE_AT)
    )


def by_collaborator(answer: Mapping[str, Any]) -> dict[int, list[str]]:
    """Reason and lines of the explanation, per collaborator."""
    return {it["collaboratorId"]: [it["reason"], *it["explanation"].split("\n")] for it in answer["candidates"]}


WON = [
    (
        BASKET,
        SIX,
        [
            "Blue book (product): 2 × 75.00 = 150.00 USD",
            "Pen (product): 1 × 32.50 = 32.50 USD",
            "Base: 182.50 USD",
            "Reward: 6 % of 182.50 USD = 10.95 USD (half up, never below zero)",
        ],
    ),
    (
        transaction(BOOK, POST, COUPON),
        program(percent=Decimal("12.5"), compilers=("includeLineItems", "includeDiscounts", "includeShipping")),
        [
            "Blue book (product): 2 × 75.00 = 150.00 USD",
            "Post (shipping): 1 × 5.00 = 5.00 USD",
            "Spring (discount): 1 × -10.00 = -10.00 USD",
            "Base: 145.00 USD",
            "Reward: 12.5 % of 145.00 USD = 18.13 USD (half up, never below zero)",
        ],
    ),
    (
        transaction(COUPON),
        program(compilers=("includeDiscounts",)),
        [
            "Spring (discount): 1 × -10.00 = -10.00 USD",
            "Base: -10.00 USD",
            "Reward: 10 % of -10.00 USD = 0.00 USD (half up, never below zero)",
        ],
    ),
    (
        BASKET,
        program(incentive="saleFixedPerTransaction", payout=1500),
        [
            "Blue book (product): 2 × 75.00 = 150.00 USD",
            "Pen (product): 1 × 32.50 = 32.50 USD",
            "Base: 182.50 USD",
            "Reward: 15.00 USD per sale",
        ],
    ),
    (
        BASKET,
        program(incentive="saleFixedPerProduct", payout=800),
        [
            "Blue book (product): 2 × 75.00 = 150.00 USD",
            "Pen (product): 1 × 32.50 = 32.50 USD",
            "Base: 182.50 USD",
            "Reward: 3 × 8.00 USD = 24.00 USD",
        ],
    ),
    *(
        (
            transaction(total=0),
            program(incentive=f"saleFixedPer{what}", payout=800),
            [
                "Order (product): 1 × 0.00 = 0.00 USD",
                "Base: 0.00 USD",
                f"Reward: 8.00 USD per {unit}, but 0.00 USD on a base that is not above zero",
            ],
        )
        for what, unit in (("Transaction", "sale"), ("Product", "product"))
    ),
    (
        transaction(total=5005, currency="JPY"),
        program(units="JPY"),
        [
            "Order (product): 1 × 5005 = 5005 JPY",
            "Base: 5005 JPY",
            "Reward: 10 % of 5005 JPY = 501 JPY (half up, never below zero)",
        ],
    ),
]


@pytest.mark.parametrize(("transaction", "rule", "text"), WON)
def test_an_award_is_explained_by_its_arithmetic_line_by_line(transaction: Transaction, rule: Program, text: list[str]):
    answer = explained(transaction, opportunity(DANA), catalogue(rule))

    assert by_collaborator(answer) == {88: ["won", *text]}


@pytest.mark.parametrize(
    ("settings", "shares"),
    [
        (
            {"resolver": "sharedPool"},
            [
                "Share: 1 / 2 of 100.01 USD = 50.00 USD (truncated)",
                "Share: 1 / 2 of 100.01 USD = 50.00 USD (truncated)",
            ],
        ),
        (
            {"resolver": "sharedPool", "pool_remainder": "largest"},
            [
                "Share: 1 / 2 of 100.01 USD = 50.01 USD (odd units to the largest remainders)",
                "Share: 1 / 2 of 100.01 USD = 50.00 USD (odd units to the largest remainders)",
            ],
        ),
        (
            {"resolver": "weightedPool"},
            [
                "Share: 100 / 400 of 100.01 USD = 25.00 USD (truncated)",
                "Share: 300 / 400 of 100.01 USD = 75.00 USD (truncated)",
            ],
        ),
    ],
)
def test_a_share_of_a_pool_is_explained_as_a_fraction_of_the_whole(settings: dict[str, str], shares: Sequence[str]):
    rule = program(incentive="saleFixedPerTransaction", payout=10001, **settings)

    answer = explained(BASKET, opportunity(DANA, ELI), catalogue(rule))

    assert [text[-2:] for text in by_collaborator(answer).values()] == [
        ["Reward: 100.01 USD per sale", it] for it in shares
    ]


LOST = [
    (
        BASKET,
        replace(DANA, created_at="2025-03-10T09:05:00.001Z"),
        SIX,
        "after_sale",
        "The engagement began at 2025-03-10T09:05:00.001Z, after the sale of 2025-03-10T09:00:00.000Z.",
    ),
    (
        BASKET,
        DANA,
        program(expiration_days=7),
        "expired",
        "The engagement was last seen at 2025-03-01T09:00:00.000Z, more than 7 days before the sale.",
    ),
    (BASKET, DANA, program(status="inactive"), "program_not_active", "Program 1 was not active."),
    (BASKET, DANA, program(number=2), "program_not_active", "Program 1 was not active."),
    (
        BASKET,
        DANA,
        program(incentive="leadFixed", payout=500, conversion_types=("lead",)),
        "conversion_type_not_paid",
        "Program 1 does not pay sales.",
    ),
    (
        BASKET,
        DANA,
        program(units="EUR"),
        "currency_mismatch",
        "Program 1 pays in EUR, the sale is in USD; nothing is converted.",
    ),
    (
        BASKET,
        replace(DANA, score=0),
        program(resolver="sharedPool"),
        "no_score",
        "The engagement has no score to share the pool by.",
    ),
    (
        BASKET,
        DANA,
        program(filters=LineItemFilters(collaborator_owned=True)),
        "no_counting_line",
        "No line of the sale counts for program 1: the sale has product, the program counts product,"
        " subscription that pass its lineItemFilters.",
    ),
    (
        BASKET,
        DANA,
        program(compilers=("includeTaxes", "includeFees")),
        "no_counting_line",
        "No line of the sale counts for program 1: the sale has product, the program counts tax, fee.",
    ),
    (
        BASKET,
        DANA,
        program(compilers=()),
        "no_counting_line",
        "No line of the sale counts for program 1: the sale has product, the program counts none before it"
        " has transactionCompilers.",
    ),
]


@pytest.mark.parametrize(("transaction", "held", "rule", "reason", "text"), LOST)
def test_a_candidate_that_earned_nothing_has_its_reason_in_a_sentence(
    transaction: Transaction, held: Engagement, rule: Program, reason: str, text: str
):
    answer = explained(transaction, opportunity(held), catalogue(rule))

    assert by_collaborator(answer) == {88: [reason, text]}


def test_an_inactive_collaborator_is_named():
    answer = explained(BASKET, opportunity(DANA), catalogue(SIX), active={89})

    assert by_collaborator(answer) == {88: ["collaborator_not_active", "Collaborator 88 was not active."]}


def test_an_outranked_candidate_learns_the_rule():
    answer = explained(BASKET, opportunity(DANA, ELI), catalogue(SIX))

    assert by_collaborator(answer)[88] == ["outranked", "Another engagement was preferred by newestBindingWins."]


def test_a_candidate_outranked_within_a_group_learns_the_group():
    rules = catalogue(program(group_id=7), program(number=2, group_id=7), sorters={7: "oldestBindingWins"})

    answer = explained(BASKET, opportunity(DANA, FAY), rules)

    assert by_collaborator(answer)[90] == ["group_outranked", "Another program of group 7 was preferred."]


def test_a_candidate_credited_by_hand_before_attribution_has_that_reason():
    decision = without_already_credited(decide(BASKET, opportunity(DANA), catalogue(SIX), {88}), {(1, 88)})

    answer = explain(
        BASKET, decision_item(EarningEvent.of_sale(BASKET), 4218, opportunity(DANA), decision, catalogue(SIX), SALE_AT)
    )

    text = "Program 1 has paid collaborator 88 for this sale, by a credit given by hand."
    assert (answer["reason"], by_collaborator(answer)) == ("not_awarded", {88: ["credited", text]})


def test_a_candidate_paid_before_for_the_same_visitor_has_that_reason():
    kept = decision_item(
        EarningEvent.of_sale(BASKET),
        4218,
        opportunity(DANA),
        decide(BASKET, None, catalogue(), set()),
        catalogue(),
        BEFORE,
    )
    lost = {"collaboratorId": 88, "programId": 1, "reason": "not_requalified", "outcome": "lost", "award": None}

    answer = explain(BASKET, kept | {"reason": "not_awarded", "candidates": [lost]})

    assert by_collaborator(answer) == {88: ["not_requalified", "Program 1 has paid for this visitor before."]}


SALES = [
    (BASKET, opportunity(DANA), "awarded", "Collaborator 88 earned 18.25 USD from program 1."),
    (
        BASKET,
        opportunity(DANA, FAY),
        "awarded",
        "Collaborator 88 earned 18.25 USD from program 1. Collaborator 90 earned 36.50 USD from program 2.",
    ),
    (transaction(POST), opportunity(DANA), "not_awarded", NOBODY + "none of the candidates could be paid."),
    (
        BASKET,
        opportunity(replace(DANA, modified_at="2024-03-01T09:00:00.000Z")),
        "no_candidate",
        NOBODY + "none of the engagements counts for it.",
    ),
    (
        replace(BASKET, sale=replace(BASKET.sale, tracking_id=None)),
        None,
        "not_referred",
        NOBODY + "it names no opportunity.",
    ),
    (BASKET, None, "opportunity_unknown", NOBODY + "its trackingId 4218 leads to no opportunity."),
    (BASKET, opportunity(DANA, status="invalid"), "opportunity_invalid", NOBODY + "opportunity 4218 is invalid."),
    (
        BASKET,
        opportunity(epoch=1),
        "visit_consumed",
        NOBODY + "an earlier one has had the visits of opportunity 4218.",
    ),
    (BASKET, opportunity(), "no_visit", NOBODY + "opportunity 4218 has no engagement."),
    (
        replace(BASKET, sale=replace(BASKET.sale, tracking_id=None, codes=(Code("coupon", "SAVE10"),))),
        None,
        "code_without_credit",
        "No partner earned credit for this sale: none of its codes leads to a program that rewards it.",
    ),
]


@pytest.mark.parametrize(("transaction", "found", "reason", "summary"), SALES)
def test_a_sale_is_summed_up_in_words(transaction: Transaction, found: Opportunity | None, reason: str, summary: str):
    answer = explained(transaction, found, catalogue(program(), program(number=2, percent=Decimal(20))))

    assert (answer["status"], answer["reason"], answer["summary"]) == ("decided", reason, summary)


def test_a_sale_refunded_since_says_that_nothing_is_owed():
    found, rules = opportunity(DANA), catalogue(program())
    decision = decide(BASKET, found, rules, {88})
    kept = decision_item(EarningEvent.of_sale(BASKET), 4218, found, decision, rules, SALE_AT)

    answer = explain(replace(BASKET, status="refunded"), kept)

    assert answer["summary"] == (
        "Collaborator 88 earned 18.25 USD from program 1. The sale was refunded since, so nothing of it is owed."
    )


def test_the_summary_of_a_partly_refunded_sale_says_what_is_left():
    sale = transaction(Line("Lamp", 10000))
    found, rules = opportunity(DANA), catalogue(program())
    kept = decision_item(EarningEvent.of_sale(sale), 4218, found, decide(sale, found, rules, {88}), rules, SALE_AT)

    answer = explain(given_back(sale, loose=2500), kept)

    assert answer["summary"] == (
        "Collaborator 88 earned 10.00 USD from program 1. 25.00 USD of the sale was given back, so 7.50 USD is left."
    )


def test_the_summary_of_a_changed_sale_says_what_is_earned_now():
    sale = transaction(Line("Lamp", 3440))
    found, rules = opportunity(DANA), catalogue(program())
    kept = decision_item(EarningEvent.of_sale(sale), 4218, found, decide(sale, found, rules, {88}), rules, SALE_AT)
    edited = replace(sale, reported=sale.sale, sale=replace(sale.sale, total=10310, lines=(Line("Lamp", 10310),)))

    texts = [explain(it, kept)["summary"] for it in (sale, edited, given_back(edited, loose=10310 // 2))]

    first = "Collaborator 88 earned 3.44 USD from program 1."
    assert texts == [
        first,
        f"{first} The sale was changed since, so 10.31 USD is earned now.",
        f"{first} 51.55 USD of the sale was given back, so 5.16 USD is left.",
    ]


def test_a_sale_amended_before_its_decision_shows_its_lines_at_that_time():
    reported = transaction(source="growi", total=10000)
    amended = replace(reported, reported=reported.sale, sale=amended_sale(reported.sale, {"total": 4000}))

    text = by_collaborator(explained(amended, opportunity(DANA), catalogue(SIX)))[88]

    assert text[1:3] == ["Order (product): 1 × 40.00 = 40.00 USD", "Base: 40.00 USD"]


def test_a_base_not_above_zero_says_nothing_of_a_refund():
    part = given_back(transaction(BOOK, COUPON), loose=7000)

    text = by_collaborator(explained(part, opportunity(DANA), catalogue(program(compilers=("includeDiscounts",)))))[88]

    assert text[-1].startswith("Reward: 10 % of -10.00 USD = 0.00 USD")


def test_a_refund_shows_what_went_by_line_and_of_no_line():
    sale = transaction(replace(BOOK, value=8000, quantity=1, attributes={"externalId": "B"}), total=8800)
    part = given_back(sale, by_external_id={"B": 1000}, loose=780)

    text = by_collaborator(explained(part, opportunity(DANA), catalogue(program())))[88]

    assert text[-1] == (
        "Refunded: 10.00 USD of the 80.00 USD paid for these lines and 7.80 USD of the 78.00 USD left of the sale"
        ", so 6.30 USD is left (what goes is rounded down)"
    )


def test_a_sale_that_cost_nothing_says_why_nothing_is_owed():
    text = by_collaborator(explained(transaction(BOOK, total=0), opportunity(DANA), catalogue(program())))[88]

    assert text[-1] == "Nothing was paid for these lines, so 0.00 USD is owed"


@pytest.mark.parametrize(
    ("active", "reason", "result"),
    [
        ({88}, "won", "Pen (product): 1 × 32.50 = 32.50 USD"),
        (set(), "collaborator_not_active", "Collaborator 88 was not active."),
    ],
)
def test_a_candidate_engaged_by_codes_is_told_so_first(active: set[int], reason: str, result: str):
    rule = program(triggers={"siteVisited": 100, "couponUsed": 50})
    codes = (Code("tracking", "DANA"), Code("coupon", "SAVE10\nBase: 1.00 USD"))
    sale = transaction(PEN, codes=codes, tracking_id=None)

    answer = explained(sale, None, catalogue(rule), active, [Carried(code, 88, (rule,)) for code in codes])

    ((candidate),) = answer["candidates"]
    assert (candidate["score"], candidate["codes"][0]) == (150, {"type": "tracking", "code": "DANA"})
    assert by_collaborator(answer)[88][:4] == [
        reason,
        "Engaged as of the sale by its referral DANA",
        "Engaged as of the sale by its coupon SAVE10 Base: 1.00 USD",
        result,
    ]


def test_an_undecided_sale_that_waits_for_its_referral_says_so():
    waiting = replace(BASKET, sale=replace(BASKET.sale, tracking_id=None, subscription="sub_1"))

    assert explain(waiting, None)["summary"] == (
        "The sale has not been attributed yet. It waits for the referral of its subscription."
    )


def test_an_undecided_sale_says_so():
    answer = explain(BASKET, None)

    assert (answer["status"], answer["reason"], answer["candidates"]) == ("pending", None, [])
    assert answer["summary"] == "The sale has not been attributed yet."


@pytest.mark.parametrize("break_", ["\n", "\r\n", "\u2028", "\x85", "\v"])
def test_a_name_with_a_line_break_stays_on_one_line(break_: str):
    forged = transaction(Line(f"Bag{break_}Base: 1.00 USD", 4999), total=4999)

    text = by_collaborator(explained(forged, opportunity(DANA), catalogue(SIX)))[88]

    assert text[1] == "Bag Base: 1.00 USD (product): 1 × 49.99 = 49.99 USD"
    assert text[2] == "Base: 49.99 USD"


def test_many_counting_lines_are_summed_up():
    many = transaction(*(Line(f"Item {number}", 100 * number) for number in range(1, 26)))

    text = by_collaborator(explained(many, opportunity(DANA), catalogue(program())))[88][1:]

    assert text[:2] == ["Item 1 (product): 1 × 1.00 = 1.00 USD", "Item 2 (product): 1 × 2.00 = 2.00 USD"]
    assert text[20:22] == ["… and 5 more lines: 115.00 USD", "Base: 325.00 USD"]


def test_every_reason_has_its_text_here():
    candidates = {reason for _, _, _, reason, _ in LOST} | {"collaborator_not_active", "outranked", "group_outranked"}
    sales = {reason for _, _, reason, _ in SALES} - {"awarded"}

    assert candidates | {"not_requalified", "credited"} == explanation._LOST.keys()
    assert sales == explanation._SALE.keys()
    assert all(f"`{reason}`" in (attribution.__doc__ or "") for reason in candidates | sales | {"won", "awarded"})
