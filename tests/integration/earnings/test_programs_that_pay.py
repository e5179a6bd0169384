"""Payments of programs, over HTTP, through the real functions: the amounts owed under each rule."""

import pytest

from tests.stack.house import House
from tests.stack.scenarios.past import APRIL, FEBRUARY, JANUARY, MARCH, line, owed, reasons, sold, visited
from tributary.ledger.programs.collaborators import Alias


def pool(house: House, resolver: str, points: list[int], **settings: object) -> tuple[int, list[int]]:
    """A visitor brought by several collaborators of a pool of 100.00 per sale, with visits for these points; returns
    both."""
    settings = {"incentiveType": "saleFixedPerTransaction", "incentiveResolverType": resolver} | settings
    program = house.new_program(
        calculation={"payoutPerTransaction": 10000}, engagementTypes={"siteVisited": {"value": 100}}, **settings
    )
    sharers = [house.new_collaborator(program) for _ in points]
    visitor = visited(house, house.collaborator_id, JANUARY)
    for sharer, wanted in zip(sharers, points, strict=True):
        for turn in range(wanted // 100):
            visited(house, sharer, f"2025-02-10T12:{2 * turn:02}:00.000Z", visitor)
    return visitor, sharers


@pytest.mark.parametrize(("percent", "amount", "reward"), [(6, 182.50, 1095), (20, 500.00, 10000), ("12.5", 0.2, 3)])
def test_a_percentage_of_the_sale_is_owed(house: House, percent: object, amount: float, reward: int):
    program = house.new_program(calculation={"transactionPercent": percent})
    affiliate = house.new_collaborator(program)

    sold(house, house.new_visit(affiliate), line(amount))

    assert owed(house) == {affiliate: reward}


def test_a_pool_of_100_shared_by_three_owes_33_33_to_each(house: House):
    visitor, sharers = pool(house, "sharedPool", [100, 300, 200])

    sold(house, visitor, line(500), occurredAt=MARCH)

    assert owed(house) == dict.fromkeys(sharers, 3333)


def test_a_pool_that_distributes_the_remainder_owes_the_odd_cent_to_one(house: House):
    visitor, sharers = pool(house, "sharedPool", [100, 100, 100], poolRemainder="largest")

    sold(house, visitor, line(500), occurredAt=MARCH)

    assert sorted(owed(house).values()) == [3333, 3333, 3334]
    assert owed(house).keys() == set(sharers)


def test_a_weighted_pool_of_100_with_scores_500_300_200_owes_50_30_20(house: House):
    visitor, (most, middle, least) = pool(house, "weightedPool", [500, 300, 200])

    sold(house, visitor, line(500), occurredAt=MARCH)

    assert owed(house) == {most: 5000, middle: 3000, least: 2000}


def test_a_pool_pays_no_one_without_points(house: House):
    settings = {"incentiveResolverType": "sharedPool", "engagementTypes": {"siteVisited": {"value": 0}}}
    affiliate = house.new_collaborator(house.new_program(**settings))

    sold(house, house.new_visit(affiliate), line(100))

    assert owed(house) == {}
    assert reasons(house) == {affiliate: "no_score"}


def test_the_top_score_gets_the_whole_reward(house: House):
    visitor, (first, busiest, last) = pool(house, "topScoreWins", [100, 300, 200])

    sold(house, visitor, line(500), occurredAt=MARCH)

    assert owed(house) == {busiest: 10000}
    assert reasons(house)[first] == reasons(house)[last] == "outranked"


def test_fixed_per_product_owes_8_00_for_each_of_five_units(house: House):
    program = house.new_program(incentiveType="saleFixedPerProduct", calculation={"payoutPerProduct": 800})
    affiliate = house.new_collaborator(program)

    sold(house, house.new_visit(affiliate), line(19.99, quantity=3), line(5, quantity=2), line(4, type="shipping"))

    assert owed(house) == {affiliate: 4000}


def test_fixed_per_transaction_is_owed_once_for_any_number_of_lines(house: House):
    program = house.new_program(incentiveType="saleFixedPerTransaction", calculation={"payoutPerTransaction": 1500})
    affiliate = house.new_collaborator(program)

    sold(house, house.new_visit(affiliate), line(19.99, quantity=3), line(5))

    assert owed(house) == {affiliate: 1500}


def test_an_owner_rule_program_pays_only_the_owners_lines(house: House):
    program = house.new_program(lineItemFilters={"collaboratorOwned": True})
    author, other = house.new_collaborator(program), house.new_collaborator(program)
    items = (
        line(30, collaborators=[author]),
        line(50, collaborators=[other]),
        line(70),
        line(20, collaborators=[author]),
    )

    sold(house, house.new_visit(author), *items)

    assert owed(house) == {author: 500}


def test_an_owner_rule_program_pays_nothing_without_owned_lines(house: House):
    stranger = house.new_collaborator(house.new_program(lineItemFilters={"collaboratorOwned": True}))

    sold(house, house.new_visit(stranger), line(70))

    assert house.conversions() == []
    assert reasons(house) == {stranger: "no_counting_line"}


@pytest.mark.parametrize(
    ("compilers", "reward"),
    [
        (["includeLineItems"], 1000),
        (["includeLineItems", "includeDiscounts"], 800),
        (["includeLineItems", "includeDiscounts", "includeShipping"], 850),
        (["includeFees", "includeTaxes"], 220),
        ([], None),
    ],
)
def test_a_line_counts_only_when_its_compiler_is_on(house: House, compilers: list[str], reward: int | None):
    affiliate = house.new_collaborator(house.new_program(transactionCompilers=compilers))
    others = line(5, type="shipping"), line(19, type="tax"), line(3, type="fee")

    sold(house, house.new_visit(affiliate), line(100), line(-20, type="discount"), *others)

    assert owed(house) == ({affiliate: reward} if reward else {})


@pytest.mark.parametrize(
    ("filters", "reward"),
    [
        ({"withTypes": ["subscription"]}, 200),
        ({"inCategories": ["books", "music"]}, 500),
        ({"withSkus": ["B-1", 77]}, 500),
        ({"withTypes": ["product"], "inCategories": ["books"]}, 100),
        ({"withTypes": ["product"], "withSkus": ["77"]}, 400),
    ],
)
def test_a_filter_counts_only_matching_lines(house: House, filters: object, reward: int):
    affiliate = house.new_collaborator(house.new_program(lineItemFilters=filters))
    books = line(10, categories=["books", "new"], sku="B-1"), line(40, categories=["music"], sku=77)

    sold(house, house.new_visit(affiliate), *books, line(20, type="subscription"), line(80, categories=["food"]))

    assert owed(house) == {affiliate: reward}


@pytest.mark.parametrize(("sorter", "winner"), [("newestBindingWins", "coupon"), ("oldestBindingWins", "click")])
def test_a_groups_sorter_chooses_between_a_january_click_and_a_march_coupon(house: House, sorter: str, winner: str):
    clicks = house.new_program(expirationDays=120)
    coupons = house.new_program(expirationDays=120, engagementTypes={"couponUsed": {"value": "100"}})
    house.post("/program-groups", {"name": "One pays", "sorter": sorter, "programs": [clicks, coupons]})
    affiliate = house.new_collaborator(clicks)
    influencer = house.new_collaborator(coupons, aliases=[{"type": "coupon", "code": "SPRING"}])
    visitor = visited(house, Alias("coupon", "spring"), MARCH, visited(house, affiliate, JANUARY))

    sold(house, visitor, line(100), occurredAt=APRIL)

    earned, lost = (influencer, affiliate) if winner == "coupon" else (affiliate, influencer)
    assert owed(house) == {earned: 1000}
    assert reasons(house) == {earned: "won", lost: "group_outranked"}


def test_two_ungrouped_programs_pay_an_affiliate_and_a_royalty_author_for_one_order(house: House):
    royalties = house.new_program(calculation={"transactionPercent": 25}, lineItemFilters={"collaboratorOwned": True})
    affiliate, author = house.new_collaborator(house.program_id), house.new_collaborator(royalties)
    visitor = visited(house, author, FEBRUARY, visited(house, affiliate, FEBRUARY))

    sold(house, visitor, line(40, collaborators=[author]), line(60), occurredAt=MARCH)

    assert owed(house) == {affiliate: 1000, author: 1000}


def test_a_program_of_another_currency_pays_nothing_and_says_so(house: House):
    affiliate = house.new_collaborator(house.new_program(units="EUR"))

    sold(house, house.new_visit(affiliate), line(100), currency="USD")

    assert house.conversions() == []
    assert reasons(house) == {affiliate: "currency_mismatch"}


def test_a_currency_without_a_minor_unit_is_paid_in_whole_units(house: House):
    affiliate = house.new_collaborator(house.new_program(units="JPY"))

    sold(house, house.new_visit(affiliate), line(5005), currency="jpy")

    assert owed(house) == {affiliate: 501}


@pytest.mark.parametrize("items", [[line(0)], [line(10), line(-10, type="discount")], [line(-30, type="discount")]])
def test_a_base_of_zero_or_less_is_a_zero_conversion_without_an_obligation(house: House, items: list[object]):
    compilers = ["includeLineItems", "includeDiscounts"]
    affiliate = house.new_collaborator(house.new_program(transactionCompilers=compilers))

    sold(house, house.new_visit(affiliate), *items)

    assert house.conversions() == [("approved", 0)]
    assert house.ledger("obligation") == []
    assert house.ledger("conversion")[0]["listed"]["obligationId"] is None


def test_a_visit_outside_the_window_earns_nothing_but_can_count_for_an_earlier_sale(house: House):
    affiliate = house.new_collaborator(house.new_program(expirationDays=30))
    visitor = visited(house, affiliate, JANUARY)

    sold(house, visitor, line(100), occurredAt=MARCH)
    assert (house.decision()["reason"], reasons(house)) == ("no_candidate", {affiliate: "expired"})
    sold(house, visitor, line(100), external_id="ORD-2", occurredAt="2025-02-09T12:00:00Z")

    assert owed(house) == {affiliate: 1000}


def test_a_past_sale_is_never_attributed_to_a_later_visit(house: House):
    affiliate = house.new_collaborator(house.new_program())

    sold(house, visited(house, affiliate, MARCH), line(100), occurredAt=FEBRUARY)

    assert owed(house) == {}
    assert reasons(house) == {affiliate: "after_sale"}


def test_only_active_collaborators_earn(house: House):
    program = house.new_program()
    affiliate, left = house.new_collaborator(program), house.new_collaborator(program)
    visitor = visited(house, left, FEBRUARY, visited(house, affiliate, FEBRUARY))
    house.put(f"/collaborators/{left}", {"status": "inactive"})

    sold(house, visitor, line(100), occurredAt="2025-02-11T00:00:00Z")

    assert owed(house) == {affiliate: 1000}
    assert reasons(house) == {affiliate: "won", left: "collaborator_not_active"}


def test_an_inactive_program_pays_nothing(house: House):
    program = house.new_program()
    affiliate = house.new_collaborator(program)
    visitor = house.new_visit(affiliate)
    house.put(f"/programs/{program}", {"status": "inactive"})

    sold(house, visitor, line(100))

    assert owed(house) == {}
    assert reasons(house) == {affiliate: "program_not_active"}


def test_a_program_for_leads_only_gives_that_reason(house: House):
    affiliate = house.new_collaborator(house.new_program(incentiveType="leadFixed", calculation={"payoutPerLead": 500}))

    sold(house, house.new_visit(affiliate), line(100))

    assert reasons(house) == {affiliate: "conversion_type_not_paid"}


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"incentiveType": "saleFixedPerProduct"}, "incentiveCalculation.payoutPerProduct"),
        ({"incentiveType": "saleFixedPerTransaction"}, "incentiveCalculation.payoutPerTransaction"),
        ({"incentiveResolverType": "everybodyWins"}, "incentiveResolverType"),
        ({"transactionCompilers": ["includeTips"]}, "transactionCompilers[0]"),
        ({"poolRemainder": "first"}, "poolRemainder"),
    ],
)
def test_a_program_without_its_rules_settings_is_refused(house: House, settings: dict[str, object], field: str):
    body = {
        "name": "Lame",
        "incentiveType": "saleTransactionPercentage",
        "incentiveCalculation": {"transactionPercent": 5},
    }

    answer = house.post("/programs", body | settings)

    assert answer.status == 422
    assert field in answer.failures
